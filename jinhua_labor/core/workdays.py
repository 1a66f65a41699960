"""Working days (工作日): the State Council's yearly arrangement with its moved days off (调休), the bureau over it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked. Frozen: rules get it as an argument and never ask for it.

    `exceptions` holds only the days that differ from Monday–Friday. A year that is not `known` is counted by
    Monday–Friday alone; the pages then show a banner, nothing is blocked.
    """

    exceptions: Mapping[dt.date, bool]
    years: frozenset[int]

    @classmethod
    def bundled(cls) -> WorkCalendar:
        """The arrangements published for 2004–2026, as bundled by chinesecalendar."""
        return _bundled()

    def with_overrides(self, days: Iterable[tuple[dt.date, bool]]) -> WorkCalendar:
        """This calendar with the bureau's own days over it; a year with at least one such day becomes known."""
        exceptions, years = dict(self.exceptions), set(self.years)
        for day, worked in days:
            exceptions[day] = worked
            years.add(day.year)
        return WorkCalendar(exceptions, frozenset(years))

    def known(self, year: int) -> bool:
        """Whether the year's arrangement is known; if not, Monday–Friday stands in for it."""
        return year in self.years

    def is_workday(self, day: dt.date) -> bool:
        """Whether `day` is worked. Never raises, whatever the year."""
        worked = self.exceptions.get(day)
        return day.weekday() < 5 if worked is None else worked

    def add_workdays(self, start: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `start`; the start day is not counted (《民法典》第201条).

        `count` 0 gives `start` itself. Raises ValueError for a negative count.
        """
        if count < 0:
            raise ValueError("count of working days must not be negative")
        day, left = start, count
        while left:
            day += ONE_DAY
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """How many working days d lie in start < d <= end; 0 when `end` is not after `start`."""
        return sum(self.is_workday(dt.date.fromordinal(n)) for n in range(start.toordinal() + 1, end.toordinal() + 1))

    def next_workday_on_or_after(self, day: dt.date) -> dt.date:
        """`day` if it is worked, else the next worked day (《民法典》第203条: a period ending on a day off runs on)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day


@lru_cache(maxsize=1)
def _bundled() -> WorkCalendar:
    from chinese_calendar import constants

    exceptions = dict.fromkeys(constants.holidays, False) | dict.fromkeys(constants.workdays, True)
    return WorkCalendar(exceptions, frozenset(day.year for day in constants.holidays))


# --- The calendar in force: bundled years with the bureau's table over them -------------------------------------------
_CHECK_SECONDS = 1.0  # a page that counts working days in fifty rows asks the table once, not fifty times
_cache: tuple[float, tuple[int, dt.datetime | None], WorkCalendar] | None = None


def work_calendar() -> WorkCalendar:
    """The calendar in force: the bundled years with the bureau's `CalendarDay` rows over them.

    Cached per process. At most once a second a query of count and newest change tells whether the table moved; a change
    made by this very process is seen at once.
    """
    global _cache
    from jinhua_labor.core.models import CalendarDay

    now = time.monotonic()
    if _cache is not None and now - _cache[0] < _CHECK_SECONDS:
        return _cache[2]
    version = CalendarDay.objects.version()
    if _cache is None or _cache[1] != version:
        rows = CalendarDay.objects.values_list("day", "is_workday") if version[0] else ()
        _cache = (now, version, WorkCalendar.bundled().with_overrides(rows))
    else:
        _cache = (now, version, _cache[2])
    return _cache[2]


def forget_work_calendar() -> None:
    """Drops the cached calendar, so that the next call reads the table."""
    global _cache
    _cache = None
