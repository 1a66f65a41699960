"""Stations after 发文: who sees them, the plaque, the end of the term, the public directory."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.applications.models import Application
from stations.applications.queries.timeline import timeline
from stations.applications.services import establishment
from stations.registry.enums import StationState
from stations.registry.models import Ban, Station
from stations.registry.services import stations
from tests import factories
from tests.queries import queries
from tests.stations.applications.approved import approved
from tests.stations.applications.build import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def establish(centre_clerk: User, bureau_official: User) -> Callable[..., Station]:
    """A station of this operator by the real document."""
    serials = iter(range(1, 1000))

    def make(user: User, **fields: Any) -> Station:
        application = approved(user, centre_clerk, bureau_official, **fields)
        batch = establishment.create(key=uuid.uuid4(), application_ids=[application.pk], by=bureau_official)
        establishment.issue(
            batch_id=batch.pk,
            doc_no=f"金东人社〔{today().year}〕{next(serials)}号",
            issued_on=today(),
            upload=pdf(),
            publish=True,
            by=bureau_official,
        )
        return Station.objects.get(application=application)

    return make


@pytest.fixture
def station(operator_user: User, establish: Callable[..., Station]) -> Station:
    return establish(operator_user)


def plaque(station: Station, by: User, **words: Any) -> Station:
    given = {"plaque_no": "JD-P-001", "plaque_on": today(), "photo": factories.png(), **words}
    return stations.record_plaque(station_id=station.pk, by=by, **given)


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU])
def test_中心和局都能登记挂牌(station: Station, role: str, operator_user: User) -> None:
    done = plaque(station, factories.user(role))
    assert not done.awaits_plaque
    assert done.plaque_photo is not None
    assert Message.objects.filter(user=operator_user, subject__contains="已登记挂牌").exists()


def test_挂牌写进申请的沿革(station: Station, operator_user: User, centre_clerk: User) -> None:
    plaque(station, centre_clerk)
    application = Application.objects.get(station=station)
    for reader, by in ((operator_user, centre_clerk.organisation), (centre_clerk, centre_clerk)):
        last = timeline(application, reader)[-1]
        assert (last.title, last.by) == ("登记挂牌", by.name)
        assert "JD-P-001" in last.text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.FINANCE])
def test_其他角色不能登记挂牌(station: Station, role: str) -> None:
    with pytest.raises(PermissionDenied):
        plaque(station, factories.user(role))


@pytest.mark.parametrize(
    ("days", "told"),
    [pytest.param(-1, "不能早于设立日期", id="早于设立"), pytest.param(1, "不能晚于今天", id="在明天")],
)
def test_挂牌日期不对被拒(station: Station, centre_clerk: User, days: int, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        plaque(station, centre_clerk, plaque_on=today() + dt.timedelta(days=days))
    assert told in refusal.value.problems[0][0]


def test_挂牌只登记一次(station: Station, centre_clerk: User, bureau_official: User) -> None:
    first = plaque(station, centre_clerk)
    assert plaque(station, centre_clerk).plaque_photo_id == first.plaque_photo_id
    with pytest.raises(Conflict, match="已登记挂牌"):
        plaque(station, bureau_official, plaque_no="JD-P-002")


def test_铭牌编号不能与别的站重复(
    station: Station, operator_user: User, centre_clerk: User, establish: Callable[..., Station]
) -> None:
    plaque(station, centre_clerk)
    other = establish(factories.user(Role.OPERATOR))
    with pytest.raises(Refused) as refusal:
        plaque(other, centre_clerk)
    assert station.name in refusal.value.problems[0][0]
    assert not plaque(other, centre_clerk, plaque_no="JD-P-002").awaits_plaque


def test_数据库要求挂牌三项齐全(station: Station) -> None:
    with pytest.raises(IntegrityError, match="station_plaque_whole"), transaction.atomic():
        Station.objects.filter(pk=station.pk).update(plaque_no="JD-P-001")


def test_期限届满次日自动转为届满_不设限(station: Station, operator_user: User) -> None:
    last = station.term_to
    assert stations.expire_due(day=last) == 0
    assert stations.expire_due(day=last + dt.timedelta(days=1)) == 1
    assert stations.expire_due(day=last + dt.timedelta(days=2)) == 0
    station.refresh_from_db()
    assert station.state == StationState.EXPIRED
    assert not Ban.objects.exists()
    assert Message.objects.filter(user=operator_user, subject__contains="届满").count() == 1


@pytest.mark.parametrize(
    ("state", "after"),
    [
        pytest.param(StationState.RECTIFYING, StationState.EXPIRED, id="整改中届满"),
        pytest.param(StationState.REVOKING, StationState.REVOKING, id="取消程序中不因届满而了结"),
        pytest.param(StationState.REVOKED, StationState.REVOKED, id="已取消不变"),
    ],
)
def test_届满只作用于运行中的站(station: Station, state: str, after: str) -> None:
    Station.objects.filter(pk=station.pk).update(state=state)
    stations.expire_due(day=station.term_to + dt.timedelta(days=1))
    station.refresh_from_db()
    assert station.state == after


# --- Pages --------------------------------------------------------------------------------------------------------


def test_承建单位只看得到自己的站(
    station: Station,
    operator_user: User,
    stranger_operator: User,
    establish: Callable[..., Station],
    client_for: Callable[[User], Client],
) -> None:
    theirs = establish(stranger_operator, area_county="另一示例县")
    client = client_for(operator_user)
    assert client.get(station.get_absolute_url()).status_code == 200
    assert client.get(theirs.get_absolute_url()).status_code == 404
    listed = client.get(reverse("registry:stations")).content.decode()
    assert station.number in listed
    assert theirs.number not in listed


def test_页面登记挂牌(station: Station, centre_clerk: User, client_for: Callable[[User], Client]) -> None:
    client, url = client_for(centre_clerk), reverse("registry:plaque", args=[station.pk])
    wrong = client.post(url, {"plaque_no": "JD-P-009", "plaque_on": "1999-01-01", "photo": factories.png()})
    assert wrong.status_code == 422
    assert "JD-P-009" in wrong.content.decode()
    right = {"plaque_no": "JD-P-009", "plaque_on": today().isoformat()}
    assert client.post(url, {**right, "photo": factories.png()}).status_code == 302
    assert client.post(url, {**right, "plaque_no": "别的", "photo": factories.png()}).status_code == 409
    assert "待挂牌" not in client.get(station.get_absolute_url()).content.decode()


def test_名录公开_不含任何人(station: Station, client: Client) -> None:
    listed = client.get(reverse("registry:directory"))
    shown = client.get(reverse("registry:entry", args=[station.pk]))
    assert (listed.status_code, shown.status_code) == (200, 200)
    text = listed.content.decode() + shown.content.decode()
    assert station.name in text
    for secret in ("13000000000", "测试庚", "测试辛", "0850-8219000"):
        assert secret not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"province": "52"}, True, id="按省"),
        pytest.param({"province": "53"}, False, id="别的省"),
        pytest.param({"q": "贵州"}, True, id="省的简称"),
        pytest.param({"q": "示例州 人力资源"}, True, id="地区加单位"),
        pytest.param({"q": "没有这家"}, False, id="无此单位"),
        pytest.param({"q": "jd-{year}-001"}, True, id="编号小写"),
        pytest.param({"page": "999"}, True, id="页码过大给末页"),
        pytest.param({"q": "%"}, False, id="通配符不起作用"),
    ],
)
def test_名录检索(station: Station, client: Client, query: dict[str, str], found: bool) -> None:
    words = {key: value.format(year=today().year) for key, value in query.items()}
    assert (station.name in client.get(reverse("registry:directory"), words).content.decode()) is found


@pytest.mark.parametrize("state", [StationState.REVOKED, StationState.EXPIRED])
def test_已取消和届满的站不在名录(station: Station, client: Client, state: str) -> None:
    Station.objects.filter(pk=station.pk).update(state=state)
    assert station.name not in client.get(reverse("registry:directory")).content.decode()
    assert client.get(reverse("registry:entry", args=[station.pk])).status_code == 404


def test_未决的取消程序公众看不到(station: Station, client: Client) -> None:
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKING)
    assert "取消" not in client.get(reverse("registry:entry", args=[station.pk])).content.decode()


@pytest.mark.parametrize("name", ["registry:directory", "registry:stations"])
def test_名录查询数不随行数增长(
    name: str,
    station: Station,
    operator_user: User,
    establish: Callable[..., Station],
    centre_clerk: User,
    client_for: Callable[[User], Client],
) -> None:
    client = client_for(centre_clerk)
    client.get(reverse(name))
    few = len(queries(lambda: client.get(reverse(name))))
    assert few <= 14
    for serial in range(2):
        establish(operator_user, area_county=f"第{serial}示例县")
    assert len(queries(lambda: client.get(reverse(name)))) <= few


def test_不得申报名单只给两局和审计(bureau_official: User, client_for: Callable[[User], Client]) -> None:
    for name, last in (("示例甲有限公司", today()), ("示例乙有限公司", today() - dt.timedelta(days=1))):
        Ban.objects.create(
            credit_code=factories.credit_code(90 if "甲" in name else 91),
            organisation_name=name,
            decided_on=last - dt.timedelta(days=730),
            last_day=last,
            created_by=bureau_official,
        )
    url = reverse("registry:bans")
    now = client_for(bureau_official).get(url).content.decode()
    assert "示例甲" in now
    assert "示例乙" not in now
    assert "示例乙" in client_for(bureau_official).get(url, {"show": "all"}).content.decode()
    assert client_for(factories.user(Role.OPERATOR)).get(url).status_code == 403
