"""The portal's only clock: Asia/Shanghai, movable by the setting `PORTAL_TODAY` for demo, tests and screenshots."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """The present moment, aware, in Asia/Shanghai.

    With `PORTAL_TODAY` set, that day at the present time of day, so that order within the day stays natural.
    """
    moment = dt.datetime.now(SHANGHAI)
    moved: dt.date | None = getattr(settings, "PORTAL_TODAY", None)
    return dt.datetime.combine(moved, moment.time(), SHANGHAI) if moved else moment


def today() -> dt.date:
    """The present calendar day in Asia/Shanghai; every rule of the notice counts in these days."""
    moved: dt.date | None = getattr(settings, "PORTAL_TODAY", None)
    return moved or dt.datetime.now(SHANGHAI).date()


def local_date(moment: dt.datetime) -> dt.date:
    """The Asia/Shanghai calendar day of an aware moment (00:30 in Shanghai is still yesterday in UTC)."""
    return moment.astimezone(SHANGHAI).date()
