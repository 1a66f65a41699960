"""The demo's time: histories with fixed dates, open matters so many working days before the day of seeding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from jinhua_labor.core import clock
from jinhua_labor.core.clock import SHANGHAI
from jinhua_labor.core.workdays import work_calendar


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.datetime)


class _MovedDatetime(dt.datetime, metaclass=_AnyDatetime):
    """`datetime` as Django's `timezone` module sees it, with the portal's moved clock behind `now()`."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
        return clock.now().astimezone(tz)


@contextmanager
def at(day: dt.date, hour: int = 9, minute: int = 30) -> Iterator[None]:
    """Lets both clocks of the portal, its own and Django's, run from this time of the day.

    Defaults such as `default=timezone.now` hold the function itself, so what is replaced is the `datetime` inside
    Django's module. One process seeds, nothing else runs in it.
    """
    module: Any = timezone
    real = module.datetime
    with clock.moved_to(dt.datetime.combine(day, dt.time(hour, minute), SHANGHAI)):
        module.datetime = _MovedDatetime
        try:
            yield
        finally:
            module.datetime = real


def ago(workdays: int, *, base: dt.date) -> dt.date:
    """The day that lies so many working days before `base`; 0 is the last working day up to it."""
    calendar, day = work_calendar(), base
    while not calendar.is_workday(day):
        day -= dt.timedelta(days=1)
    while workdays:
        day -= dt.timedelta(days=1)
        workdays -= calendar.is_workday(day)
    return day
