"""Reads of 劳务对接活动: lists, equal entries, and the number of events that 附件3 C3 scores."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import Period, assessment_periods
from jinhua_labor.policy.types import Policy
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ActivityKind, ActivityRole, ActivityState
from stations.oversight.models import Activity, ActivityQuerySet
from stations.oversight.rules.activities import EventFact, Organiser, counts, events_organised
from stations.registry.models import Station


def event_facts(rows: Iterable[Activity]) -> list[EventFact]:
    """Entries (with `organisers` prefetched) as the rule takes them."""
    return [
        EventFact(
            key=row.key,
            held_on=row.held_on,
            entered_by=str(row.station_id),
            confirmed=row.state == ActivityState.CONFIRMED,
            organisers=tuple(Organiser(str(one.station_id), ActivityRole(one.role)) for one in row.organisers.all()),
        )
        for row in rows
    ]


def events_of(station: Station, period: Period) -> int:
    """场数 of 附件3 C3: different events this station organised and proved in the period; two queries."""
    return events_by_station([(station, period, policy_on(period.end).policy)])[station.pk]


def events_by_station(years: Collection[tuple[Station, Period, Policy]]) -> dict[uuid.UUID, int]:
    """场数 of one year each of these stations; two queries whatever their number."""
    if not years:
        return {}
    first, last = min(period.start for _, period, _ in years), max(period.end for _, period, _ in years)
    rows = Activity.objects.filter(
        station__in=[station.pk for station, _, _ in years],
        held_on__range=(first, last),
        state=ActivityState.CONFIRMED,
    )
    entered: dict[str, list[EventFact]] = defaultdict(list)
    for fact in event_facts(rows.order_by().prefetch_related("organisers")):
        entered[fact.entered_by].append(fact)
    return {
        station.pk: events_organised(entered[str(station.pk)], str(station.pk), period, policy=policy)
        for station, period, policy in years
    }


def does_count(activity: Activity) -> bool:
    """Whether this entry by itself is an event of its station."""
    (fact,) = event_facts([activity])
    return counts(fact, str(activity.station_id), policy=policy_on(activity.held_on).policy)


def same_event(activity: Activity, user: User) -> list[Activity]:
    """Other entries of the same event that this person may see: they count once for a station."""
    rows = Activity.objects.visible_to(user).filter(key=activity.key).exclude(pk=activity.pk)
    return list(rows.exclude(state=ActivityState.WITHDRAWN).select_related("station"))


@dataclass(frozen=True, slots=True)
class ActivityFilters:
    q: str = ""
    kind: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.state)


def activities(user: User, filters: ActivityFilters) -> ActivityQuerySet:
    """Entries this person may see, the latest event first."""
    rows = Activity.objects.visible_to(user).select_related("station__operator")
    for word in filters.q.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(place__icontains=word) | Q(station__name__icontains=word))
    if filters.kind in ActivityKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.state in ActivityState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-held_on", "-created_at", "id")


def waiting(user: User) -> ActivityQuerySet:
    """What is this person's to do: the centre confirms, the unit mends what came back."""
    rows = Activity.objects.visible_to(user).select_related("station")
    states = {Role.CENTRE: ActivityState.SUBMITTED, Role.OPERATOR: ActivityState.RETURNED}
    state = states.get(Role(user.role))
    return rows.filter(state=state).order_by("created_at") if state else rows.none()


def running_period(station: Station, *, day: dt.date) -> Period:
    """The assessment period the day lies in (the first one before it begins)."""
    for period in assessment_periods(station.established_on, policy=policy_on(day).policy):
        if day <= period.end:
            return period
    raise AssertionError("periods never end")


def other_stations(station: Station) -> QuerySet[Station]:
    """Stations of the public directory that may have organised an event together with this one."""
    return Station.objects.public().exclude(pk=station.pk).order_by("name", "number")
