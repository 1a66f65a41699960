"""Reads of 投诉 and 安全责任事故: lists, what is owed, and the facts A4 of 附件3 is scored by (R-54, R-64)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import Period, assessment_periods
from jinhua_labor.policy.scoring import SafetyFact
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import AccidentState, ComplaintChannel, ComplaintState, Verdict
from stations.oversight.models import Accident, AccidentQuerySet, Complaint, ComplaintQuerySet
from stations.oversight.rules.codes import digest
from stations.oversight.rules.complaints import ComplaintFact, Consequence, Due, consequence, due, if_verified
from stations.registry.models import Station

OVERDUE = "OVERDUE"


def period_of(station: Station, day: dt.date) -> Period | None:
    """The year of assessment the day lies in; None before the first."""
    for period in assessment_periods(station.established_on, policy=policy_on(day).policy):
        if day in period:
            return period
        if day < period.start:
            break
    return None


def safety_fact(station: Station, period: Period) -> SafetyFact:
    """Accidents with responsibility that happened, complaints verified and received in the period."""
    return safety_facts([(station, period)])[station.pk]


def safety_facts(years: Collection[tuple[Station, Period]]) -> dict[uuid.UUID, SafetyFact]:
    """附件3 A4 of one year each of these stations; three queries whatever their number, their rows are few."""
    found = {station.pk: [0, 0, 0] for station, _ in years}
    if not found:
        return {}
    period_of_ = {station.pk: period for station, period in years}
    first, last = min(one.start for one in period_of_.values()), max(one.end for one in period_of_.values())
    complaints = Complaint.objects.filter(station__in=list(found)).order_by()
    days = (
        Accident.objects.filter(station__in=list(found))
        .counting(first, last)
        .order_by()
        .values_list("station", "happened_on"),
        complaints.counting(first, last).values_list("station", "verified_on"),
        complaints.filter(received_on__range=(first, last)).values_list("station", "received_on"),
    )
    for index, rows in enumerate(days):
        for station, day in rows:
            found[station][index] += day in period_of_[station]
    return {station: SafetyFact(*counts) for station, counts in found.items()}


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a station stands this year: the consequence of what there is, and of one more verified complaint."""

    period: Period
    now: Consequence
    then: Consequence


def outlook(station: Station, *, day: dt.date) -> Outlook | None:
    """None while no year of assessment runs."""
    period = period_of(station, day)
    if period is None:
        return None
    fact, policy = safety_fact(station, period), policy_on(day).policy
    return Outlook(period, consequence(fact, policy=policy), if_verified(fact, policy=policy))


@dataclass(frozen=True, slots=True)
class ComplaintFilters:
    q: str = ""
    channel: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.channel or self.state)


def complaints(user: User, filters: ComplaintFilters, *, day: dt.date) -> ComplaintQuerySet:
    """Complaints this person may see; open ones first, what is due first on top. Who complained is not searched."""
    rows = Complaint.objects.visible_to(user).select_related("station__operator")
    for word in filters.q.split()[:5]:
        rows = rows.filter(Q(number__icontains=word) | Q(station__name__icontains=word))
    if filters.channel in ComplaintChannel.values:
        rows = rows.filter(channel=filters.channel)
    if filters.state == OVERDUE:
        rows = rows.filter(late(day))
    elif filters.state in Verdict.values:
        rows = rows.filter(verdict=filters.state)
    elif filters.state in ComplaintState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-closed_on", "finish_by", "created_at", "id")


def late(day: dt.date) -> Q:
    """Complaints whose next step is past its last day."""
    return Q(state=ComplaintState.REGISTERED, tell_by__lt=day) | Q(
        state__in=(ComplaintState.TOLD, ComplaintState.VERIFIED), finish_by__lt=day
    )


def fact_of(row: Complaint) -> ComplaintFact:
    return ComplaintFact(row.tell_by, row.finish_by, row.told_on, row.closed_on)


def due_of(row: Complaint, *, day: dt.date) -> Due | None:
    """The step that is owed next, or None."""
    return due(fact_of(row), on=day)


def by_code(code: str) -> Complaint | None:
    """The complaint of whoever holds this code; None for every other text."""
    rows = Complaint.objects.defer("from_name", "from_phone")
    return rows.filter(code_digest=digest(code)).first()


@dataclass(frozen=True, slots=True)
class AccidentFilters:
    q: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.state)


def accidents(user: User, filters: AccidentFilters) -> AccidentQuerySet:
    """Accidents this person may see, the newest first."""
    rows = Accident.objects.visible_to(user).select_related("station__operator", "employer")
    for word in filters.q.split()[:5]:
        rows = rows.filter(Q(number__icontains=word) | Q(station__name__icontains=word) | Q(place__icontains=word))
    if filters.state in AccidentState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-happened_on", "-created_at", "id")


def complaints_owed(user: User, *, day: dt.date) -> ComplaintQuerySet:
    """What is this person's to do: the centre tells and finishes, the unit explains; the bureau sees what is late."""
    rows = Complaint.objects.visible_to(user).unfinished().select_related("station")
    if user.role == Role.OPERATOR:
        return rows.filter(state=ComplaintState.TOLD, answered_at__isnull=True).order_by("finish_by")
    if user.role == Role.CENTRE:
        return rows.order_by("state", "finish_by")
    return rows.filter(late(day)).order_by("finish_by") if user.role == Role.BUREAU else rows.none()


def accidents_owed(user: User) -> AccidentQuerySet:
    """Responsibility to be found, or what a colleague proposed; for the bureau, responsible ones it has not graded."""
    rows = Accident.objects.visible_to(user).select_related("station")
    if user.role == Role.CENTRE:
        mine = Q(state=AccidentState.PROPOSED) & ~Q(proposed_by=user)
        return rows.filter(Q(state=AccidentState.REGISTERED) | mine).order_by("created_at")
    if user.role == Role.BUREAU:
        return rows.filter(state=AccidentState.DECIDED, responsible=True, bureau_at__isnull=True).order_by("created_at")
    return rows.none()
