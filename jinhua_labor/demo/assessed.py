"""Two stations with years behind them: one good enough for the title, one that failed twice in a row (R-34).

Four years each, counted back from the day of seeding; the last one ended five weeks ago.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assessments.sheets.models import Assessment
from assessments.sheets.services import opening
from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import month_of
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind
from jinhua_labor.policy.periods import Period, add_months, assessment_periods
from jinhua_labor.rulebook import policy_on
from stations.applications.services import establishment
from stations.registry.models import Station
from stations.registry.services.stations import record_plaque
from stations.roster.enums import CertificateResult, EmploymentForm, RetentionResult, SkillKind, SkillLevel
from stations.roster.models import Delivery, RetentionCheck
from stations.roster.services import committing, insurance, papers, reading, retention, station_list

from . import accounts, excellent, surveys, workbooks
from .cases import Area, Case, person
from .days import at
from .papers import paper
from .people import Month, Population, Worker, months
from .years import Told, Year, after, announce, conclude, paced

if TYPE_CHECKING:
    from .story import Story

HUBEI = Area("42", "示例州", "示例县", "示例县公共就业服务中心")
HUNAN = Area("43", "示例州", "样例县", "样例县公共就业服务中心")
HUBEI_2 = Area("42", "样例市", "样例县", "样例县公共就业服务中心")
HUNAN_2 = Area("43", "样例市", "示例县", "示例县公共就业服务中心")
GOOD, POOR = "zi", "chou"
SCREENER, CLERK, OFFICIAL, HEAD = "chushen", "shouli", "shenhe", "juzhang"
YEARS, ENDED = 4, 38
"""Assessed years of each station, and days since the last of them ended."""
FIRST_ONE = 6000
"""The people of these stations are numbered apart from the others of the demo."""
SIZES = (303, 302, 124, 108)
SKILLED = (31, 31, 12, 10)
FEW = (12, 9, 34, 28)
LEAVES = 4
"""Of so many workers one has left by the day of his check."""
ON_PAPER = {
    "B2": (5, "纸质劳动合同已在工作站逐份核对，均在入职后一个月内签订。"),
    "B3": (10, "纸质台账八项齐全，已实地核对。"),
    "C3": (10, "两场招聘会的方案、签到表和照片为纸质档案，已核对。"),
}
ASKED_ON_PAPER = {
    "C1": (5, "当年以纸质问卷调查31人，满意29人，问卷留存。"),
    "C2": (5, "当年以纸质问卷调查4家企业，均为满意，问卷留存。"),
}
EXCELLENT = Told(ON_PAPER | ASKED_ON_PAPER, seen=True)
GOING_ON = Told(ON_PAPER, seen=True)
RECOVERED = Told(ON_PAPER | ASKED_ON_PAPER, seen=True, innovation=0)
FAILED = Told(innovation=0)


@dataclass(frozen=True, slots=True)
class Pair:
    """The two stations once they stand."""

    good: Station
    poor: Station


def tell_past(story: Story) -> Pair:
    """Both established four years ago; the good one's first two years final, its title two years old."""
    people = Population(FIRST_ONE)
    begun = add_months(story.base - dt.timedelta(days=ENDED), -12 * YEARS) + dt.timedelta(days=1)
    accounts.veterans(on=begun - dt.timedelta(days=120))
    good = _established(people, GOOD, HUBEI, "测试子", begun, 57, "JD-002", story.term_to)
    poor = _established(people, POOR, HUNAN, "测试丑", begun, 58, "JD-003", story.term_to)
    first, second = _periods(good)[:2]
    _deliver(good, people, GOOD, (first, second), SIZES[:2], SKILLED[:2])
    opened = second.opens_on
    with at(opened, 8):
        opening.open_due(day=opened, by=User.objects.system(), stations=[good.pk])
    years = [Year(row, GOOD, EXCELLENT) for row in _years(good)]
    known = _through(years, opened)
    excellent.recognised(good, year=story.base.year - 2, on=known + dt.timedelta(days=3))
    return Pair(good, poor)


def tell_lately(story: Story, stations: Pair) -> None:
    """The years that ended since, of both stations, opened together five weeks ago."""
    people = Population(FIRST_ONE + 2000)
    good, poor = stations.good, stations.poor
    periods = _periods(good)[:YEARS]
    _deliver(good, people, GOOD, periods[2:], SIZES[2:], SKILLED[2:])
    asked = surveys.opened(good, YEARS, on=periods[3].end - dt.timedelta(days=20))
    surveys.answered(asked, on=asked[0].opens_on + dt.timedelta(days=6), workers=32)
    surveys.closed(asked)
    _deliver(poor, people, POOR, periods, FEW, (0, 0, 0, 0), known=2)
    opened = periods[3].opens_on
    with at(opened, 8):
        opening.open_due(day=opened, by=User.objects.system(), stations=[good.pk, poor.pk])
    earlier, running = (Year(row, GOOD, GOING_ON) for row in _years(good)[2:])
    _through([replace(earlier, told=EXCELLENT)], opened)
    running.walk([*paced(opened)[:-1], story.day(6)])
    announce([running], prepared=story.day(5), released=story.day(2))
    *failed, confirmed, checking = (Year(row, POOR, FAILED) for row in _years(poor))
    _through(failed, opened)
    replace(confirmed, told=RECOVERED).walk([*paced(opened)[:-1], story.day(4)])
    checking.walk([paced(opened)[0], story.day(4), story.day(3)])
    excellent.running(story)


def second_ones(story: Story) -> Pair:
    """One more of each unit, two months old: one station an area, several a unit."""
    people = Population(FIRST_ONE + 4000)
    return Pair(
        good=_established(people, GOOD, HUBEI_2, "测试子", story.day(42), 117, "JD-004", story.term_to),
        poor=_established(people, POOR, HUNAN_2, "测试丑", story.day(41), 118, "JD-005", story.term_to),
    )


def _through(years: Sequence[Year], opened: dt.date) -> dt.date:
    """From 自评 to the final result, as quickly as may be; the day on which it is final."""
    days = paced(opened)
    for year in years:
        year.walk(days)
    return conclude(years, announce(years, prepared=after(days[-1], 1), released=after(days[-1], 2)))


def _periods(station: Station) -> list[Period]:
    found = assessment_periods(station.established_on, policy=policy_on(station.established_on).policy)
    return [period for period, _ in zip(found, range(YEARS), strict=False)]


def _years(station: Station) -> list[Assessment]:
    return list(Assessment.objects.filter(station=station).order_by("period_no"))


# --- established ------------------------------------------------------------------------------------------------------


def _established(
    people: Population, username: str, area: Area, head: str, day: dt.date, serial: int, plaque: str, term_to: dt.date
) -> Station:
    """Handed in four weeks before `day`, the day of its document; the plaque follows a week later."""

    def before(days: int) -> dt.date:
        return day - dt.timedelta(days=days)

    with at(before(29), 14):
        case = Case.begin(username, area)
        case.fill(legal_rep=head, head=head, term_to=term_to)
        case.papers()
        case.deliver(list(people.crowd(area.province, 52, last=before(130))))
    with at(before(28)):
        case.submit()
    with at(before(22), 11):
        case.look_up(SCREENER)
    with at(before(21), 10):
        case.judge(SCREENER)
        case.screen(SCREENER, "五项条件均符合，同意上报。")
    with at(before(14), 14):
        case.approve(HEAD, "同意设立。")
    with at(day, 15):
        by = person(OFFICIAL)
        batch = establishment.create(key=uuid.uuid4(), application_ids=[case.pk], by=by)
        establishment.issue(
            batch_id=batch.pk,
            doc_no=f"金东人社〔{day.year}〕{serial}号",
            issued_on=day,
            upload=paper("设立文件盖章件", batch.title),
            publish=True,
            by=by,
        )
    station = case.application.station
    assert station is not None
    with at(day + dt.timedelta(days=7), 10):
        notice = Notice.objects.get(kind=NoticeKind.ESTABLISHMENT, object_id=batch.pk)
        notices.release(notice_id=notice.pk, by=person(HEAD))
        photo = paper("铭牌照片", station.name, kind="JPEG")
        hung = day + dt.timedelta(days=7)
        record_plaque(station_id=station.pk, plaque_no=plaque, plaque_on=hung, photo=photo, by=person(CLERK))
    return Station.objects.select_related("operator").get(pk=station.pk)


# --- its people -------------------------------------------------------------------------------------------------------


def _crowd(people: Population, province: str, period: Period, size: int) -> Iterator[Worker]:
    """Workers who entered in the first five months of the year, insured at entry and in the month of their check."""
    for number in range(size):
        entry = period.start + dt.timedelta(days=4 + number * 7 % 140)
        worker = people.worker(province, entry)
        later = add_months(entry, 6)
        check = Month(month_of(later), worker.employer, add_months(later.replace(day=15), 1))
        yield replace(worker, months=(*months(entry, 2, worker.employer), check))


def _deliver(
    station: Station, people: Population, username: str, periods: Sequence[Period], sizes: Sequence[int],
    skilled: Sequence[int], *, known: int = 0,
) -> None:  # fmt: skip
    """The rosters of these years uploaded, looked up, certificates checked, 留用 counted; of the first `known` years
    nobody was ever asked whether he stayed."""
    area = HUBEI if username == GOOD else HUNAN
    crowds = [list(_crowd(people, area.province, one, size)) for one, size in zip(periods, sizes, strict=True)]
    workers = [worker for crowd in crowds for worker in crowd]
    day, unit, clerk = periods[-1].end - dt.timedelta(days=25), person(username), person(SCREENER)
    with at(day):
        roster = station_list.list_of(station=station, by=unit)
        file = workbooks.roster(workers, unit=station.operator.name, filler="测试庚", day=day)
        batch = reading.read(batch_id=reading.upload(roster_list=roster, file=file, by=unit).pk)
        committing.commit(batch=batch, by=unit, default_form=EmploymentForm.DIRECT, consented=True)
    with at(day + dt.timedelta(days=2)):
        kept = insurance.keep(file=workbooks.insurance(workers), by=clerk)
        asked = insurance.Asked(month_of(periods[0].start), month_of(day), "省社保系统查询")
        insurance.bring_in(roster_list=roster, file=kept, asked=asked, by=clerk)
    with at(day + dt.timedelta(days=3)):
        for period, number in zip(periods, skilled, strict=True):
            rows = Delivery.objects.filter(batch=batch, entry_on__range=(period.start, period.end))
            for row in rows.select_related("person", "employer", "station").order_by("entry_on", "seq")[:number]:
                _certified(row, username)
    with at(day + dt.timedelta(days=4), 8):
        retention.open_due(day=day + dt.timedelta(days=4))
        checks = RetentionCheck.objects.open().filter(delivery__station=station).order_by("check_on", "id")
        if known:
            checks = checks.filter(delivery__entry_on__gte=periods[known].start)
        answers = {
            check.pk: retention.Answer(RetentionResult.RETAINED if number % LEAVES else RetentionResult.LEFT)
            for number, check in enumerate(checks)
        }
        retention.answer(station=station, answers=answers, by=unit)


def _certified(row: Delivery, username: str) -> None:
    made = papers.add_certificate(
        delivery=row,
        kind=SkillKind.SKILL,
        level=SkillLevel.L4,
        number=f"S{row.person.pk.hex[:12]}",
        by=person(username),
    )
    papers.check_certificate(
        certificate=made, result=CertificateResult.VERIFIED, checked_on=row.entry_on, by=person(SCREENER)
    )
