"""Reads of 走访检查: what the checklist asks, who is short of visits, what is overdue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.types import Indicator
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import FindingState, VisitKind, VisitState
from stations.oversight.models import Finding, FindingQuerySet, Visit, VisitQuerySet
from stations.oversight.rules.visits import FindingFact, Overdue, overdue, visits_short
from stations.registry.enums import PUBLIC_STATES
from stations.registry.models import Station


def checklist(day: dt.date) -> tuple[Indicator, ...]:
    """The lines of 附件3 in the version in force on the day: what one looks at on the spot, in the printed order."""
    return policy_on(day).policy.indicators


def line_names(day: dt.date) -> dict[str, str]:
    """指标 by code."""
    return {line.code: line.name for line in checklist(day)}


@dataclass(frozen=True, slots=True)
class VisitFilters:
    q: str = ""
    kind: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.kind or self.state)


def visits(user: User, filters: VisitFilters) -> VisitQuerySet:
    """Visits this person may see; planned ones first, by day."""
    rows = Visit.objects.visible_to(user).select_related("station__operator", "lead", "second")
    rows = rows.annotate(
        problems=Count("findings", distinct=True),
        unsettled=Count("findings", filter=~Q(findings__state=FindingState.CLOSED), distinct=True),
    )
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(number__icontains=word) | Q(station__name__icontains=word) | Q(station__operator__name__icontains=word)
        )
    if filters.kind in VisitKind.values:
        rows = rows.filter(kind=filters.kind)
    if filters.state in VisitState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("-state", "-visited_on", "planned_on", "id")


@dataclass(frozen=True, slots=True)
class FindingFilters:
    q: str = ""
    state: str = ""

    @property
    def any(self) -> bool:
        return bool(self.q or self.state)


OVERDUE = "OVERDUE"


def findings(user: User, filters: FindingFilters, *, day: dt.date) -> FindingQuerySet:
    """Problems this person may see, what is due first on top."""
    rows = Finding.objects.visible_to(user).select_related("station__operator", "visit", "change", "raised_by")
    for word in filters.q.split()[:5]:
        rows = rows.filter(
            Q(text__icontains=word) | Q(station__name__icontains=word) | Q(station__operator__name__icontains=word)
        )
    if filters.state == OVERDUE:
        rows = rows.filter(state=FindingState.OPEN, due_on__lt=day)
    elif filters.state in FindingState.values:
        rows = rows.filter(state=filters.state)
    return rows.order_by("closed_at", "due_on", "raised_at", "id")


def overdue_of(finding: Finding, *, day: dt.date) -> Overdue | None:
    """The alert of a problem, or None."""
    return overdue(FindingFact(finding.due_on, FindingState(finding.state)), on=day)


def findings_waiting(user: User) -> FindingQuerySet:
    """What is this person's to do: the unit puts right, the centre looks again."""
    rows = Finding.objects.visible_to(user).select_related("station")
    if user.role == Role.OPERATOR:
        return rows.filter(state=FindingState.OPEN).order_by("due_on")
    if user.role == Role.CENTRE:
        return rows.filter(state=FindingState.ANSWERED).order_by("due_on")
    return rows.none()


def findings_overdue(user: User, *, day: dt.date) -> FindingQuerySet:
    """逾期未整改, for the office that follows it up."""
    rows = Finding.objects.visible_to(user).filter(state=FindingState.OPEN, due_on__lt=day)
    return rows.select_related("station").order_by("due_on")


def planned_for(user: User, *, until: dt.date) -> VisitQuerySet:
    """Visits this person is to make by that day."""
    rows = Visit.objects.visible_to(user).filter(Q(lead=user) | Q(second=user), state=VisitState.PLANNED)
    return rows.filter(planned_on__lte=until).select_related("station").order_by("planned_on")


def visits_lacking(station: Station, *, year: int) -> int:
    """How many visits of the year are lacking to the reminder's number (R-20); one query."""
    days = station.visits.filter(state=VisitState.DONE, visited_on__year=year).values_list("visited_on", flat=True)
    return visits_short(
        [day for day in days if day], year=year, settings=policy_on(dt.date(year, 1, 1)).policy.settings
    )


def stations_short(user: User, *, day: dt.date) -> QuerySet[Station]:
    """Running stations with fewer visits this year than the reminder's number, the fewest first; one query."""
    wanted = policy_on(day).policy.settings.visit_min_per_year
    rows = Station.objects.visible_to(user).filter(state__in=PUBLIC_STATES, established_on__lte=day)
    done = Q(visits__state=VisitState.DONE, visits__visited_on__year=day.year)
    rows = rows.annotate(visited=Count("visits", filter=done)).filter(visited__lt=wanted)
    return rows.select_related("operator").order_by("visited", "number")


def inspectors() -> QuerySet[User]:
    """People of the centre who may be named as inspectors."""
    return User.objects.filter(role=Role.CENTRE, is_active=True).order_by("name", "id")
