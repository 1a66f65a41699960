"""留用统计 as pages read it: facts of some checks, the list of a station, the counts a sheet asks for."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Case, Count, Min, Q, QuerySet, When
from django.urls import reverse

from stations.roster.enums import CountStatus, RetentionResult
from stations.roster.models import Delivery, RetentionCheck
from stations.roster.retention import CheckRow, RetentionCounts, RetentionFacts, retention_counts

from .facts import Scope, people, surroundings
from .years import in_year

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from jinhua_labor.policy.periods import Period
    from jinhua_labor.policy.types import Policy
    from stations.registry.models import Station

WEEK, OPEN, LATE, DONE, ALL = "week", "open", "late", "done", "all"
SHOWN: Final = {WEEK: "本周到期", OPEN: "待统计", LATE: "已逾期", DONE: "已统计", ALL: "全部"}
WEEK_DAYS: Final = 7


def path_of(station: Station) -> str:
    """The page of a station's checks."""
    return reverse("roster:retention", args=[station.pk])


def facts_of(
    station: Station, checks: Sequence[RetentionCheck]
) -> tuple[dict[uuid.UUID, RetentionFacts], frozenset[str]]:
    """What is known of each check, and the credit codes of 金东 employers: the facts a recount takes, for these people
    only. A constant number of queries."""
    wanted = {str(check.pk): check.pk for check in checks}
    found: dict[uuid.UUID, RetentionFacts] = {}
    persons = sorted({str(check.delivery.person_id) for check in checks})
    scope = Scope.of_station(station.pk)
    with transaction.atomic():
        around = surroundings(scope, persons)
        for rows, months in people(scope, around, persons) if persons else ():
            for row in rows:
                if row.check in wanted and row.check_on is not None:
                    found[wanted[row.check]] = RetentionFacts(
                        row.check_on, row.employer, row.leave_on, months, row.si_checked_to
                    )
    return found, around.local_employers


@dataclass(frozen=True, slots=True)
class Overview:
    """How many checks of a station stand where."""

    week: int = 0
    open: int = 0
    late: int = 0
    done: int = 0
    all: int = 0

    def of(self, shown: str) -> int:
        return int(getattr(self, shown))


def overview(station: Station, day: dt.date) -> Overview:
    """One query."""
    rows = _of_station(station)
    still = Q(result="")
    found = rows.aggregate(
        week=Count("pk", filter=still & _in_week(day)),
        open=Count("pk", filter=still),
        late=Count("pk", filter=still & Q(due_on__lt=day)),
        done=Count("pk", filter=~still),
        all=Count("pk"),
    )
    return Overview(**found)


def _in_week(day: dt.date) -> Q:
    return Q(due_on__gte=day, due_on__lt=day + dt.timedelta(days=WEEK_DAYS))


def _of_station(station: Station) -> QuerySet[RetentionCheck]:
    """The checks that matter: what is 不计 by now is asked of nobody, an answer stays in view."""
    return RetentionCheck.objects.filter(delivery__station=station).exclude(
        result="", delivery__status=CountStatus.EXCLUDED
    )


def listed(station: Station, shown: str, day: dt.date, *, q: str = "", result: str = "") -> QuerySet[RetentionCheck]:
    """The checks of a station as the page shows them, those that are due first."""
    rows = _of_station(station)
    if shown == WEEK:
        rows = rows.filter(_in_week(day), result="")
    elif shown == OPEN:
        rows = rows.filter(result="")
    elif shown == LATE:
        rows = rows.filter(result="", due_on__lt=day)
    elif shown == DONE:
        rows = rows.exclude(result="")
    if q:
        rows = rows.filter(Q(delivery__name__contains=q) | Q(delivery__employer__name__contains=q))
    if result in RetentionResult.values:
        rows = rows.filter(result=result)
    order = ("-check_on", "id") if shown in (DONE, ALL) else ("due_on", "check_on", "id")
    return rows.select_related("delivery__employer", "delivery__person", "employer_on_check", "checked_by").order_by(
        *order
    )


def owed(user: User, stations: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, dt.date]]:
    """Per station of these: how many open checks, and the earliest last day; one query, added up by the database."""
    rows = (
        RetentionCheck.objects.visible_to(user)
        .open()
        .filter(delivery__station__in=stations)
        .exclude(delivery__status=CountStatus.EXCLUDED)
        .order_by()
        .values_list("delivery__station")
        .annotate(Count("pk"), Min("due_on"))
    )
    return {station: (count, first) for station, count, first in rows}


def counts(station: Station, *, period: Period, cutoff: dt.date, as_of: dt.date, policy: Policy) -> RetentionCounts:
    """M and R of a period as the data stand on `as_of` (R-67): counted workers, streamed through the rule."""
    rows = (
        Delivery.objects.filter(station=station, status=CountStatus.COUNTED)
        .order_by()
        .annotate(inside=Case(When(in_year(period), then=True), default=False))
        .values_list("entry_on", "retention__result", "retention__si_month_ok", "retention__due_on", "inside")
    )
    facts = (
        CheckRow(entry, result or "", ok, due, inside=inside)
        for entry, result, ok, due, inside in rows.iterator(chunk_size=5000)
    )
    return retention_counts(facts, period=period, cutoff=cutoff, as_of=as_of, policy=policy)
