"""The portal's only clock: Asia/Shanghai, movable by the setting `PORTAL_TODAY` for demo, tests and screenshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
_shift: ContextVar[dt.timedelta | None] = ContextVar("clock_shift", default=None)


def now() -> dt.datetime:
    """The present moment, aware, in Asia/Shanghai.

    With `PORTAL_TODAY` set, that day at the present time of day, so that order within the day stays natural.
    """
    moment = dt.datetime.now(SHANGHAI)
    if (shift := _shift.get()) is not None:
        return moment + shift
    moved: dt.date | None = getattr(settings, "PORTAL_TODAY", None)
    return dt.datetime.combine(moved, moment.time(), SHANGHAI) if moved else moment


def today() -> dt.date:
    """The present calendar day in Asia/Shanghai; every rule of the notice counts in these days."""
    if _shift.get() is not None:
        return now().date()
    moved: dt.date | None = getattr(settings, "PORTAL_TODAY", None)
    return moved or dt.datetime.now(SHANGHAI).date()


@contextmanager
def moved_to(moment: dt.datetime) -> Iterator[None]:
    """Lets the clock run from another moment for this thread of control, as the demo's histories need. Refused outside
    a local installation: no decision of an office is ever dated by hand."""
    if not settings.LOCAL:
        raise RuntimeError("the clock moves on a local installation only")
    token = _shift.set(moment - dt.datetime.now(SHANGHAI))
    try:
        yield
    finally:
        _shift.reset(token)


def local_date(moment: dt.datetime) -> dt.date:
    """The Asia/Shanghai calendar day of an aware moment (00:30 in Shanghai is still yesterday in UTC)."""
    return moment.astimezone(SHANGHAI).date()
