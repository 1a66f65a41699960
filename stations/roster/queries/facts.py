"""The facts behind a recount, gathered set-based: one query a kind, streamed person by person, never all in memory.

A recount is one of a list (an application's cumulative roster) or one of a station, whose years are counted apart.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Q

from jinhua_labor.review.states import State
from stations.registry.models import Employer
from stations.roster.models import Adjudication, Delivery, InsuranceExtract, RosterList
from stations.roster.rules import InsuredMonth

if TYPE_CHECKING:
    import uuid

_names = itertools.count()
_AT_ONCE = 5000  # rows asked for by their keys in one query
HOLDING = (State.SUBMITTED, State.RETURNED, State.SCREENED, State.APPROVED)
"""Applications whose list claims its people; a draft, a withdrawn or refused one holds nobody."""


class DeliveryRow(NamedTuple):
    """One delivery as the recount reads it; `codes` and `flags` as they are stored, joined by commas."""

    id: str
    person: str
    entry_on: dt.date
    employer: str
    form: str
    hukou_province: str
    birth: dt.date
    sex: str
    id_province: str
    si_checked_to: int | None
    contract_employer: str
    status: str
    codes: str
    flags: str
    qualified_on: dt.date | None
    created_at: dt.datetime
    seq: int
    roster_list: str | None
    leave_on: dt.date | None
    check: str | None
    check_on: dt.date | None
    month_ok: bool | None


class MonthRow(NamedTuple):
    """One insured month as stored."""

    person: str
    extract: str
    month: int
    kind: str
    place: str
    payer: str
    status: str
    paid_on: dt.date | None


class Claim(NamedTuple):
    """A row of the same person in another list that was handed in or belongs to a station."""

    id: str
    operator: str
    employer: str
    entry_on: dt.date
    submitted_at: dt.datetime | None
    station: str | None
    status: str


class Scope(NamedTuple):
    """Whose deliveries are counted together: those of a list, or those of a station."""

    column: str  # of deliveries
    pk: uuid.UUID

    @classmethod
    def of_list(cls, pk: uuid.UUID) -> Scope:
        return cls("roster_list_id", pk)

    @classmethod
    def of_station(cls, pk: uuid.UUID) -> Scope:
        return cls("station_id", pk)

    @property
    def is_station(self) -> bool:
        return self.column == "station_id"


@dataclass(slots=True)
class Surroundings:
    """What is the same for all rows of a recount, or concerns few of them."""

    local_employers: frozenset[str]
    dispatch_units: frozenset[str]
    accepted: dict[str, frozenset[str]] = field(default_factory=dict)
    refused: dict[str, frozenset[str]] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    extracts: dict[str, tuple[dt.datetime, int, int]] = field(default_factory=dict)
    asked_whole: dict[str, str] = field(default_factory=dict)
    """Extracts that asked for everyone of the scope, or (the value) for everyone of one of its lists."""
    submitted_at: dict[str, dt.datetime] = field(default_factory=dict)
    """When each list of the scope was first handed in."""


@contextmanager
def stream(sql: str, params: Sequence[Any] = (), *, size: int = 5000) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows of a query through a server-side cursor. Must run inside a transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"roster_{next(_names)}") as cursor:
        cursor.itersize = size
        cursor.execute(sql, params)
        yield iter(cursor)


def surroundings(scope: Scope, persons: Collection[str] | None = None) -> Surroundings:
    """Employers, adjudications, claims of others and extracts; one query each."""
    local, dispatch = set(), set()
    for code, in_district, licensed in Employer.objects.values_list(
        "credit_code", "in_district", "has_dispatch_licence"
    ):
        if in_district:
            local.add(code)
        if licensed:
            dispatch.add(code)
    found = Surroundings(frozenset(local), frozenset(dispatch))
    adjudications = Adjudication.objects.filter(**{f"delivery__{scope.column}": scope.pk})
    if persons is not None:
        adjudications = adjudications.filter(delivery__person__in=persons)
    for delivery, code, accepted in adjudications.values_list("delivery_id", "code", "accepted"):
        kind = found.accepted if accepted else found.refused
        kind[str(delivery)] = kind.get(str(delivery), frozenset()) | {code}
    found.claims = _claims(scope, persons)
    found.submitted_at = _submitted(scope)
    _extracts(scope, found)
    return found


def _submitted(scope: Scope) -> dict[str, dt.datetime]:
    if scope.is_station:
        lists = Q(pk__in=Delivery.objects.filter(station=scope.pk, roster_list__isnull=False).values("roster_list"))
    else:
        lists = Q(pk=scope.pk)
    rows = RosterList.objects.filter(lists).values_list("pk", "application__review__first_submitted_at")
    return {str(pk): at for pk, at in rows if at is not None}


def _extracts(scope: Scope, found: Surroundings) -> None:
    """The extracts that asked for the scope. One that asked for others and names somebody of it is met with his months:
    looked for beforehand, it would take reading all the months twice."""
    if scope.is_station:
        whole = Q(station=scope.pk) | Q(district=True)
        whole |= Q(roster_list__in=Delivery.objects.filter(station=scope.pk).values("roster_list"))
    else:
        whole = Q(roster_list=scope.pk)
    for pk, at, first, last, everyone, of_list in InsuranceExtract.objects.filter(whole).values_list(
        "pk", "at", "month_from", "month_to", "whole_list", "roster_list_id"
    ):
        found.extracts[str(pk)] = (at, first, last)
        if everyone:
            found.asked_whole[str(pk)] = str(of_list) if scope.is_station and of_list else ""


def _claims(scope: Scope, persons: Collection[str] | None) -> dict[str, list[Claim]]:
    only, params = _only(scope, persons)
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE.format(only=only, column=scope.column), [*params, scope.pk])
        elsewhere = [pk for (pk,) in cursor.fetchall()]
    holding = Q(station__isnull=False) | Q(roster_list__application__review__state__in=HOLDING)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for start in range(0, len(elsewhere), _AT_ONCE):
        others = Delivery.objects.filter(holding, pk__in=elsewhere[start : start + _AT_ONCE])
        for person, pk, operator, employer, entry_on, submitted_at, created_at, station, status in others.values_list(
            "person_id",
            "pk",
            "operator_id",
            "employer__credit_code",
            "entry_on",
            "roster_list__application__review__first_submitted_at",
            "created_at",
            "station_id",
            "status",
        ):
            handed_in = submitted_at or (created_at if station else None)  # what a station enters is handed in at once
            claims[str(person)].append(
                Claim(str(pk), str(operator), employer, entry_on, handed_in, str(station) if station else None, status)
            )
    return dict(claims)


# A scope is a small part of the district's tables. Each query below finds its people first (MATERIALIZED: planned by
# itself, for all its rows and not for the first few a cursor fetches) and then asks for each of them along an index
# (LATERAL … OFFSET 0), whatever the statistics say. Left to itself the planner reads all the deliveries, persons and
# months of the district for every station.
_ROWS = """
    WITH own AS MATERIALIZED (SELECT d.* FROM stations_delivery d WHERE d.{column} = %s {only})
    SELECT d.id::text, d.person_id::text, d.entry_on, e.credit_code, d.employment_form, d.hukou_province,
           p.birth, p.sex, p.id_province, p.si_checked_to, d.contract_employer_code,
           d.status, array_to_string(d.codes, ','), array_to_string(d.flags, ','), d.qualified_on, d.created_at, d.seq,
           d.roster_list_id::text, d.leave_on, {check}
      FROM own d
     CROSS JOIN LATERAL (SELECT s.birth, s.sex, s.id_province, s.si_checked_to
                           FROM stations_person s WHERE s.id = d.person_id OFFSET 0) p
      JOIN stations_employer e ON e.id = d.employer_id {join}
     ORDER BY d.person_id, d.seq, d.id
"""
_CHECK = """
      LEFT JOIN LATERAL (SELECT c.id, c.check_on, c.si_month_ok
                           FROM stations_retentioncheck c WHERE c.delivery_id = d.id OFFSET 0) r ON true
"""
_MONTHS = """
    WITH own AS MATERIALIZED (
        SELECT DISTINCT d.person_id FROM stations_delivery d WHERE d.{column} = %s {only} ORDER BY d.person_id)
    SELECT m.person_id::text, m.extract_id::text, m.month, m.kind, m.place, m.payer_code, m.status, m.paid_on
      FROM own
     CROSS JOIN LATERAL (SELECT i.* FROM stations_insuredmonth i WHERE i.person_id = own.person_id OFFSET 0) m
     ORDER BY own.person_id, m.month
"""
_ELSEWHERE = """
    WITH own AS MATERIALIZED (SELECT DISTINCT d.person_id FROM stations_delivery d WHERE d.{column} = %s {only})
    SELECT o.id
      FROM own
     CROSS JOIN LATERAL (SELECT c.* FROM stations_delivery c WHERE c.person_id = own.person_id OFFSET 0) o
     WHERE o.{column} IS DISTINCT FROM %s AND o.status <> 'EXCLUDED'
"""


def _only(scope: Scope, persons: Collection[str] | None) -> tuple[str, list[Any]]:
    """A further condition on the deliveries `d` of the scope, and the values of both."""
    if persons is None:
        return "", [scope.pk]
    return "AND d.person_id = ANY(%s::uuid[])", [scope.pk, [str(person) for person in persons]]


def people(
    scope: Scope, around: Surroundings, persons: Collection[str] | None = None
) -> Iterator[tuple[list[DeliveryRow], tuple[InsuredMonth, ...]]]:
    """Each person of the scope with his rows in order and the insured months that hold: of several extracts that asked
    for a month, the latest one's. Must run inside a transaction."""
    only, params = _only(scope, persons)
    check, join = "NULL, NULL::date, NULL::boolean", ""
    if scope.is_station:
        check, join = "r.id::text, r.check_on, r.si_month_ok", _CHECK
    parts = {"only": only, "column": scope.column}
    with (
        stream(_ROWS.format(**parts, check=check, join=join), params) as deliveries,
        stream(_MONTHS.format(**parts), params, size=20_000) as months,
    ):
        holding = _Holding(around, months)
        for person, rows in itertools.groupby(map(DeliveryRow._make, deliveries), key=_person):
            mine = list(rows)
            yield mine, holding.of(person, mine)


def _person(row: DeliveryRow) -> str:
    return row.person


class _Holding:
    """Walks the months beside the deliveries (both ordered by person) and keeps those that hold."""

    def __init__(self, around: Surroundings, months: Iterator[tuple[Any, ...]]) -> None:
        self._around = around
        self._months = months
        self._next: tuple[Any, ...] | None = next(months, None)
        self._known: dict[tuple[Any, ...], InsuredMonth] = {}  # few different ones, however many workers
        self._single = len(around.extracts) == 1

    def of(self, person: str, rows: list[DeliveryRow]) -> tuple[InsuredMonth, ...]:
        found: list[tuple[Any, ...]] = []
        ahead, months = self._next, self._months
        while ahead is not None and ahead[0] <= person:
            if ahead[0] == person:
                found.append(ahead)
            ahead = next(months, None)
        self._next = ahead
        if found and not (self._single and self._all_known(found)):
            found = self._latest(found, rows)
        known = self._known
        return tuple([known.get(row[2:]) or self._remember(row[2:]) for row in found])

    def _all_known(self, months: list[tuple[Any, ...]]) -> bool:
        """Whether the months are of extracts met before; looks the others up."""
        known = self._around.extracts
        missing = {row[1] for row in months if row[1] not in known}
        if not missing:
            return True
        rows = InsuranceExtract.objects.filter(pk__in=missing).values_list("pk", "at", "month_from", "month_to")
        known.update((str(pk), (at, first, last)) for pk, at, first, last in rows)
        self._single = len(known) == 1
        return self._single

    def _remember(self, key: tuple[Any, ...]) -> InsuredMonth:
        month = self._known[key] = InsuredMonth(*key)
        return month

    def _latest(self, months: list[tuple[Any, ...]], rows: list[DeliveryRow]) -> list[tuple[Any, ...]]:
        """Without the months that a later extract asked for again, whether it found them or not."""
        since = min(row.created_at for row in rows)
        around = self._around
        self._all_known(months)
        asked = {month[1] for month in months}
        lists = {"", *(row.roster_list for row in rows)}
        asked.update(pk for pk, of in around.asked_whole.items() if of in lists and around.extracts[pk][0] >= since)
        kept: list[tuple[Any, ...]] = []
        spans: list[tuple[int, int]] = []
        for pk in sorted(asked, key=lambda one: around.extracts[one][0], reverse=True):
            kept += [row for row in months if row[1] == pk and not any(a <= row[2] <= b for a, b in spans)]
            spans.append(around.extracts[pk][1:])
        return sorted(kept, key=lambda row: row[2])
