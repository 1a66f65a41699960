"""The facts of assessed years, gathered set-based: a fixed number of queries whatever the number of stations.

Each fact comes from the room that owns it; the roster of a year that is frozen speaks for who counts (R-26, R-28).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from assessments.sheets.rules.facts import FileFacts, LedgerFacts, SheetFacts
from assessments.sheets.rules.people import BEFORE, PeopleCounts, count, ratio_of
from assessments.surveys.enums import Kind
from assessments.surveys.queries.surveys import facts_of as survey_facts
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import CasesFact, CountFact, PeopleFact, RatioFact
from jinhua_labor.policy.types import Policy
from stations.ledger.queries import facts_of as ledger_facts
from stations.ledger.rules import LedgerState, Level, ledger_state
from stations.oversight.queries.activities import events_by_station
from stations.oversight.queries.changes import liaison_facts
from stations.oversight.queries.safety import safety_facts
from stations.registry.models import Station
from stations.registry.papers import StationFile, station_file
from stations.registry.queries.papers import papers_of
from stations.roster.enums import ContractTiming, CountStatus
from stations.roster.queries import counting


@dataclass(frozen=True, slots=True)
class YearOf:
    """One year of one station to gather facts of, its cutoff and the version it is scored under."""

    station: Station
    period: Period
    cutoff: dt.date
    policy: Policy


class PersonRow(NamedTuple):
    """A row of the year as it was counted for the sheet: what a `SheetPerson` keeps. `contract`: signed in time."""

    delivery: uuid.UUID
    status: str
    codes: tuple[str, ...]
    matured: bool
    retained: bool
    contract: bool
    skilled: bool


def gather(
    station: Station, period: Period, *, cutoff: dt.date, as_of: dt.date, policy: Policy, official: bool
) -> SheetFacts:
    """The facts of one year as the data stand on `as_of`. M is fixed at `cutoff`; checks are read as they stand."""
    return gather_many([YearOf(station, period, cutoff, policy)], as_of=as_of, official=official)[station.pk]


def gather_many(years: Collection[YearOf], *, as_of: dt.date, official: bool) -> dict[uuid.UUID, SheetFacts]:
    """The facts of one year each of these stations, by station.

    `official`: the frozen roster, 纸质 seen, papers checked; else the live meter's view of the rows as they stand, with
    an electronic entry of the ledger and an unchecked paper taken as there (R-57).
    """
    if not years:
        return {}
    plain = [(year.station, year.period) for year in years]
    papers = papers_of([year.station.pk for year in years])
    liaisons, safety = liaison_facts(plain, day=as_of), safety_facts(plain)
    events = events_by_station([(year.station, year.period, year.policy) for year in years])
    ledgers = ledger_facts(plain, on=as_of)
    surveys = survey_facts((year.station.pk, year.period.number) for year in years)
    people = _people(years, as_of=as_of, official=official)
    found = {}
    for year in years:
        pk, policy = year.station.pk, year.policy
        day = min(year.period.end, as_of)
        file = station_file(papers[pk], on=day, period=year.period, settings=policy.settings)
        ledger = ledger_state(ledgers[pk].items(), policy=policy, official=official)
        counts, answers = people[pk], surveys[pk, year.period.number]
        found[pk] = SheetFacts(
            official=official,
            cutoff=year.cutoff,
            as_of=as_of,
            system=file.system(provisional=not official),
            offices=file.offices(provisional=not official),
            liaison=liaisons[pk],
            safety=safety[pk],
            plan=file.work_plan(provisional=not official),
            contracts=CasesFact(counts.contracts.missing + counts.contracts.late, counts.counted),
            ledger=CasesFact(len(ledger.missing), counts.counted),
            workers=answers[Kind.WORKERS],
            employers=answers[Kind.EMPLOYERS],
            activities=CountFact(events[pk]),
            people=PeopleFact(counts.counted, counts.skilled),
            retention=RatioFact(counts.retained, counts.matured),
            of_file=_file(file),
            of_roster=counts.roster,
            of_contracts=counts.contracts,
            of_ledger=_ledger(ledger),
            of_retention=counts.retention,
        )
    return found


def people_of(
    station: Station,
    period: Period,
    *,
    cutoff: dt.date,
    as_of: dt.date,  # noqa: ARG001  rows are read as they stand; the day goes with the facts
    policy: Policy,
) -> Iterator[PersonRow]:
    """The rows behind the numbers of a year, streamed; N, T, M and R are their sums. Where the policy measures 留用 by
    the day of the check, workers of the year before follow, 不计 in this one and marked 上年."""
    span = _span(YearOf(station, period, cutoff, policy), counting.frozen_of([(station, period)]))
    skilled = counting.skilled([span])[station.pk] if span.frozen is None else set()
    for row in counting.rows(span):
        matured, retained = ratio_of(row, period=period, cutoff=cutoff, policy=policy)
        if not (row.inside or matured):
            continue
        is_skilled = bool(row.skilled) if row.skilled is not None else row.delivery in skilled
        yield PersonRow(
            row.delivery,
            row.status if row.inside else CountStatus.EXCLUDED.value,
            row.codes if row.inside else (BEFORE,),
            matured,
            retained,
            row.timing == ContractTiming.TIMELY,
            row.inside and row.status == CountStatus.COUNTED and is_skilled,
        )


def _people(years: Collection[YearOf], *, as_of: dt.date, official: bool) -> dict[uuid.UUID, PeopleCounts]:
    frozen = counting.frozen_of([(year.station, year.period) for year in years]) if official else {}
    spans = [_span(year, frozen) for year in years]
    groups = counting.groups(spans)
    live = [span for span in spans if span.frozen is None]
    skilled = counting.skilled(live) if live else {}
    waiting = counting.certificates_waiting(spans)
    found = {}
    for year, span in zip(years, spans, strict=True):
        pk = year.station.pk
        counts = count(
            groups[pk],
            period=year.period,
            cutoff=year.cutoff,
            as_of=as_of,
            policy=year.policy,
            frozen=span.frozen is not None,
        )
        if pk in skilled:
            counts = replace(counts, skilled=len(skilled[pk]))
        found[pk] = replace(counts, roster=replace(counts.roster, certificates_waiting=waiting.get(pk, 0)))
    return found


def _span(year: YearOf, frozen: dict[uuid.UUID, uuid.UUID]) -> counting.YearSpan:
    return counting.YearSpan(year.station, year.period, year.policy, frozen.get(year.station.pk))


def _file(file: StationFile) -> FileFacts:
    return FileFacts(
        rules=str(file.rules),
        agreement=str(file.agreement),
        inside=str(file.inside),
        outside=str(file.outside),
        furnished=file.furnished,
        plan=str(file.plan),
        plan_filed_on=file.plan_filed_on,
        plan_due_on=file.plan_due_on,
    )


def _ledger(state: LedgerState) -> LedgerFacts:
    partial = [one for one in state.items if one.level is Level.PARTIAL]
    return LedgerFacts(
        missing=tuple(str(item.value) for item in state.missing),
        partial=tuple((str(one.item.value), one.percent) for one in partial),
        paper_pending=tuple(str(one.item.value) for one in state.items if one.paper_pending),
    )
