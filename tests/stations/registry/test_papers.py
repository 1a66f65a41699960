"""站点档案: versions added by the operator, checked by the centre, taken over from the application, reminded once."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.applications.enums import Side, Slot
from stations.applications.models import Application
from stations.applications.services.first_papers import open_file
from stations.registry.enums import PaperKind, PaperOrigin, StationState
from stations.registry.models import Station, StationPaper
from stations.registry.papers import Holding
from stations.registry.queries.papers import facts_on, file_of, period_of
from stations.registry.services.papers import Content, add_version, check, remind_due
from tests import factories
from tests.meta import rows, rows_ledger

pytestmark = pytest.mark.django_db
FROM = dt.date(2023, 3, 1)


@pytest.fixture
def station(operator_user: User) -> Station:
    day = today() - dt.timedelta(days=20)
    return rows.station(operator=operator_user.organisation, established_on=day, term_from=day)


def licence(**changed: Any) -> Content:
    return Content(**{"title": "许可证", "valid_from": FROM, "number": "浙人服证字1号", "party": "测试局", **changed})


def add(station: Station, by: User, **changed: Any) -> StationPaper:
    values = {"kind": PaperKind.LICENCE, "content": licence(), "uploads": [factories.png()], **changed}
    return add_version(station_id=station.pk, by=by, **values)


def test_报送新的一版_旧版不动_中心得知(station: Station, operator_user: User, centre_clerk: User) -> None:
    first, second = add(station, operator_user), add(station, operator_user, content=licence(number="2号"))
    first.refresh_from_db()
    assert (first.version, first.number, second.version, second.filed_on) == (1, "浙人服证字1号", 2, today())
    assert second.files.count() == 1
    assert second.files.get().attachment.audience == "PARTY_AND_OFFICE"
    told = Message.objects.filter(user=centre_clerk)
    assert told.count() == 2
    assert str(second.pk) in {one.link.partition("#paper-")[2] for one in told}
    assert AuditEntry.objects.filter(action="station.paper_version", object_id=str(station.pk)).count() == 2


def test_同一张表单交两次只有一版(station: Station, operator_user: User, client_for: Callable[[User], Client]) -> None:
    client, address = client_for(operator_user), reverse("registry:paper_add", args=[station.pk, "RULES"])
    key = BeautifulSoup(client.get(address).content, "html.parser").select_one("input[name=key]")["value"]  # type: ignore[index]
    for _ in range(2):
        sent = {"key": key, "title": "管理制度", "valid_from": "2021-05-10", "files": factories.png()}
        assert client.post(address, sent).status_code == 302
    assert station.papers.filter(kind=PaperKind.RULES).count() == 1


def test_没有文件不收(station: Station, operator_user: User) -> None:
    with pytest.raises(Refused, match="请上传文件"):
        add(station, operator_user, uploads=[])
    assert not StationPaper.objects.exists()


def test_已取消的站不再更新(station: Station, operator_user: User) -> None:
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    with pytest.raises(Refused, match="已取消"):
        add(station, operator_user)


def test_只有本单位能报送(station: Station, stranger_operator: User, centre_clerk: User) -> None:
    for person in (stranger_operator, centre_clerk):
        with pytest.raises(PermissionDenied):
            add(station, person)


def test_工作地点各成一条_更新须是同一处(station: Station, operator_user: User) -> None:
    inside = Content("金东区示例路1号", FROM, side=Side.DISTRICT, address="金东区示例路1号", tenure="LEASED")
    first = add(station, operator_user, kind=PaperKind.SITE, content=inside)
    again = add(station, operator_user, kind=PaperKind.SITE, content=inside, place=first.place)
    other = add(station, operator_user, kind=PaperKind.SITE, content=inside)
    assert (again.place, again.version) == (first.place, 2)
    assert (other.place != first.place, other.version) == (True, 1)
    with pytest.raises(Refused, match="没有找到"):
        add(station, operator_user, kind=PaperKind.SITE, content=inside, place=station.pk)


@pytest.mark.parametrize(("period", "accepted"), [(1, True), (2, True), (3, False), (None, False)])
def test_工作计划只报本年度和下一年度(
    station: Station, operator_user: User, period: int | None, accepted: bool
) -> None:
    content = Content("计划", today(), text="输送200人")
    if accepted:
        assert add(station, operator_user, kind=PaperKind.PLAN, content=content, period=period).period == period
    else:
        with pytest.raises(Refused, match="本年度或下一年度"):
            add(station, operator_user, kind=PaperKind.PLAN, content=content, period=period)


def test_中心核对(station: Station, operator_user: User, centre_clerk: User, centre_second: User) -> None:
    paper = add(station, operator_user)
    with pytest.raises(Refused, match="写明原因"):
        check(paper_id=paper.pk, accepted=False, note=" ", by=centre_clerk)
    check(paper_id=paper.pk, accepted=False, note="看不清", by=centre_clerk)
    check(paper_id=paper.pk, accepted=False, note="看不清", by=centre_second)  # the same finding is no change
    paper.refresh_from_db()
    assert (paper.accepted, paper.checked_by) == (False, centre_clerk)
    assert Message.objects.filter(user=operator_user, body__contains="看不清").count() == 1
    with pytest.raises(Conflict):
        check(paper_id=paper.pk, accepted=True, note="", by=centre_second)
    check(paper_id=paper.pk, accepted=True, note="", by=centre_clerk)
    assert AuditEntry.objects.filter(action="station.paper_check").count() == 2


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.BUREAU, Role.AUDITOR])
def test_只有中心能核对(station: Station, operator_user: User, role: str) -> None:
    paper = add(station, operator_user)
    with pytest.raises(PermissionDenied):
        check(paper_id=paper.pk, accepted=True, note="", by=factories.user(role))


# --- from the application ---------------------------------------------------------------------------------------------


@pytest.fixture
def established(station: Station, operator_user: User, centre_clerk: User) -> Application:
    application = rows.application(
        by=operator_user,
        state="APPROVED",
        station=station,
        batch=rows.establishment(),
        filing_no="BA-1",
        filed_by=centre_clerk,
        filed_at=timezone.now(),
        licence_no="浙人服证字9号",
        licence_issuer="测试局",
        licence_from=FROM,
        licence_to=FROM + dt.timedelta(days=3000),
        agreement_signed_on=FROM,
        agreement_to=FROM + dt.timedelta(days=2000),
        agreement_measures="组织招聘",
    )
    for slot in (Slot.M1, Slot.M2, Slot.M4A, Slot.M4B, Slot.M4C, Slot.M7, Slot.PLAN):
        rows.material(application=application, slot=slot)
    rows.material(application=application, slot=Slot.M4B, superseded_at=timezone.now())
    for side in Side:
        site = rows.site(
            application=application,
            side=side,
            province="33" if side == Side.DISTRICT else "52",
            address="示例路1号",
            lease_from=FROM,
            lease_to=FROM + dt.timedelta(days=2000),
            facilities=["电脑"],
        )
        rows.material(application=application, slot=Slot.M6, site=site)
    return application


def _shape(station: Station) -> set[tuple[Any, ...]]:
    return {
        (row.kind, row.version, row.origin, row.number, row.party, row.accepted, row.valid_to, row.files.count())
        for row in StationPaper.objects.filter(station=station)
    }


def test_申请材料成为档案第一版(established: Application, station: Station, bureau_official: User) -> None:
    open_file(application=established, station=station, by=bureau_official)
    end, lease = FROM + dt.timedelta(days=3000), FROM + dt.timedelta(days=2000)
    first = (1, PaperOrigin.APPLICATION)
    assert _shape(station) == {
        (PaperKind.BUSINESS, *first, "", "", True, None, 1),
        (PaperKind.LICENCE, *first, "浙人服证字9号", "测试局", True, end, 1),
        (PaperKind.AGREEMENT, *first, "", "测试合作机构", True, lease, 1),
        (PaperKind.RULES, *first, "", "", True, None, 1),
        (PaperKind.WORKER_RULES, *first, "", "", True, None, 1),
        (PaperKind.PLAN, *first, "", "", True, None, 1),
        (PaperKind.SITE, *first, "", "", True, lease, 1),
    }
    facts = facts_on(station, on=today(), period=period_of(station, today()))
    assert {facts.rules, facts.agreement, facts.inside, facts.outside, facts.plan} == {Holding.MET}
    assert facts.furnished
    open_file(application=established, station=station, by=bureau_official)  # once only
    assert StationPaper.objects.filter(station=station).count() == 8


def test_已有的站由迁移补建_与设立时相同(established: Application, station: Station, bureau_official: User) -> None:
    importlib.import_module("stations.migrations.0007_station_file_of_existing").open_files(apps, None)
    migrated, texts = _shape(station), set(StationPaper.objects.values_list("title", "text"))
    other = rows.station(operator=established.operator, established_on=station.established_on)
    open_file(application=established, station=other, by=bureau_official)
    assert migrated == _shape(other)
    assert ("劳务协作协议", "组织招聘") in texts
    importlib.import_module("stations.migrations.0007_station_file_of_existing").open_files(apps, None)
    assert StationPaper.objects.filter(station=station).count() == 8


# --- reminders --------------------------------------------------------------------------------------------------------


def test_到期前60天提醒一次(station: Station, operator_user: User) -> None:
    ends = today() + dt.timedelta(days=60)
    paper = add(station, operator_user, content=licence(valid_to=ends))
    assert remind_due(day=today() - dt.timedelta(days=1)) == 0
    assert (remind_due(day=today()), remind_due(day=today()), remind_due(day=ends)) == (1, 0, 0)
    paper.refresh_from_db()
    assert paper.reminded_at is not None
    assert Message.objects.filter(user=operator_user, subject__contains="到期").count() == 1


def test_已接续或已取消的不提醒(station: Station, operator_user: User) -> None:
    ends = today() + dt.timedelta(days=30)
    add(station, operator_user, content=licence(valid_to=ends))
    add(station, operator_user, content=licence(valid_from=ends + dt.timedelta(days=1)))
    gone = rows.station(state=StationState.REVOKED)
    rows_ledger.station_paper(station=gone, valid_to=ends)
    assert remind_due(day=today()) == 0


# --- pages ------------------------------------------------------------------------------------------------------------


def test_报送与核对的页面(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    own, office = client_for(operator_user), client_for(centre_clerk)
    address = reverse("registry:paper_add", args=[station.pk, "AGREEMENT"])
    values = {"party": "示例县劳务公司", "valid_from": "2023-01-01", "valid_to": "2022-01-01", "text": "对接"}
    page = own.post(address, {**values, "files": factories.png()})
    assert (page.status_code, "截止日期不能早于起始日期" in page.content.decode()) == (422, True)
    page = own.post(address, {**values, "valid_to": "", "files": [factories.png(), factories.png()]}, follow=True)
    assert (page.status_code, "已报送劳务协作协议第1版" in page.content.decode()) == (200, True)
    paper = StationPaper.objects.get()
    assert (paper.party, paper.files.count(), paper.valid_to) == ("示例县劳务公司", 2, None)
    target = reverse("registry:paper_check", args=[paper.pk])
    assert "核对这一版" in office.get(reverse("registry:papers", args=[station.pk])).content.decode()
    assert office.post(target, {"note": ""}).status_code == 422
    assert office.post(target, {"accepted": "no", "note": ""}).status_code == 422
    assert office.post(target, {"accepted": "yes", "note": ""}).status_code == 302
    assert "核对这一版" not in office.get(reverse("registry:papers", args=[station.pk])).content.decode()
    assert own.get(reverse("registry:paper_add", args=[station.pk, "NOTHING"])).status_code == 404


def test_更新一处地点(station: Station, operator_user: User, client_for: Callable[[User], Client]) -> None:
    own = client_for(operator_user)
    address = reverse("registry:paper_add", args=[station.pk, "SITE"])
    values = {"side": "AREA", "address": "示例县示例街2号", "tenure": "LEASED", "valid_from": "2023-01-01"}
    assert own.post(address, {**values, "files": factories.png()}).status_code == 302
    first = StationPaper.objects.get()
    given_up = {**values, "side": "DISTRICT", "valid_to": "2023-06-30", "files": factories.png()}
    assert own.post(f"{address}?place={first.place}", given_up).status_code == 302
    versions = StationPaper.objects.filter(place=first.place).order_by("version")
    assert [(row.side, row.valid_to) for row in versions] == [("AREA", None), ("AREA", dt.date(2023, 6, 30))]
    for place in ("nonsense", station.pk):
        assert own.get(f"{address}?place={place}").status_code == 404


def test_查询数不随版本增长(
    station: Station, operator_user: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for count in (1, 3):
        for _ in range(count):
            add(station, operator_user)
        with django_assert_num_queries(3):
            file_of(station, operator_user, on=today())
