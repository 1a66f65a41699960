"""Addresses of other people's money: another unit finds nothing, a wrong role is turned away, a stale page says so."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.oversight.enums import Ground
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Recovery
from subsidies.grants.queries.listing import unnamed
from subsidies.payees.models import AccountChange
from tests import factories
from tests.meta import rows_oversight
from tests.meta import rows_subsidies as made
from tests.subsidies.build import Desk, derive, grant_of, reload, year

pytestmark = pytest.mark.django_db


def test_别的单位的补贴_追回通知_账户_按地址都找不到(
    desk: Desk, station: Station, stranger_operator: User, client_for: Any
) -> None:
    grant = made.paid(station=station)
    case = made.notified(grant=grant)
    change = AccountChange.objects.filter(organisation=grant.payee).first()
    assert change is not None
    pages = [
        grant.get_absolute_url(),
        case.get_absolute_url(),
        reverse("grants:letter", args=[case.pk]),
        reverse("payees:unit", args=[grant.payee_id]),
        change.get_absolute_url(),
    ]
    posts = [reverse(f"grants:{name}", args=[grant.pk]) for name in ("account", "recheck")]
    posts += [reverse("payees:ask", args=[grant.payee_id])]
    posts += [reverse(f"payees:{name}", args=[change.pk]) for name in ("stop", "reveal")]
    stranger = client_for(stranger_operator)
    assert {stranger.get(page).status_code for page in pages} == {404}
    assert {stranger.post(page, {"reason": "测试", "purpose": "测试"}).status_code for page in posts} == {404}
    assert {client_for(desk.unit).get(page).status_code for page in pages} == {200}
    assert client_for(factories.user(Role.ASSOCIATION)).get(pages[0]).status_code == 403


@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        pytest.param("screen", {"centre", "second"}, id="初审"),
        pytest.param("return", {"centre", "second"}, id="退回单位"),
        pytest.param("benefit", {"centre", "second"}, id="登记其他补助"),
        pytest.param("approve", {"bureau", "leader"}, id="审核"),
        pytest.param("back", {"bureau", "leader"}, id="退回初审"),
        pytest.param("reject", {"bureau", "leader"}, id="不予通过"),
        pytest.param("cancel", {"bureau", "leader"}, id="取消"),
        pytest.param("decide", {"bureau", "leader"}, id="局决定"),
        pytest.param("account", {"unit", "centre", "second"}, id="确认账户"),
    ],
)
def test_每一步只有该办的角色能办(step: str, allowed: set[str], desk: Desk, station: Station, client_for: Any) -> None:
    derive()
    grant = grant_of(station)
    for name in {"unit", "centre", "bureau", "finance"} - allowed:
        answer = client_for(getattr(desk, name)).post(reverse(f"grants:{step}", args=[grant.pk]))
        assert answer.status_code == 403, name
    assert reload(grant).stage == Stage.DRAFT


def test_旧页面上的审批_版本已变_说明谁先办了(desk: Desk, station: Station, client_for: Any) -> None:
    derive()
    grant = desk.screened(grant_of(station))
    page = f"{grant.get_absolute_url()}back/"
    form = {"opinion": "再核实其他补助。", "key": str(uuid.uuid4()), "version": grant.review.version}
    assert client_for(desk.bureau).post(page, form).status_code == 302
    late = client_for(desk.leader).post(f"{grant.get_absolute_url()}approve/", {**form, "key": str(uuid.uuid4())})
    assert late.status_code == 409
    shown = late.content.decode()
    assert desk.bureau.name in shown
    assert "再核实其他补助。" in shown  # what was typed is not lost
    assert client_for(desk.bureau).post(page, form).status_code == 302, "双击"
    assert reload(grant).review.events.filter(action="SEND_BACK").count() == 1


def test_指明一笔之后决定不再待指明_从追回可以再指明另一笔(desk: Desk, station: Station, client_for: Any) -> None:
    """A decision names the grants it is about, not every grant of the station: naming one is naming."""
    named = made.paid(station=station)
    assessment = year(station, 1, 65)
    amount = dict.fromkeys(("base", "payable", "top", "paid"), 40000)
    of_year = {"kind": GrantKind.YEARLY, "period_no": 1, "assessment": assessment, "sheet": assessment.sheets.get()}
    held = made.paid(station=station, **of_year, **amount)
    decision = rows_oversight.decided_revocation(station=station, operator=station.operator, grounds=[Ground.G4])
    assert unnamed() == [decision]
    client, page = client_for(desk.bureau), reverse("grants:name", args=[decision.pk])
    form = {"grants": [str(named.pk)], "reason": "第一年度名册有虚报。"}
    assert client.post(page, form).status_code == 302
    assert unnamed() == []
    again = client.post(page, form)
    assert again.status_code == 409
    assert "刚刚立案" in again.content.decode()
    case = Recovery.objects.get()
    assert page in client.get(case.get_absolute_url()).content.decode()
    assert page not in client_for(desk.finance).get(case.get_absolute_url()).content.decode()
    assert client.post(page, {**form, "grants": [str(held.pk)]}).status_code == 302
    assert Recovery.objects.count() == 2
