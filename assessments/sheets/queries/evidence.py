"""依据: for each line the pages and papers behind its number, with whom it leaves out and why (R-29, design idea 7)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.words import ITEMS
from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.types import Policy
from stations.oversight.enums import COUNTING_VERDICTS, ActivityState
from stations.oversight.models import Accident, Activity, ChangeReport, Complaint
from stations.oversight.queries.activities import event_facts
from stations.oversight.queries.changes import HAPPENED
from stations.oversight.rules.activities import counts as does_count
from stations.registry.models import Station
from stations.roster.enums import ContractTiming, CountStatus, ReasonCode, RetentionResult
from stations.roster.models import FrozenYear
from stations.roster.queries import retention, year

SHOWN = 20
"""Papers of one kind listed by name; the page of all of them is linked."""


class Link(NamedTuple):
    """A page with the list behind a number."""

    label: str
    url: str


class Paper(NamedTuple):
    """One thing behind the number; `good` is False for what costs points or does not count."""

    text: str
    url: str
    good: bool = True


class LeftOut(NamedTuple):
    """Rows of the roster that do not count, by reason; a row with several reasons is under each of them."""

    code: str
    label: str
    rows: int
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What opens from a line: pages with lists, papers by name, and who was left out."""

    links: tuple[Link, ...] = ()
    papers: tuple[Paper, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def page_of(code: str, station: Station, period: Period) -> str:
    """The page where a line can be looked at, and be improved."""
    if code == "B2":
        roster = reverse("roster:year", args=[station.pk, period.number])
        query = {"status": CountStatus.COUNTED.value, "contract": ContractTiming.MISSING.value}
        return f"{roster}?{urlencode(query)}"
    if code in ("B3", "C4"):
        return reverse("ledger:year" if code == "B3" else "roster:year", args=[station.pk, period.number])
    return reverse(_PAGES[code], args=[station.pk]) if code in _PAGES else ""


_PAGES = {
    "A1": "registry:papers",
    "A2": "registry:papers",
    "A3": "oversight:station_changes",
    "A4": "oversight:station_safety",
    "B1": "registry:papers",
    "C1": "surveys:station",
    "C2": "surveys:station",
    "C3": "oversight:station_activities",
    "C5": "roster:retention",
}


def evidence(station: Station, period: Period, facts: SheetFacts, user: User, *, policy: Policy) -> dict[str, Evidence]:
    """The evidence of every line of a year as this person may see it; six queries whatever the year holds.

    What a station may not see (a complaint not passed on to it) is left out of the list, not of the number.
    """
    roster = reverse("roster:year", args=[station.pk, period.number])
    papers = Link("站点档案", reverse("registry:papers", args=[station.pk]))
    ledger = reverse("ledger:year", args=[station.pk, period.number])
    surveys = Link("满意度调查", reverse("surveys:station", args=[station.pk]))
    visits = Link("走访与整改", reverse("oversight:station_visits", args=[station.pk]))
    return {
        "A1": Evidence(links=(papers, visits)),
        "A2": Evidence(links=(papers, visits)),
        "A3": Evidence(
            links=(Link("专人与变更", reverse("oversight:station_changes", args=[station.pk])),),
            papers=_late_changes(station, period, user),
        ),
        "A4": Evidence(
            links=(Link("投诉与事故", reverse("oversight:station_safety", args=[station.pk])),),
            papers=_safety(station, period, user),
        ),
        "B1": Evidence(links=(papers,)),
        "B2": Evidence(links=_contracts(roster, facts)),
        "B3": Evidence(links=(Link("本年度台账", ledger),), papers=_ledger(ledger, facts)),
        "C1": Evidence(links=(surveys,)),
        "C2": Evidence(links=(surveys,)),
        "C3": Evidence(
            links=(Link("对接活动", reverse("oversight:station_activities", args=[station.pk])),),
            papers=_activities(station, period, user, policy),
        ),
        "C4": Evidence(
            links=(
                _of_roster(roster, f"计入 {facts.people.counted} 人", status=CountStatus.COUNTED),
                _of_roster(roster, f"待核 {facts.of_roster.pending} 行", status=CountStatus.PENDING),
                _of_roster(roster, f"不计 {facts.of_roster.excluded} 行", status=CountStatus.EXCLUDED),
            ),
            left_out=left_out(station, period, frozen=facts.of_roster.frozen),
        ),
        "C5": Evidence(links=_retention(station, facts)),
    }


def left_out(station: Station, period: Period, *, frozen: bool) -> tuple[LeftOut, ...]:
    """Who does not count, by reason, as the frozen roster says or as the rows stand; one query."""
    url = reverse("roster:year", args=[station.pk, period.number])
    numbers: dict[str, int] = defaultdict(int)
    if frozen:
        years = FrozenYear.objects.filter(station=station, period_no=period.number)
        kept = years.values_list("rows", flat=True).first()
        for row in kept or ():
            for code in row[3]:
                numbers[code] += 1
    else:
        rows = year.rows_of(station, period).exclude(status=CountStatus.COUNTED).order_by()
        for codes, number in rows.values_list("codes").annotate(Count("pk")):
            for code in codes:
                numbers[code] += number
    return tuple(
        LeftOut(code, ReasonCode(code).label, number, f"{url}?{urlencode({'code': code})}")
        for code, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
        if code in ReasonCode.values
    )


def _of_roster(url: str, label: str, **filters: str) -> Link:
    return Link(label, f"{url}?{urlencode(filters)}")


def _contracts(roster: str, facts: SheetFacts) -> tuple[Link, ...]:
    told, counted = facts.of_contracts, CountStatus.COUNTED.value
    return (
        _of_roster(roster, f"没有合同 {told.missing} 人", status=counted, contract=ContractTiming.MISSING.value),
        _of_roster(roster, f"逾期签订 {told.late} 人", status=counted, contract=ContractTiming.LATE.value),
        _of_roster(roster, "按时签订的", status=counted, contract=ContractTiming.TIMELY.value),
    )


def _ledger(url: str, facts: SheetFacts) -> tuple[Paper, ...]:
    told = facts.of_ledger
    return (
        *(Paper(f"缺少：{ITEMS[code]}", f"{url}#{code}", good=False) for code in told.missing),
        *(Paper(f"部分齐全 {share}%：{ITEMS[code]}", f"{url}#{code}") for code, share in told.partial),
        *(Paper(f"纸质待核：{ITEMS[code]}", f"{url}#{code}", good=False) for code in told.paper_pending),
    )


def _retention(station: Station, facts: SheetFacts) -> tuple[Link, ...]:
    page, told = retention.path_of(station), facts.of_retention
    answers = (
        (RetentionResult.RETAINED, facts.retention.retained + told.uninsured),
        (RetentionResult.LEFT, told.left),
        (RetentionResult.UNVERIFIED, told.unverified),
    )
    done = []
    for result, number in answers:
        query = urlencode({"show": retention.DONE, "result": result.value})
        done.append(Link(f"{result.label} {number} 人", f"{page}?{query}"))
    return (*done, Link(f"未统计 {told.open} 人", f"{page}?{urlencode({'show': retention.OPEN})}"))


def _late_changes(station: Station, period: Period, user: User) -> tuple[Paper, ...]:
    rows = ChangeReport.objects.visible_to(user).filter(
        HAPPENED, station=station, effective_on__range=(period.start, period.end), on_time=False
    )
    return tuple(
        Paper(
            f"{row.get_kind_display()}，{date_cn(row.effective_on)}生效，未事先报备", row.get_absolute_url(), good=False
        )
        for row in rows.order_by("effective_on", "id")[:SHOWN]
        if row.of_person
    )


def _safety(station: Station, period: Period, user: User) -> tuple[Paper, ...]:
    days = (period.start, period.end)
    accidents = Accident.objects.visible_to(user).filter(station=station).counting(*days)
    found = [
        Paper(f"{row.number}，{date_cn(row.happened_on)}，站点负有责任", row.get_absolute_url(), good=False)
        for row in accidents.order_by("happened_on", "id")[:SHOWN]
    ]
    complaints = Complaint.objects.visible_to(user).filter(station=station)
    rows = complaints.filter(Q(received_on__range=days) | Q(verified_on__range=days))
    for row in rows.order_by("received_on", "id")[:SHOWN]:
        in_year = row.verified_on is not None and row.verified_on in period
        how = f"{date_cn(row.verified_on)}核实：{row.get_verdict_display()}" if in_year else "本年度没有核实"
        against = in_year and row.verdict in COUNTING_VERDICTS
        found.append(Paper(f"{row.number}，{date_cn(row.received_on)}收到，{how}", row.get_absolute_url(), not against))
    return tuple(found)


def _activities(station: Station, period: Period, user: User, policy: Policy) -> tuple[Paper, ...]:
    rows = list(
        Activity.objects.visible_to(user)
        .filter(station=station, held_on__range=(period.start, period.end))
        .exclude(state=ActivityState.WITHDRAWN)
        .order_by("held_on", "id")
        .prefetch_related("organisers")[:SHOWN]
    )
    found, seen = [], set()
    for row, fact in zip(rows, event_facts(rows), strict=True):
        counted = does_count(fact, str(station.pk), policy=policy) and fact.key not in seen
        again = "，与另一条是同一场" if fact.key in seen else ""
        why = "" if counted else again or f"，{row.get_state_display()}，不计"
        if counted:
            seen.add(fact.key)
        found.append(Paper(f"{date_cn(row.held_on)} {row.name}{why}", row.get_absolute_url(), counted))
    return tuple(found)
