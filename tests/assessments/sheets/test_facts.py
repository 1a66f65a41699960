"""Facts of assessed years from the rows of the rooms below (R-26, R-28, R-51 … R-67): what counts, frozen or live."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from assessments.sheets.queries.facts import PersonRow, YearOf, gather, gather_many, people_of
from assessments.sheets.rules.facts import Cohort, ContractFacts, SheetFacts
from assessments.sheets.rules.people import BEFORE
from assessments.surveys.enums import Kind
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import (
    CasesFact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    SurveyFact,
)
from jinhua_labor.policy.switches import RetentionCohort
from jinhua_labor.policy.types import Policy
from stations.registry.models import Station
from stations.roster.models import Delivery
from tests.meta import rows_surveys
from tests.queries import queries

from . import filled
from .filled import END, OPENED, PERIOD, START

pytestmark = pytest.mark.django_db
POLICY = versions()[0]


def facts(place: Station, *, official: bool = True, as_of: dt.date = OPENED, policy: Policy = POLICY) -> SheetFacts:
    return gather(place, PERIOD, cutoff=OPENED, as_of=as_of, policy=policy, official=official)


def rows(place: Station, policy: Policy = POLICY) -> list[PersonRow]:
    return list(people_of(place, PERIOD, cutoff=OPENED, as_of=OPENED, policy=policy))


@pytest.fixture
def place() -> Station:
    return filled.whole()


@pytest.mark.parametrize("is_frozen", [False, True], ids=["未冻结", "已冻结"])
def test_一年的事实(place: Station, is_frozen: bool):
    if is_frozen:
        filled.frozen(place)
    found = facts(place)
    assert found.people == PeopleFact(8, 2)  # 待核的人有证书也不算，未核验的证书不算
    assert (found.of_roster.raw, found.of_roster.pending, found.of_roster.excluded) == (10, 1, 1)
    assert (found.of_roster.certificates_waiting, found.of_roster.frozen) == (1, is_frozen)
    assert found.retention == RatioFact(2, 7)  # 10月2日入职的4月2日才满6个月
    told = found.of_retention
    assert (told.left, told.unverified, told.uninsured, told.open, told.in_time) == (1, 1, 1, 2, 1)
    assert found.of_contracts == ContractFacts(missing=1, late=1)
    assert found.contracts == CasesFact(2, 8)
    assert found.system == PartsFact((True, True))
    assert found.offices == PartsFact((True, True, True))
    assert found.plan == PartsFact((True,))
    assert found.liaison == LiaisonFact(True, 1)
    assert found.safety == SafetyFact(0, 1, 2)
    assert found.activities.count == 2
    assert SheetFacts.from_json(found.to_json()) == found


def test_其他留用口径并列(place: Station):
    cohorts = {one.name: one for one in facts(place).of_retention.cohorts}
    assert cohorts["ENTERED_MATURED"] == Cohort("ENTERED_MATURED", 2, 7)
    assert cohorts["ALL_ENTERED"] == Cohort("ALL_ENTERED", 2, 8)
    assert cohorts["CHECK_IN_PERIOD"].matured == 6  # 10月1日入职的在4月1日统计，已是下一年度


@pytest.mark.parametrize(
    ("entry", "matured"),
    [
        pytest.param(dt.date(2022, 10, 1), 1, id="截止日当天满6个月"),
        pytest.param(dt.date(2022, 10, 2), 0, id="截止日次日满6个月"),
    ],
)
def test_分母以截止日为准(entry: dt.date, matured: int):
    place = filled.station()
    filled.worker(place, entry, result="")
    assert facts(place).retention.matured == matured
    assert facts(place, as_of=OPENED + dt.timedelta(days=60)).retention.matured == matured  # 后来满的不再进来


def test_期限内的统计送复核时再读(place: Station):
    filled.frozen(place)
    row = Delivery.objects.get(station=place, entry_on=dt.date(2022, 10, 1))
    assert facts(place).of_retention.in_time == 1
    type(row.retention).objects.filter(pk=row.retention.pk).update(
        result="RETAINED",
        si_month_ok=True,
        locked=True,
        source="STATION",
        checked_by=filled.rows.operator(),
        checked_at=filled.rows.NOW,
        employer_on_check=row.employer,
    )
    assert facts(place).retention == RatioFact(3, 7)
    later = facts(place, as_of=OPENED + dt.timedelta(days=60)).of_retention
    assert (later.open, later.in_time) == (1, 0)


def test_冻结之后的核算不改变人数(place: Station):
    filled.frozen(place)
    before = facts(place)
    Delivery.objects.filter(station=place).update(status="EXCLUDED", codes=["E07"])
    now = facts(place)
    for name in ("people", "retention", "contracts", "of_roster", "of_contracts", "of_retention"):
        assert getattr(now, name) == getattr(before, name)
    assert facts(place, official=False).people.counted == 0  # 实时测算看现在的名册


def test_每一行的和就是各项人数(place: Station):
    for is_frozen in (False, True):
        if is_frozen:
            filled.frozen(place)
        found, people = facts(place), rows(place)
        assert sum(row.status == "COUNTED" for row in people) == found.people.counted
        assert sum(row.skilled for row in people) == found.people.skilled
        assert sum(row.matured for row in people) == found.retention.matured
        assert sum(row.retained for row in people) == found.retention.retained
        assert sum(row.status == "COUNTED" and not row.contract for row in people) == found.contracts.cases
        assert len(people) == found.of_roster.raw
    assert {row.codes for row in people} == {(), ("E10",), ("E03", "E07")}


def test_按统计日的口径_上年度入职的另列(place: Station):
    filled.worker(place, START - dt.timedelta(days=30))
    policy = replace(POLICY, retention_cohort=RetentionCohort.CHECK_IN_PERIOD)
    found, people = facts(place, policy=policy), rows(place, policy)
    before = [row for row in people if row.codes == (BEFORE,)]
    assert [(row.status, row.matured, row.retained) for row in before] == [("EXCLUDED", True, True)]
    assert sum(row.matured for row in people) == found.retention.matured == 7
    assert found.people.counted == 8


def test_实时测算_电子台账和未核材料算有(place: Station):
    other = filled.station()
    filled.papers(other, accepted=False)
    assert facts(other).system == PartsFact((False, False))
    assert facts(other, official=False).system == PartsFact((True, True))
    official, live = facts(place), facts(place, official=False)
    assert "L5" in official.of_ledger.missing  # 系统生成的名册还没有见到纸质
    assert "L5" not in live.of_ledger.missing
    assert "L5" in live.of_ledger.paper_pending


def test_满意度只读本年度已结束的调查(place: Station):
    period = {"station": place, "starts_on": START, "ends_on": END}
    rows_surveys.closed_survey(kind=Kind.WORKERS, **period)
    rows_surveys.survey(kind=Kind.EMPLOYERS, required=4, **period)
    rows_surveys.closed_survey(kind=Kind.EMPLOYERS, **{**period, "period_no": 2})
    found = facts(place)
    assert found.workers == SurveyFact(33, 40, 30)
    assert (found.employers.valid, found.employers.satisfied) == (0, 0)


def test_没有任何数据的站(place: Station):
    empty = filled.station(established_on=START)
    found = facts(empty)
    assert (found.people, found.retention) == (PeopleFact(0, 0), RatioFact(0, 0))
    assert found.contracts == CasesFact(0, 0)
    assert found.liaison == LiaisonFact(True, 0)
    assert rows(empty) == []


def test_查询次数不随站数和人数增长(place: Station):
    def asked(years: list[YearOf]) -> int:
        return len(queries(lambda: gather_many(years, as_of=OPENED, official=True)))

    def year(station: Station) -> YearOf:
        return YearOf(station, PERIOD, OPENED, POLICY)

    filled.frozen(place)
    live = filled.whole()
    two = asked([year(place), year(live)])
    more = [filled.whole() for _ in range(2)]
    filled.frozen(more[0])
    assert asked([year(place), year(live), *map(year, more)]) == two


def test_各站各算各的():
    first, second = filled.whole(), filled.whole()
    filled.worker(second, START)
    found = gather_many(
        [YearOf(first, PERIOD, OPENED, POLICY), YearOf(second, PERIOD, OPENED, POLICY)], as_of=OPENED, official=True
    )
    assert found[first.pk].people.counted == 8
    assert found[second.pk].people.counted == 9
    later = Period(2, OPENED, dt.date(2024, 3, 31))
    mixed: dict[Any, SheetFacts] = gather_many(
        [YearOf(first, later, dt.date(2024, 4, 1), POLICY), YearOf(second, PERIOD, OPENED, POLICY)],
        as_of=OPENED,
        official=True,
    )
    assert mixed[first.pk].people.counted == 0
    assert (mixed[first.pk].safety.verified, mixed[second.pk].safety.verified) == (0, 1)
