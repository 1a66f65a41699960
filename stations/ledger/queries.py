"""The facts of a year's ledger, gathered set-based: one query a kind, whatever the number of stations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import Period
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Employer, Station
from stations.roster.models import Delivery
from stations.roster.queries.years import by_year, in_year

from .enums import PER_EMPLOYER, Item
from .models import JobDemand, LedgerEntry
from .rules import ItemFacts, ItemState, LedgerState, ledger_state

Year = tuple[Station, Period]


@dataclass(slots=True)
class YearFacts:
    """What one year of one station has: employers served with what is kept and seen for each, workers, checks."""

    served: dict[uuid.UUID, int] = field(default_factory=dict)  # employer → rows that are not excluded
    counted: int = 0
    contracts: int = 0
    contracts_seen: int = 0
    checks: int = 0
    answered: int = 0
    kept: dict[tuple[str, uuid.UUID | None], int] = field(default_factory=lambda: defaultdict(int))
    seen: dict[tuple[str, uuid.UUID | None], int] = field(default_factory=lambda: defaultdict(int))

    def items(self) -> list[ItemFacts]:
        """The eight items: L1–L4 by employer, L5 and L7 as lists the portal writes, L6 by worker, L8 optional."""
        found = []
        for item in PER_EMPLOYER:
            kept = sum(bool(self.kept[item, employer]) for employer in self.served)
            seen = sum(bool(self.seen[item, employer]) for employer in self.served)
            found.append(ItemFacts(item, len(self.served), kept, seen))
        rows = int(bool(self.served))
        found.append(ItemFacts(Item.L5, rows, rows, rows if self.seen[Item.L5, None] else 0))
        found.append(
            ItemFacts(
                Item.L6,
                self.counted,
                self.contracts,
                self.contracts if self.seen[Item.L6, None] else self.contracts_seen,
            )
        )
        found.append(ItemFacts(Item.L7, self.checks, self.answered, self.answered if self.seen[Item.L7, None] else 0))
        other = self.kept[Item.L8, None]
        return [*found, ItemFacts(Item.L8, other, other, self.seen[Item.L8, None])]


def facts_of(years: Collection[Year], *, on: dt.date) -> dict[uuid.UUID, YearFacts]:
    """The facts of one year each of these stations, as of `on`; three queries, none without stations."""
    found = {station.pk: YearFacts() for station, _ in years}
    if not found:
        return found
    for row in _served(years, on):
        facts = found[row.station]
        facts.served[row.employer] = row.rows
        facts.counted += row.counted
        facts.contracts += row.contracts
        facts.contracts_seen += row.contracts_seen
        facts.checks += row.checks
        facts.answered += row.answered
    for station, item, employer, kept, seen in (
        LedgerEntry.objects.current()
        .filter(_numbered(years))
        .order_by()
        .values_list("station", "item", "employer")
        .annotate(kept=Count("pk"), seen=Count("pk", filter=Q(paper_seen_at__isnull=False)))
    ):
        found[station].kept[item, employer] += kept
        found[station].seen[item, employer] += seen
    for station, employer in (
        JobDemand.objects.filter(_overlapping(years)).order_by().values_list("station", "employer").distinct()
    ):
        found[station].kept[Item.L4, employer] += 1
    return found


def states_of(years: Collection[Year], *, on: dt.date, official: bool = False) -> dict[uuid.UUID, LedgerState]:
    """The ledger of one year each of these stations: as the meter sees it, or as the official sheet does (R-57)."""
    facts = facts_of(years, on=on)
    return {
        station.pk: ledger_state(facts[station.pk].items(), policy=policy_on(period.end).policy, official=official)
        for station, period in years
    }


class _Served(NamedTuple):
    """The deliveries of a station to an employer in its year that are not excluded, and what the counted ones have."""

    station: uuid.UUID
    employer: uuid.UUID
    rows: int
    counted: int
    contracts: int
    contracts_seen: int
    checks: int
    answered: int


def _served(years: Collection[Year], on: dt.date) -> list[_Served]:
    """Year by year along the index of station and entry, then row by row along those of contracts and checks: written
    as a query set, it reads the contracts of the whole district for a page of twenty stations."""
    parameters = {
        "stations": [station.pk for station, _ in years],
        "first": [period.start for _, period in years],
        "last": [period.end for _, period in years],
        "on": on,
    }
    with connection.cursor() as cursor:
        cursor.execute(by_year(_SERVED), parameters)
        return [_Served._make(row) for row in cursor.fetchall()]


_SERVED = """
    SELECT y.station, d.employer_id, count(*), count(*) FILTER (WHERE d.counted),
           count(c.seen), count(*) FILTER (WHERE c.seen), count(r.result), count(*) FILTER (WHERE r.result <> '')
      FROM unnest(%(stations)s::uuid[], %(first)s::date[], %(last)s::date[]) AS y (station, first, last)
     CROSS JOIN LATERAL (SELECT o.id, o.employer_id, o.status = 'COUNTED' AS counted
                           FROM stations_delivery o
                          WHERE o.station_id = y.station AND o.year_day BETWEEN y.first AND y.last
                            AND o.status <> 'EXCLUDED' OFFSET 0) d
      LEFT JOIN LATERAL (SELECT bool_or(k.paper_seen_on IS NOT NULL) AS seen
                           FROM stations_contract k
                          WHERE d.counted AND k.delivery_id = d.id AND k.voided_at IS NULL) c ON true
      LEFT JOIN LATERAL (SELECT h.result
                           FROM stations_retentioncheck h
                          WHERE d.counted AND h.delivery_id = d.id AND h.check_on <= %(on)s OFFSET 0) r ON true
     GROUP BY y.station, d.employer_id
"""


def _entered(years: Collection[Year]) -> Q:
    """Rows of these stations that belong to the year (R-07)."""
    wanted = Q(pk__in=[])
    for station, period in years:
        wanted |= Q(in_year(period), station=station)
    return wanted


def _numbered(years: Collection[Year]) -> Q:
    wanted = Q(pk__in=[])
    for station, period in years:
        wanted |= Q(station=station, period=period.number)
    return wanted


def _overlapping(years: Collection[Year]) -> Q:
    wanted = Q(pk__in=[])
    for station, period in years:
        wanted |= Q(station=station, valid_from__lte=period.end, valid_to__gte=period.start)
    return wanted


# --- One year as its page shows it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One employer's document of one item: kept, seen, or neither."""

    item: Item
    kept: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class EmployerLine:
    """An employer served in the year and its four items."""

    employer: Employer
    rows: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with its state and its entries."""

    item: Item
    state: ItemState
    entries: list[LedgerEntry]
    per_employer: bool


@dataclass(frozen=True, slots=True)
class YearView:
    """The whole page of a year."""

    facts: YearFacts
    state: LedgerState
    items: list[ItemView]
    employers: list[EmployerLine]
    unseen: int


def year_of(station: Station, period: Period, user: User, *, on: dt.date) -> YearView:
    """The ledger of a year as this person may see it; a constant number of queries."""
    facts = facts_of([(station, period)], on=on)[station.pk]
    state = ledger_state(facts.items(), policy=policy_on(period.end).policy)
    entries: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in entries_of(station, period.number, user):
        entries[row.item].append(row)
    employers = Employer.objects.filter(pk__in=facts.served).order_by("name", "pk")
    lines = [
        EmployerLine(
            employer,
            facts.served[employer.pk],
            tuple(
                Cell(item, bool(facts.kept[item, employer.pk]), bool(facts.seen[item, employer.pk]))
                for item in PER_EMPLOYER
            ),
        )
        for employer in employers
    ]
    items = [ItemView(one.item, one, entries[one.item], one.item in PER_EMPLOYER) for one in state.items]
    unseen = sum(row.paper_seen_at is None for rows in entries.values() for row in rows)
    return YearView(facts, state, items, lines, unseen)


def entries_of(station: Station, number: int, user: User) -> QuerySet[LedgerEntry]:
    """The current entries of a year, by item and employer."""
    return (
        LedgerEntry.objects.visible_to(user)
        .current()
        .filter(station=station, period=number)
        .select_related("employer", "file", "added_by", "paper_seen_by")
        .order_by("item", "employer__name", "added_at", "pk")
    )


def demands_of(station: Station, user: User) -> QuerySet[JobDemand]:
    """The job demands of a station, what was withdrawn or has passed at the end."""
    return (
        JobDemand.objects.visible_to(user)
        .filter(station=station)
        .select_related("employer", "cleared_by", "published_by")
        .order_by("withdrawn_at", "-valid_to", "-added_at", "pk")
    )


def choosable_employers(station: Station, years: Sequence[Period], user: User) -> QuerySet[Employer]:
    """The employers an entry or a demand may name: those served in these years, and those the operator has named."""
    served = Delivery.objects.filter(_entered([(station, period) for period in years])).values("employer")
    known = Employer.objects.visible_to(user).values("pk")
    return Employer.objects.filter(Q(pk__in=served) | Q(pk__in=known)).order_by("name", "pk")
