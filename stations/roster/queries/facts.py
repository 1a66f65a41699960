"""The facts behind a recount, gathered set-based: one query a kind, streamed person by person, never all in memory."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from jinhua_labor.review.states import State
from stations.registry.models import Employer
from stations.roster.enums import CountStatus
from stations.roster.models import Adjudication, Delivery, InsuranceExtract
from stations.roster.rules import InsuredMonth

if TYPE_CHECKING:
    from stations.roster.models import RosterList

_names = itertools.count()
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
    at_station: bool
    status: str


@dataclass(slots=True)
class Surroundings:
    """What is the same for all rows of a recount, or concerns few of them."""

    local_employers: frozenset[str]
    dispatch_units: frozenset[str]
    accepted: dict[str, frozenset[str]] = field(default_factory=dict)
    refused: dict[str, frozenset[str]] = field(default_factory=dict)
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    extracts: dict[str, tuple[dt.datetime, int, int]] = field(default_factory=dict)
    whole_list: tuple[str, ...] = ()
    submitted_at: dt.datetime | None = None


@contextmanager
def stream(sql: str, params: Sequence[Any] = (), *, size: int = 5000) -> Iterator[Iterator[tuple[Any, ...]]]:
    """The rows of a query through a server-side cursor. Must run inside a transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(name=f"roster_{next(_names)}") as cursor:
        cursor.itersize = size
        cursor.execute(sql, params)
        yield iter(cursor)


def surroundings(roster_list: RosterList, persons: Collection[str] | None = None) -> Surroundings:
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
    adjudications = Adjudication.objects.filter(delivery__roster_list=roster_list)
    if persons is not None:
        adjudications = adjudications.filter(delivery__person__in=persons)
    for delivery, code, accepted in adjudications.values_list("delivery_id", "code", "accepted"):
        kind = found.accepted if accepted else found.refused
        kind[str(delivery)] = kind.get(str(delivery), frozenset()) | {code}
    found.claims = _claims(roster_list, persons)
    for pk, at, first, last, whole, of_list in InsuranceExtract.objects.filter(
        Q(roster_list=roster_list) | Exists(_months_of_list(roster_list))
    ).values_list("pk", "at", "month_from", "month_to", "whole_list", "roster_list_id"):
        found.extracts[str(pk)] = (at, first, last)
        if whole and of_list == roster_list.pk:
            found.whole_list += (str(pk),)
    found.submitted_at = (
        type(roster_list)
        .objects.filter(pk=roster_list.pk)
        .values_list("application__review__first_submitted_at", flat=True)
        .first()
    )
    return found


def _months_of_list(roster_list: RosterList) -> Any:
    """Months in an extract that concern somebody of the list; only for extracts that were asked for other lists."""
    from stations.roster.models import InsuredMonth as Month

    return Month.objects.filter(extract=OuterRef("pk"), person__deliveries__roster_list=roster_list).exclude(
        extract__roster_list=roster_list
    )


def _claims(roster_list: RosterList, persons: Collection[str] | None) -> dict[str, list[Claim]]:
    mine = Delivery.objects.filter(roster_list=roster_list, person=OuterRef("person"))
    others = (
        Delivery.objects.filter(Exists(mine))
        .exclude(roster_list=roster_list)
        .exclude(status=CountStatus.EXCLUDED)
        .filter(Q(station__isnull=False) | Q(roster_list__application__review__state__in=HOLDING))
    )
    if persons is not None:
        others = others.filter(person__in=persons)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for person, pk, operator, employer, entry_on, submitted_at, station, status in others.values_list(
        "person_id",
        "pk",
        "operator_id",
        "employer__credit_code",
        "entry_on",
        "roster_list__application__review__first_submitted_at",
        "station_id",
        "status",
    ):
        claims[str(person)].append(
            Claim(str(pk), str(operator), employer, entry_on, submitted_at, station is not None, status)
        )
    return dict(claims)


_ROWS = """
    SELECT d.id::text, d.person_id::text, d.entry_on, e.credit_code, d.employment_form, d.hukou_province,
           p.birth, p.sex, p.id_province, p.si_checked_to, d.contract_employer_code,
           d.status, array_to_string(d.codes, ','), array_to_string(d.flags, ','), d.qualified_on, d.created_at, d.seq
      FROM stations_delivery d
      JOIN stations_person p ON p.id = d.person_id
      JOIN stations_employer e ON e.id = d.employer_id
     WHERE d.roster_list_id = %s {only}
     ORDER BY d.person_id, d.seq, d.id
"""
_MONTHS = """
    SELECT m.person_id::text, m.extract_id::text, m.month, m.kind, m.place, m.payer_code, m.status, m.paid_on
      FROM stations_insuredmonth m
     WHERE m.person_id IN (SELECT d.person_id FROM stations_delivery d WHERE d.roster_list_id = %s {only})
     ORDER BY m.person_id, m.month
"""


def people(
    roster_list: RosterList, around: Surroundings, persons: Collection[str] | None = None
) -> Iterator[tuple[list[DeliveryRow], tuple[InsuredMonth, ...]]]:
    """Each person of the list with his rows in order and the insured months that hold: of several extracts that asked
    for a month, the latest one's. Must run inside a transaction."""
    only, params = "", [roster_list.pk]
    if persons is not None:
        only, params = "AND d.person_id = ANY(%s)", [roster_list.pk, [str(person) for person in persons]]
    with (
        stream(_ROWS.format(only=only), params) as deliveries,
        stream(_MONTHS.format(only=only), params, size=20_000) as months,
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
        self._newest = sorted(around.extracts, key=lambda pk: around.extracts[pk][0], reverse=True)
        self._single = len(around.extracts) == 1

    def of(self, person: str, rows: list[DeliveryRow]) -> tuple[InsuredMonth, ...]:
        found: list[tuple[Any, ...]] = []
        ahead, months = self._next, self._months
        while ahead is not None and ahead[0] <= person:
            if ahead[0] == person:
                found.append(ahead)
            ahead = next(months, None)
        self._next = ahead
        if not self._single and found:
            found = self._latest(found, rows)
        known = self._known
        return tuple([known.get(row[2:]) or self._remember(row[2:]) for row in found])

    def _remember(self, key: tuple[Any, ...]) -> InsuredMonth:
        month = self._known[key] = InsuredMonth(*key)
        return month

    def _latest(self, months: list[tuple[Any, ...]], rows: list[DeliveryRow]) -> list[tuple[Any, ...]]:
        """Without the months that a later extract asked for again, whether it found them or not."""
        since = min(row.created_at for row in rows)
        around = self._around
        asked = {month[1] for month in months}
        asked.update(pk for pk in around.whole_list if around.extracts[pk][0] >= since)
        kept: list[tuple[Any, ...]] = []
        spans: list[tuple[int, int]] = []
        for pk in self._newest:
            if pk not in asked:
                continue
            kept += [row for row in months if row[1] == pk and not any(a <= row[2] <= b for a, b in spans)]
            spans.append(around.extracts[pk][1:])
        return sorted(kept, key=lambda row: row[2])
