"""When which year of which station opens, how far each has come, and the days on which stations were closed (R-28)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.periods import ONE_DAY, Period, assessment_periods
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RevocationStage
from stations.oversight.models import Revocation
from stations.registry.enums import StationState
from stations.registry.models import Station, StationQuerySet


def revoked_days(stations: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, dt.date]:
    """The 成文日期 of the decision that revoked a station, by station; what was reversed does not count."""
    rows = Revocation.objects.filter(stage=RevocationStage.DECIDED, station__state=StationState.REVOKED)
    if stations is not None:
        rows = rows.filter(station__in=stations)
    return dict(rows.values_list("station", "document__issued_on"))


def closed_days(stations: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, dt.date]:
    """The first day on which a station is closed: revoked, or its term over. Two queries."""
    expired = Station.objects.filter(state=StationState.EXPIRED)
    if stations is not None:
        expired = expired.filter(pk__in=stations)
    found = {pk: term_to + ONE_DAY for pk, term_to in expired.values_list("pk", "term_to")}
    # A station whose decision was never entered here was closed before it came to the portal.
    gone = Station.objects.filter(state=StationState.REVOKED)
    if stations is not None:
        gone = gone.filter(pk__in=stations)
    return found | dict(gone.values_list("pk", "established_on")) | revoked_days(stations)


@dataclass(frozen=True, slots=True)
class Line:
    """A station on the calendar: its years, the latest first, and the one that opens next (None: no more)."""

    station: Station
    years: tuple[Assessment, ...]
    next: Period | None
    closed_on: dt.date | None

    @property
    def current(self) -> tuple[Assessment, ...]:
        """The years that are not finished, the earliest first: it is the one most in haste; else the latest one."""
        return tuple(year for year in reversed(self.years) if year.is_open) or self.years[:1]


@dataclass(frozen=True, slots=True)
class CalendarFilters:
    """What the address says: words; the month in which years open."""

    q: str = ""
    month: str = ""  # 01 … 12

    @property
    def any(self) -> bool:
        return bool(self.q or self.month)


def stations_of(user: User, filters: CalendarFilters) -> StationQuerySet:
    """Stations this person sees, those that open next by day of the year."""
    rows = Station.objects.visible_to(user).select_related("operator")
    for word in filters.q.split()[:5]:
        rows = rows.filter(name__icontains=word) | rows.filter(operator__name__icontains=word)
    month = filters.month
    if len(month) == 2 and month.isdigit() and 1 <= int(month) <= 12:
        rows = rows.filter(established_on__month=int(month))
    return rows.order_by("established_on__month", "established_on__day", "number")


def lines(stations: Collection[Station], *, day: dt.date) -> list[Line]:
    """These stations on the calendar; three queries whatever their number."""
    keys = [station.pk for station in stations]
    years: dict[uuid.UUID, list[Assessment]] = defaultdict(list)
    for row in Assessment.objects.filter(station__in=keys).order_by("-period_no"):
        years[row.station_id].append(row)
    closed = closed_days(keys)
    return [
        Line(
            station, tuple(years[station.pk]), next_period(station, day, closed.get(station.pk)), closed.get(station.pk)
        )
        for station in stations
    ]


def next_period(station: Station, day: dt.date, closed_on: dt.date | None) -> Period | None:
    """The period that opens next after `day`; None for a station that is closed before it is over."""
    policy = policy_on(day).policy
    for period in assessment_periods(station.established_on, policy=policy):
        if period.opens_on > day:
            return None if closed_on is not None and closed_on <= period.end else period
    return None


OWED = (Stage.OPEN, Stage.SCORING, Stage.CHECKING, Stage.FEEDBACK, Stage.CONFIRMING)
"""Stages in which the assessment is due of somebody."""
