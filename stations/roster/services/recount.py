"""Who of a list counts (R-02, R-07, R-12): facts in streams, the pure rule, changed rows back by COPY and one merge."""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.rulebook import policy_on
from stations.roster.enums import CountStatus, ReasonCode
from stations.roster.models import Delivery, RosterList
from stations.roster.queries.facts import Claim, DeliveryRow, Scope, Surroundings, people, surroundings
from stations.roster.queries.tally import RosterSummary, summary
from stations.roster.rules import (
    ClaimedRow,
    Counting,
    InsuredMonth,
    Verdict,
    WorkerFacts,
    claimed_by_others,
    repeated,
)

from .bulk import NULL, analyse, copy_lines, patient

if TYPE_CHECKING:
    import uuid

    from jinhua_labor.accounts.models import Organisation, User
    from jinhua_labor.policy.types import Policy
    from stations.registry.models import Station

YearOf = Callable[[dt.date, dt.date | None], int]
"""Which year of a station a row belongs to, by 入职时间 and the day its insurance run was complete."""

_NONE: frozenset[str] = frozenset()
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def recount_list(
    *,
    roster_list: RosterList,
    as_of: dt.date | None = None,
    by: User | None = None,
    persons: Collection[uuid.UUID] | None = None,
) -> RosterSummary:
    """Counts every row of the list anew, or only the rows of some persons, and keeps the result.

    A list that was handed in counts as of that day (R-12), an open one as of today; `as_of` names another day.
    The list is locked meanwhile; nothing else of it changes. `by` is the person who asked, None where the count only
    follows a change that is journalled itself. Once its people belong to a station, they count there
    (`recount_station`), and the list only adds up.
    """
    if as_of is None and (station := station_of(roster_list)) is not None:
        return _at_station(roster_list, station, by, persons)
    if persons is None:
        analyse()
    with transaction.atomic():
        patient()
        locked = RosterList.objects.select_for_update(of=("self",), no_key=True).get(pk=roster_list.pk)
        day = as_of or (timezone.localdate(locked.locked_at) if locked.locked_at else today())
        policy = policy_on(day).policy
        only = None if persons is None else [str(person) for person in persons]
        scope = Scope.of_list(locked.pk)
        counter = Counter(scope, locked.operator, surroundings(scope, only), policy, day)
        write(counter.changes(only))
        if only is None:
            locked.rows, locked.persons = counter.rows, counter.persons
            locked.counted = counter.tally[CountStatus.COUNTED.value]
            locked.pending = counter.tally[CountStatus.PENDING.value]
            locked.excluded = counter.tally[CountStatus.EXCLUDED.value]
            locked.by_code = dict(sorted(counter.codes.items()))
            locked.recount_due = False
        else:
            add_up(locked)
        locked.counted_as_of, locked.counted_at = day, timezone.now()
        locked.save(update_fields=TALLY)
        found = summary(locked)
        if by is not None:
            record(
                by=by,
                action="roster.recount",
                obj=locked,
                detail={"as_of": day, "raw": found.raw, "counted": found.counted, "pending": found.pending},
            )
    for name in TALLY:
        setattr(roster_list, name, getattr(locked, name))
    return found


TALLY = ("rows", "persons", "counted", "pending", "excluded", "by_code", "counted_as_of", "counted_at", "recount_due")


def add_up(roster_list: RosterList) -> None:
    """Sets the numbers of the list from its rows as they are stored; the caller holds its lock and saves it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT person_id),"
            " count(*) FILTER (WHERE status = 'COUNTED'), count(*) FILTER (WHERE status = 'PENDING'),"
            " count(*) FILTER (WHERE status = 'EXCLUDED') FROM stations_delivery WHERE roster_list_id = %s",
            [roster_list.pk],
        )
        (
            roster_list.rows,
            roster_list.persons,
            roster_list.counted,
            roster_list.pending,
            roster_list.excluded,
        ) = cursor.fetchone()
        cursor.execute(
            "SELECT code, count(*) FROM stations_delivery, unnest(codes) AS code"
            " WHERE roster_list_id = %s GROUP BY code ORDER BY code",
            [roster_list.pk],
        )
        roster_list.by_code = dict(cursor.fetchall())


def station_of(roster_list: RosterList) -> Station | None:
    """The station the people of the list belong to, None before its establishment."""
    if roster_list.station is not None:
        return roster_list.station
    row = (
        Delivery.objects.filter(roster_list=roster_list, station__isnull=False)
        .order_by()
        .select_related("station")
        .only("station")
        .first()
    )
    return row.station if row is not None else None


def _at_station(
    roster_list: RosterList, station: Station, by: User | None, persons: Collection[uuid.UUID] | None
) -> RosterSummary:
    from .recount_station import recount_station

    recount_station(station=station, by=by, persons=persons)
    roster_list.refresh_from_db(fields=TALLY)
    return summary(roster_list)


class Counter:
    """One pass over the people of a list or a station: counts, and yields what changed.

    `period_of` is given for a station: a person counts once in each of its years (R-07); in a list once
    for ever (R-12).
    """

    def __init__(
        self,
        scope: Scope,
        operator: Organisation,
        around: Surroundings,
        policy: Policy,
        day: dt.date,
        *,
        period_of: YearOf | None = None,
    ) -> None:
        self.scope, self.around, self.policy, self.period_of = scope, around, policy, period_of
        self.holder = str(scope.pk) if scope.is_station else str(operator.pk)
        self.operator = str(operator.pk)
        self.operator_code = operator.credit_code
        self.counting = Counting(
            policy=policy,
            as_of=day,
            local_employers=around.local_employers,
            dispatch_units=around.dispatch_units,
        )
        self.rows = self.persons = 0
        self.before: Tally[str] = Tally()
        self.tally: Tally[str] = Tally()
        self.codes: Tally[str] = Tally()

    def changes(self, only: Collection[str] | None) -> Iterator[tuple[DeliveryRow, Verdict]]:
        """The rows whose verdict is another than the stored one."""
        for rows, months in people(self.scope, self.around, only):
            self.persons += 1
            self.look(rows, months)
            for row, verdict in self._person(rows, months):
                self.rows += 1
                self.before[row.status] += 1
                self.tally[verdict.status] += 1
                if verdict.codes:
                    self.codes.update(code.value for code in verdict.codes)
                if (
                    row.status != verdict.status
                    or row.qualified_on != verdict.qualified_on
                    or row.codes != ",".join(verdict.codes)
                    or row.flags != ",".join(verdict.flags)
                ):
                    yield row, verdict

    def look(self, rows: list[DeliveryRow], months: tuple[InsuredMonth, ...]) -> None:
        """A place for what else a pass wants to know of a person."""

    def _person(self, rows: list[DeliveryRow], months: tuple[InsuredMonth, ...]) -> list[tuple[DeliveryRow, Verdict]]:
        claims = self.around.claims.get(rows[0].person)
        found = [(row, self._verdict(row, months, claims)) for row in rows]
        if len(rows) == 1:
            return found
        # a person counts once. A row that counts holds before one that only may, the earlier entry first.
        live = sorted(
            (pair for pair in found if pair[1].status != CountStatus.EXCLUDED),
            key=lambda pair: (pair[1].status != CountStatus.COUNTED, pair[0].entry_on, pair[0].seq),
        )
        again = self._again(live)
        return [
            (row, self._verdict(row, months, claims, repeated=True)) if row.id in again else (row, verdict)
            for row, verdict in found
        ]

    def _again(self, live: list[tuple[DeliveryRow, Verdict]]) -> set[str]:
        """The rows that repeat a person: all but the first, or all but the first of each year."""
        period_of = self.period_of
        if period_of is None:
            return {row.id for row, _ in live[1:]}
        seen: set[int] = set()
        kept, again = [], set()
        for row, verdict in live:
            period = period_of(row.entry_on, verdict.qualified_on)
            if period in seen:
                again.add(row.id)
            else:
                seen.add(period)
                kept.append(
                    ClaimedRow(
                        row.id, row.person, self.holder, row.employer, row.entry_on, row.seq, verdict.qualified_on
                    )
                )
        if self.policy.redeliver_gap_months:
            again |= set(repeated(kept, policy=self.policy, period_of=period_of))
        return again

    def _verdict(
        self,
        row: DeliveryRow,
        months: tuple[InsuredMonth, ...],
        claims: list[Claim] | None,
        *,
        repeated: bool = False,
    ) -> Verdict:
        claimed, held = self._claimed(row, claims) if claims else (False, False)
        return self.counting.verdict(
            WorkerFacts(
                entry_on=row.entry_on,
                employer=row.employer,
                form=row.form,
                hukou_province=row.hukou_province,
                birth=row.birth,
                sex=row.sex,
                id_province=row.id_province,
                months=months,
                si_checked_to=row.si_checked_to,
                operator=self.operator_code,
                contract_employer=row.contract_employer,
                accepted=self.around.accepted.get(row.id, _NONE),
                refused=self.around.refused.get(row.id, _NONE),
                counted_before=repeated or held,
                claimed_by_other=claimed,
            )
        )

    def _claimed(self, row: DeliveryRow, claims: list[Claim]) -> tuple[bool, bool]:
        """(another handed the person in first within the window: E14, he is counted at a station: E13).

        A list is its operator's; a station stands for itself, also beside another one of the same operator (G-30).
        """
        mine = ClaimedRow(row.id, row.person, self.holder, row.employer, row.entry_on, self._submitted(row))
        others = [
            ClaimedRow(
                claim.id,
                row.person,
                (claim.station or claim.operator) if self.scope.is_station else claim.operator,
                claim.employer,
                claim.entry_on,
                (claim.submitted_at or _NEVER, claim.id if self.scope.is_station else ""),
            )
            for claim in claims
            if claim.operator != self.operator or (self.scope.is_station and claim.station)
        ]
        claimed = row.id in claimed_by_others([*others, mine], policy=self.policy) if others else False
        if self.scope.is_station:
            # The centre decided for the other registration (`services/claims.py`): refused, the question makes it E13.
            return claimed or ReasonCode.E14 in self.around.refused.get(row.id, _NONE), False
        # The question of E14 comes first; accepted, it lets the row count although the other station's stands.
        held = not claimed and any(claim.station and claim.status == CountStatus.COUNTED for claim in claims)
        return claimed, held

    def _submitted(self, row: DeliveryRow) -> tuple[dt.datetime, str]:
        """When the row was handed in; a draft comes after everything that was, what a station enters is handed in."""
        at = self.around.submitted_at.get(row.roster_list or "")
        return at or (row.created_at if self.scope.is_station else _NEVER), row.id


def write(changes: Iterator[tuple[DeliveryRow, Verdict]], *, recount: uuid.UUID | None = None) -> int:
    """Writes changed verdicts back by COPY and one UPDATE; how many. `recount` keeps before → after of each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS roster_verdict"
            " (id uuid, status text, codes varchar(3)[], flags varchar(20)[], qualified_on date) ON COMMIT DROP"
        )
        cursor.execute("TRUNCATE roster_verdict")
    lines = (
        f"{row.id}\t{verdict.status}\t{{{','.join(verdict.codes)}}}\t{{{','.join(verdict.flags)}}}\t"
        f"{verdict.qualified_on.isoformat() if verdict.qualified_on else NULL}"
        for row, verdict in changes
    )
    # COPY and the cursors that feed it cannot share a connection, so the changed rows wait here as short texts.
    written = copy_lines("roster_verdict", ("id", "status", "codes", "flags", "qualified_on"), list(lines))
    if not written:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE roster_verdict")
        if recount is not None:
            # A second pass, or a second run after a killed one, keeps what stood there before the first.
            cursor.execute(
                "INSERT INTO stations_recountchange"
                " (recount_id, delivery_id, before_status, before_codes, after_status, after_codes)"
                " SELECT %s, d.id, d.status, d.codes, v.status, v.codes FROM roster_verdict v"
                " JOIN stations_delivery d ON d.id = v.id WHERE d.status <> v.status OR d.codes <> v.codes"
                " ON CONFLICT (recount_id, delivery_id)"
                " DO UPDATE SET after_status = EXCLUDED.after_status, after_codes = EXCLUDED.after_codes",
                [recount],
            )
        cursor.execute(
            "UPDATE stations_delivery d SET status = v.status, codes = v.codes, flags = v.flags,"
            " qualified_on = v.qualified_on, counted_at = now() FROM roster_verdict v WHERE d.id = v.id"
        )
    return written
