"""需求岗位: the text check holds publication back until the centre clears it, and what has passed is hidden (R-25)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.ledger.models import JobDemand
from stations.ledger.services import Demand, clear_demand, save_demand, withdraw_demand
from stations.registry.enums import StationState
from stations.registry.models import Employer, Station
from tests import factories
from tests.meta import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return rows.station(operator=operator_user.organisation)


@pytest.fixture
def employer(operator_user: User) -> Employer:
    made = rows.employer(name="示例制造有限公司")
    rows.alias(operator=operator_user.organisation, employer=made, text="示例制造")
    return made


def demand(**changed: Any) -> Demand:
    values = {"post": "装配工", "headcount": 20, "education": "ANY", "wage_min": 5500, "wage_max": 7500}
    days = {"valid_from": today(), "valid_to": today() + dt.timedelta(days=30)}
    return Demand(**{**values, **days, "place": "金东区示例路", **changed})


def save(station: Station, employer: Employer, by: User, content: Demand, **more: Any) -> JobDemand:
    return save_demand(station_id=station.pk, employer=employer, demand=content, by=by, **{"publish": True, **more})


def shown() -> set[str]:
    return set(JobDemand.objects.public(today()).values_list("post", flat=True))


def test_没有疑似用语即可发布(station: Station, employer: Employer, operator_user: User) -> None:
    row = save(station, employer, operator_user, demand())
    assert (row.findings, row.published_by, shown()) == ([], operator_user, {"装配工"})
    assert save(station, employer, operator_user, demand(post="质检员"), publish=False).published_at is None


def test_同一张表单交两次只有一个岗位(station: Station, employer: Employer, operator_user: User) -> None:
    key = uuid.uuid4()
    first, second = (save(station, employer, operator_user, demand(), key=key) for _ in range(2))
    assert first == second
    assert JobDemand.objects.count() == 1


def test_疑似歧视用语待中心核实(station: Station, employer: Employer, operator_user: User, centre_clerk: User) -> None:
    row = save(station, employer, operator_user, demand(requirements="限男性"))
    assert (row.published_at, shown()) == (None, set())
    assert row.findings[0].startswith("性别")
    assert Message.objects.filter(user=centre_clerk, subject__contains="疑似歧视用语").count() == 1
    with pytest.raises(Refused, match="理由"):
        clear_demand(demand_id=row.pk, reason=" ", by=centre_clerk)
    for role in (Role.OPERATOR, Role.BUREAU):
        with pytest.raises(PermissionDenied):
            clear_demand(demand_id=row.pk, reason="井下作业", by=factories.user(role))
    row = clear_demand(demand_id=row.pk, reason="《女职工禁忌劳动范围》所列岗位", by=centre_clerk)
    assert (row.published_by, shown()) == (centre_clerk, {"装配工"})
    assert clear_demand(demand_id=row.pk, reason="再点一次", by=centre_clerk).cleared_reason.startswith("《女职工")


def test_改动后重新核对(station: Station, employer: Employer, operator_user: User, centre_clerk: User) -> None:
    row = save(station, employer, operator_user, demand(requirements="限男性"))
    clear_demand(demand_id=row.pk, reason="井下作业", by=centre_clerk)
    row = save(station, employer, operator_user, demand(requirements="限男性", headcount=5), demand_id=row.pk)
    assert (row.cleared_at is not None, row.published_at is not None) == (True, True)  # the same words
    row = save(station, employer, operator_user, demand(requirements="限汉族"), demand_id=row.pk)
    assert (row.cleared_at, row.published_at) == (None, None)
    row = save(station, employer, operator_user, demand(), demand_id=row.pk)
    assert (row.findings, row.published_at is not None) == ([], True)
    with pytest.raises(Conflict):
        clear_demand(demand_id=row.pk, reason="无事可核", by=centre_clerk)


def test_过期_撤下_站点取消即隐藏(
    station: Station, employer: Employer, operator_user: User, centre_clerk: User
) -> None:
    past = demand(valid_from=today() - dt.timedelta(days=9), valid_to=today() - dt.timedelta(days=1))
    save(station, employer, operator_user, replace(past, post="过期"))
    last = save(station, employer, operator_user, demand(post="末日", valid_to=today()))
    assert shown() == {"末日"}
    withdraw_demand(demand_id=last.pk, by=centre_clerk)
    assert shown() == set()
    with pytest.raises(Conflict):
        save(station, employer, operator_user, demand(), demand_id=last.pk)
    save(station, employer, operator_user, demand(post="现行"))
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    assert shown() == set()


def test_别家不能改不能撤(station: Station, employer: Employer, operator_user: User, stranger_operator: User) -> None:
    row = save(station, employer, operator_user, demand())
    with pytest.raises(PermissionDenied):
        save(station, employer, stranger_operator, demand(), demand_id=row.pk)
    with pytest.raises(PermissionDenied):
        withdraw_demand(demand_id=row.pk, by=stranger_operator)


def test_登记_核实_公开的页面(
    station: Station,
    employer: Employer,
    operator_user: User,
    centre_clerk: User,
    client_for: Callable[[User], Client],
    client: Client,
) -> None:
    own, office = client_for(operator_user), client_for(centre_clerk)
    address, public = reverse("ledger:demand_add", args=[station.pk]), reverse("ledger:public_demands")
    assert "暂时没有公开的岗位" in client.get(public).content.decode()
    values = {
        "employer": employer.pk,
        "post": "普工",
        "headcount": 3,
        "education": "ANY",
        "requirements": "限女性",
        "wage_min": 6000,
        "wage_max": 5000,
        "place": "金东区",
        "publish": "on",
        "valid_from": today().isoformat(),
        "valid_to": (today() + dt.timedelta(days=5)).isoformat(),
    }
    assert "不能低于下限" in own.post(address, values).content.decode()
    assert "核实后才能发布" in own.post(address, {**values, "wage_max": 7000}, follow=True).content.decode()
    row = JobDemand.objects.get()
    assert "普工" not in client.get(public).content.decode()
    clear = reverse("ledger:demand_clear", args=[row.pk])
    assert office.post(clear, {"reason": ""}).status_code == 422
    assert office.post(clear, {"reason": "企业说明岗位性质"}).status_code == 302
    assert "普工" in client.get(public, {"q": "普"}).content.decode()
    edit = reverse("ledger:demand_edit", args=[row.pk])
    assert "限女性" in own.get(edit).content.decode()
    assert own.post(reverse("ledger:demand_withdraw", args=[row.pk])).status_code == 302
    assert "普工" not in client.get(public).content.decode()
