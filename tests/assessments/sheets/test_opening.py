"""Years open by themselves on their day, 自评, reminders, and what is not assessed (R-28, R-29)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, SelfEvidence
from assessments.sheets.enums import Stage
from assessments.sheets.queries import calendar
from assessments.sheets.services import opening, self_assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.models import Message
from stations.oversight.enums import ChangeKind
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.roster.models import FrozenYear
from tests import factories
from tests.meta import rows, rows_assessment, rows_oversight
from tests.stations.oversight.build import running

pytestmark = pytest.mark.django_db
E = dt.date(2021, 4, 1)
OPENS = dt.date(2022, 4, 1)


def at(day: dt.date) -> Any:
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, 2, tzinfo=dt.UTC), tick=False)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with at(OPENS):
        yield


@pytest.fixture
def system(db: None) -> User:
    return User.objects.system()


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user, established_on=E, term_to=dt.date(2030, 1, 1))


def opened(station: Station, system: User) -> Assessment:
    opening.open_due(day=OPENS, by=system)
    return Assessment.objects.get(station=station, period_no=1)


def test_到日自动启动_冻结名册_只启动一次(station: Station, operator_user: User, system: User) -> None:
    assert opening.open_due(day=OPENS - dt.timedelta(days=1), by=system) == 0
    assert opening.open_due(day=OPENS, by=system) == 1
    assert opening.open_due(day=OPENS, by=system) == 0
    row = Assessment.objects.get()
    assert (row.starts_on, row.ends_on, row.stage) == (E, dt.date(2022, 3, 31), Stage.OPEN)
    assert (row.data_cutoff, row.opened_on, row.operator) == (OPENS, OPENS, operator_user.organisation)
    assert row.frozen_year == FrozenYear.objects.get(station=station, period_no=1)
    days = work_calendar()
    assert (row.self_due_on, row.due_on) == (days.add_workdays(OPENS, 10), days.add_workdays(OPENS, 30))
    assert (row.policy_version, row.certainty) == ("JD-2021-14", "CONFIRMED")
    assert Message.objects.filter(user=operator_user, subject__contains="请自评").exists()


def test_停机之后补上每一个年度_截止日不移动(station: Station, system: User) -> None:
    late = dt.date(2023, 6, 1)
    with at(late):
        assert opening.open_due(day=late, by=system) == 2
    found = Assessment.objects.order_by("period_no")
    assert [row.data_cutoff for row in found] == [OPENS, dt.date(2023, 4, 1)]
    assert {row.opened_on for row in found} == {late}


def test_名册已经冻结的沿用(station: Station, system: User) -> None:
    from stations.roster.services.freezing import freeze

    frozen = freeze(station=station, number=1, by=system)
    assert opened(station, system).frozen_year == frozen


def test_只有系统能启动(station: Station, centre_clerk: User) -> None:
    with pytest.raises(PermissionDenied):
        opening.open_due(day=OPENS, by=centre_clerk)


@pytest.mark.parametrize(
    ("state", "closed", "number"),
    [
        pytest.param(StationState.REVOKED, dt.date(2022, 2, 1), 0, id="年度内取消不评估"),
        pytest.param(StationState.REVOKED, dt.date(2022, 4, 1), 1, id="年度之后取消照评"),
        pytest.param(StationState.EXPIRED, dt.date(2022, 3, 31), 0, id="年度内届满不评估"),
        pytest.param(StationState.EXPIRED, dt.date(2022, 4, 1), 1, id="年度之后届满照评"),
    ],
)
def test_年度内停止经营的不评估(state: str, closed: dt.date, number: int, station: Station, system: User) -> None:
    if state == StationState.EXPIRED:
        station.term_to = closed - dt.timedelta(days=1)
    else:
        _revoked(station, closed)
    station.state = state
    station.save()
    assert opening.open_due(day=OPENS, by=system) == number


def _revoked(station: Station, day: dt.date) -> None:
    document = rows.document(issued_on=day)
    rows_oversight.decided_revocation(station=station, document=document)
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)


def test_后来登记的取消使年度不再评估(station: Station, operator_user: User, system: User) -> None:
    row = opened(station, system)
    _revoked(station, dt.date(2022, 3, 1))
    assert opening.void_revoked(by=system) == 1
    assert opening.void_revoked(by=system) == 0
    row.refresh_from_db()
    assert row.stage == Stage.VOID
    assert "2022年3月1日" in row.void_reason
    assert Message.objects.filter(user=operator_user, subject__contains="不再进行").exists()


def test_承建单位是期末那一天的单位(station: Station, operator_user: User, system: User) -> None:
    former = station.operator
    new = factories.organisation()
    day = dt.date(2022, 4, 1)
    rows_oversight.filed(
        station=station,
        kind=ChangeKind.OPERATOR,
        operator=former,
        new_operator=new,
        effective_on=day,
        submitted_on=day - dt.timedelta(days=1),
        applied_on=day,
    )
    Station.objects.filter(pk=station.pk).update(operator=new)
    assert opened(station, system).operator == former


class Test自评:
    @pytest.fixture
    def year(self, station: Station, system: User) -> Assessment:
        return opened(station, system)

    def add(self, year: Assessment, by: User, **more: Any) -> SelfEvidence:
        values: dict[str, Any] = {"code": "C3", "text": "举办两场招聘会。", "upload": None, "key": uuid.uuid4()}
        return self_assessment.add(assessment_id=year.pk, by=by, **{**values, **more})

    def test_逐项说明_材料可以单独_重复提交只算一次(self, year: Assessment, operator_user: User) -> None:
        key = uuid.uuid4()
        first = self.add(year, operator_user, key=key)
        assert self.add(year, operator_user, key=key) == first
        alone = self.add(year, operator_user, code="D1", text=" ", upload=factories.png())
        assert alone.text == self_assessment.SEE_FILE
        assert alone.attachment is not None
        with pytest.raises(Refused, match="写明这一项"):
            self.add(year, operator_user, text=" ")
        with pytest.raises(Refused, match="没有这一项"):
            self.add(year, operator_user, code="Z9")

    def test_别人用过的表单编号_不出错也不算数(self, year: Assessment, operator_user: User) -> None:
        colleague = factories.user(Role.OPERATOR, organisation=operator_user.organisation)
        key = self.add(year, colleague).pk
        with pytest.raises(Conflict, match="已经用过"):
            self.add(year, operator_user, key=key)
        assert SelfEvidence.objects.count() == 1

    def test_移除连同文件_再移除无害(self, year: Assessment, operator_user: User) -> None:
        found = self.add(year, operator_user, upload=factories.png())
        for _ in range(2):
            self_assessment.remove(assessment_id=year.pk, evidence_id=found.pk, by=operator_user)
        assert not SelfEvidence.objects.exists()

    def test_别家和中心不能写自评(self, year: Assessment, centre_clerk: User) -> None:
        for stranger in (factories.user(), centre_clerk):
            with pytest.raises(PermissionDenied):
                self.add(year, stranger)

    def test_空的自评不能提交_截止以后不能再写(self, year: Assessment, operator_user: User) -> None:
        with pytest.raises(Refused, match="还是空的"):
            self_assessment.submit(assessment_id=year.pk, text=" ", by=operator_user)
        self_assessment.save_text(assessment_id=year.pk, text="全年平稳。", by=operator_user)
        year.refresh_from_db()
        assert (year.self_text, year.stage) == ("全年平稳。", Stage.OPEN)
        with at(year.self_due_on + dt.timedelta(days=1)), pytest.raises(Conflict, match="截止"):
            self.add(year, operator_user)

    def test_截止前提醒一次_只提醒还没有提交的(self, year: Assessment, operator_user: User) -> None:
        soon = work_calendar()
        day = next(d for n in range(30) if soon.add_workdays(d := OPENS + dt.timedelta(days=n), 2) >= year.self_due_on)
        before = day - dt.timedelta(days=1)
        assert opening.remind_due(day=before) == 0
        assert opening.remind_due(day=day) == 1
        assert opening.remind_due(day=day) == 0
        assert Message.objects.filter(user=operator_user, subject__contains="自评即将截止").count() == 1


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "opens"),
    [
        pytest.param(dt.date(2021, 10, 1), dt.date(2022, 9, 30), False, id="重叠"),
        pytest.param(dt.date(2022, 3, 31), dt.date(2023, 3, 30), False, id="重叠一天"),
        pytest.param(dt.date(2022, 4, 1), dt.date(2023, 3, 31), True, id="相接"),
    ],
)
def test_评估过的日子不再评估一次(
    starts_on: dt.date, ends_on: dt.date, opens: bool, station: Station, system: User
) -> None:
    other = rows_assessment.assessment(station=station, period_no=9, starts_on=starts_on, ends_on=ends_on)
    opening.open_due(day=OPENS, by=system)
    assert Assessment.objects.exclude(pk=other.pk).filter(station=station).exists() is opens


class Test日历:
    def test_每个站点的下一个年度(self, station: Station, system: User) -> None:
        (line,) = calendar.lines([station], day=OPENS)
        assert (line.current, line.next and line.next.opens_on) == ((), dt.date(2023, 4, 1))
        year = opened(station, system)
        (line,) = calendar.lines([station], day=OPENS)
        assert line.current == (year,)

    def test_没有办结的年度都列出_早的在前(self, station: Station, system: User) -> None:
        with at(dt.date(2023, 4, 1)):
            opening.open_due(day=dt.date(2023, 4, 1), by=system)
            (line,) = calendar.lines([station], day=dt.date(2023, 4, 1))
            assert [year.period_no for year in line.current] == [1, 2]
            Assessment.objects.filter(station=station).update(stage=Stage.VOID, void_reason="测试")
            (line,) = calendar.lines([station], day=dt.date(2023, 4, 1))
            assert [year.period_no for year in line.current] == [2]  # 都办结了：最近的一个

    def test_换了承建单位的_新单位看不到原单位办到哪一步(
        self, station: Station, system: User, stranger_operator: User, client_for: Callable[[User], Client]
    ) -> None:
        year = opened(station, system)
        Station.objects.filter(pk=station.pk).update(operator=stranger_operator.organisation)
        page = client_for(stranger_operator).get(reverse("assessments:calendar")).content.decode()
        assert "由原承建单位办理" in page
        assert "等待您自评" not in page
        assert str(year.pk) not in page

    def test_已经不经营的没有下一个年度(self, station: Station) -> None:
        _revoked(station, dt.date(2022, 3, 1))
        station.refresh_from_db()
        (line,) = calendar.lines([station], day=OPENS)
        assert (line.next, line.closed_on) == (None, dt.date(2022, 3, 1))

    def test_都在经营的没有停办日(self, station: Station) -> None:
        assert calendar.closed_days() == {}
