"""Stations counted anew (R-02, R-07, R-27): one after the other, each in one transaction, what changed kept row by row.

The pass that counts a station's people also sets what the insurance says of the months of their 留用 checks.
"""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.jobs import services as jobs
from jinhua_labor.policy.periods import assessment_periods
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster.attribution import year_day
from stations.roster.enums import CountStatus, RecountCause
from stations.roster.models import Delivery, Recount, RosterList
from stations.roster.queries.facts import DeliveryRow, Scope, surroundings
from stations.roster.queries.years import qualified_spans, reading_on
from stations.roster.retention import RetentionFacts, finding
from stations.roster.rules import InsuredMonth

from .bulk import NULL, analyse, copy_lines, patient
from .recount import TALLY, Counter, YearOf, add_up, write

if TYPE_CHECKING:
    from procrastinate.tasks import Task

    from jinhua_labor.accounts.models import User
    from jinhua_labor.jobs.models import Job
    from jinhua_labor.policy.types import Policy

Progress = Callable[[int, int, str], None]
REPORT_EVERY: Final = 500
SHARED_PEOPLE: Final = "核对在多个站点登记的人员"


def recount_station(
    *,
    station: Station,
    by: User | None = None,
    persons: Collection[uuid.UUID] | None = None,
    recount: Recount | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Counts the deliveries of a station as of today, or only those of some persons; how many rows changed.

    A person counts once in each year of the station (R-07). Harmless to repeat. `by` is the person who asked, None
    where the count follows a change that is journalled itself; `recount` keeps before → after of every row.
    """
    if persons is not None and not persons:
        return 0
    with transaction.atomic():
        patient()
        locked = (
            Station.objects.select_for_update(of=("self",), no_key=True).select_related("operator").get(pk=station.pk)
        )
        day = today()
        policy = policy_on(day).policy
        only = None if persons is None else [str(person) for person in persons]
        scope = Scope.of_station(locked.pk)
        around = surroundings(scope, only)
        counter = _StationCounter(
            scope, locked.operator, around, policy, day, period_of=period_of(locked.established_on, day, policy)
        )
        counter.progress = progress
        changed = write(counter.changes(only), recount=recount.pk if recount is not None else None)
        counter.keep_months()
        _add_up_lists(locked)
        if by is not None:
            record(
                by=by,
                action="station.recount",
                obj=locked,
                detail={"as_of": day.isoformat(), "rows": counter.rows, "changed": changed},
            )
    return changed


@transaction.atomic
def counted_under(station: Station, *, policy: Policy, as_of: dt.date) -> dict[uuid.UUID, str]:
    """The rows of the station that would have another status under `policy` on this day, each with that status; what is
    stored stays as it is."""
    scope, years = Scope.of_station(station.pk), period_of(station.established_on, as_of, policy)
    counter = Counter(scope, station.operator, surroundings(scope), policy, as_of, period_of=years)
    return {uuid.UUID(row.id): str(verdict.status) for row, verdict in counter.changes(None)}


def period_of(established_on: dt.date, until: dt.date, policy: Policy) -> YearOf:
    """Which year of the station a row belongs to, by 入职时间 and the day its insurance run was complete; 0 before the
    first one."""
    starts = [
        period.start
        for period in takewhile(lambda period: period.start <= until, assessment_periods(established_on, policy=policy))
    ]
    spans = qualified_spans()

    def number(entry_on: dt.date, qualified_on: dt.date | None) -> int:
        return bisect_right(starts, year_day(entry_on, qualified_on, reading=reading_on(entry_on, spans)))

    return number


class _StationCounter(Counter):
    """Also finds what the insurance says of the month of each 留用 check."""

    progress: Callable[[int], None] | None = None
    months: list[str] | None = None

    def look(self, rows: list[DeliveryRow], months: tuple[InsuredMonth, ...]) -> None:
        if self.progress is not None and self.persons % REPORT_EVERY == 0:
            self.progress(self.rows)
        for row in rows:
            if row.check is None or row.check_on is None:
                continue
            facts = RetentionFacts(row.check_on, row.employer, row.leave_on, months, row.si_checked_to)
            found = finding(
                facts, policy=self.policy, as_of=self.counting.as_of, local_employers=self.around.local_employers
            )
            if found.month_ok is not row.month_ok:
                self.months = self.months or []
                self.months.append(f"{row.check}\t{NULL if found.month_ok is None else str(found.month_ok).lower()}")

    def keep_months(self) -> None:
        """Writes the months that changed back to the checks; answers stay as they are."""
        if not self.months:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE IF NOT EXISTS roster_check_month (id uuid, ok boolean) ON COMMIT DROP"
            )
            cursor.execute("TRUNCATE roster_check_month")
        copy_lines("roster_check_month", ("id", "ok"), self.months)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE stations_retentioncheck r SET si_month_ok = m.ok FROM roster_check_month m WHERE r.id = m.id"
            )


def _add_up_lists(station: Station) -> None:
    """The lists of the station show the same numbers as their rows. One that somebody else holds is left to him: he
    counts after his change, and waiting for him here while he waits for the station would be for ever."""
    lists = Delivery.objects.filter(station=station, roster_list__isnull=False).order_by().values("roster_list")
    of_station = RosterList.objects.filter(Q(pk__in=lists) | Q(station=station)).order_by("pk")
    for roster_list in of_station.select_for_update(no_key=True, skip_locked=True):
        add_up(roster_list)
        roster_list.counted_as_of, roster_list.counted_at = today(), timezone.now()
        roster_list.recount_due = False
        roster_list.save(update_fields=TALLY)


# --- several stations, with what changed ------------------------------------------------------------------------------


def begin(*, station: Station | None, cause: RecountCause, by: User | None) -> Recount:
    """An empty record of a recount of one station, or of the district (`station` None)."""
    if by is not None and by.role not in (Role.CENTRE, Role.SYSTEM):
        raise PermissionDenied
    day = today()
    return Recount.objects.create(
        station=station, cause=cause, as_of=day, policy_version=policy_on(day).policy.id, by=by
    )


@transaction.atomic
def begin_later(*, station: Station | None, by: User, task: Task[Any, Any, Any]) -> Job:
    """Opens a recount a person asked for and queues it; `task` is `tasks_station.recount_now`, which stands above."""
    recount = begin(station=station, cause=RecountCause.ASKED, by=by)
    recount.job = jobs.start(
        kind="roster.recount_stations",
        title=f"重新核算{station.name if station is not None else '全区工作站'}人数"[:100],
        by=by,
        task=task,
        args={"recount": str(recount.pk)},
        back_url=recount.get_absolute_url(),
    )
    recount.save(update_fields=["job"])
    return recount.job


def run(*, recount: Recount, progress: Progress | None = None) -> Recount:
    """Counts what the record names, station by station, and adds up what changed.

    People whom several stations name are counted once more at the end, because what one station's rows became may
    decide about another's. May be run again after a killed run.
    """
    analyse()
    stations = list(_stations(recount))
    total, done = sum(rows for _, rows in stations), 0
    changed = False
    for station, rows in stations:

        def told(inside: int, done: int = done, name: str = station.name) -> None:
            if progress is not None:
                progress(done + inside, total, f"正在核算{name}"[:300])

        told(0)
        changed |= bool(recount_station(station=station, recount=recount, progress=told))
        done += rows
    if changed:
        if progress is not None:
            progress(max(0, total - 1), total, SHARED_PEOPLE)
        _again(recount, [station for station, _ in stations])
    return _finish(recount, [station.pk for station, _ in stations])


def _stations(recount: Recount) -> Iterable[tuple[Station, int]]:
    stations = Station.objects.filter(pk=recount.station_id) if recount.station_id else Station.objects.all()
    deliveries = Delivery.objects.filter(station__isnull=False).order_by()
    if recount.station_id:
        deliveries = deliveries.filter(station=recount.station_id)
    rows = dict(deliveries.values_list("station").annotate(Count("pk")))
    for station in stations.order_by("established_on", "number"):
        if rows.get(station.pk):
            yield station, rows[station.pk]


def _again(recount: Recount, stations: list[Station]) -> None:
    """Counts the people of changed rows anew at every station that names them too."""
    with connection.cursor() as cursor:
        cursor.execute(
            # Row by row along the indexes, as `queries.facts` does: one station's changes are few among a million rows.
            "SELECT o.station_id, array_agg(DISTINCT o.person_id) FROM stations_recountchange c"
            " CROSS JOIN LATERAL (SELECT x.station_id, x.person_id FROM stations_delivery x"
            " WHERE x.id = c.delivery_id OFFSET 0) d"
            " CROSS JOIN LATERAL (SELECT x.station_id, x.person_id FROM stations_delivery x"
            " WHERE x.person_id = d.person_id OFFSET 0) o"
            " WHERE c.recount_id = %s AND o.station_id <> d.station_id GROUP BY o.station_id",
            [recount.pk],
        )
        shared = dict(cursor.fetchall())
    known = {station.pk: station for station in stations}
    for pk, persons in sorted(shared.items()):
        station = known.get(pk) or Station.objects.get(pk=pk)
        recount_station(station=station, persons=persons, recount=recount)


@transaction.atomic
def _finish(recount: Recount, stations: list[uuid.UUID]) -> Recount:
    """Adds up from the rows as they stand and the changes that were kept."""
    found = Recount.objects.select_for_update().get(pk=recount.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM stations_recountchange WHERE recount_id = %s"
            " AND before_status = after_status AND before_codes = after_codes",
            [found.pk],
        )
        cursor.execute(
            "SELECT status, count(*) FROM stations_delivery WHERE station_id = ANY(%s) GROUP BY status", [stations]
        )
        now = dict(cursor.fetchall())
        # A row of another station that the second pass changed has its before and after, but is not counted here.
        cursor.execute(
            "SELECT c.before_status, c.after_status, count(*) FILTER (WHERE d.station_id = ANY(%s)), count(*)"
            " FROM stations_recountchange c CROSS JOIN LATERAL (SELECT x.station_id FROM stations_delivery x"
            " WHERE x.id = c.delivery_id OFFSET 0) d WHERE c.recount_id = %s GROUP BY 1, 2",
            [stations, found.pk],
        )
        moves = cursor.fetchall()
    before = {status: now.get(status, 0) for status in CountStatus.values}
    for one, other, inside, _ in moves:
        before[one] += inside
        before[other] -= inside
    for status, name in (
        (CountStatus.COUNTED, "counted"),
        (CountStatus.PENDING, "pending"),
        (CountStatus.EXCLUDED, "excluded"),
    ):
        setattr(found, name, now.get(status.value, 0))
        setattr(found, f"{name}_before", before[status.value])
    found.rows = sum(now.values())
    found.stations = len(stations)
    found.changed = sum(count for *_, count in moves)
    found.finished_at = timezone.now()
    found.save()
    if found.by is not None:
        record(
            by=found.by,
            action="station.recount" if found.station_id else "station.recount_district",
            obj=found.station or found,
            detail={"stations": found.stations, "rows": found.rows, "changed": found.changed},
        )
    return found


def recount_nightly() -> Recount | None:
    """Every station with somebody 待核, as of today: E10 becomes E09 as months go by. None where nothing changed."""
    waiting = Delivery.objects.filter(station__isnull=False, status=CountStatus.PENDING)
    if not waiting.exists():
        return None
    recount = run(recount=begin(station=None, cause=RecountCause.NIGHTLY, by=None))
    if recount.changed:
        return recount
    recount.delete()
    return None
