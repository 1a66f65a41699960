"""A station with final years good enough for the title, looked at on site."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from assessments.models import Assessment, LedgerSight
from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from tests.meta import rows
from tests.meta import rows_assessment as made

GOOD = {"total": Decimal(85), "counted": 300, "skilled": 30, "matured": 100, "retained": 60}


def final_year(station: Station, number: int, **figures: Any) -> Assessment:
    """A final year with these figures; `number` 1 is 2021-06-01 … 2022-05-31."""
    year = made.final(
        station=station,
        period_no=number,
        starts_on=dt.date(2020 + number, 6, 1),
        ends_on=dt.date(2021 + number, 5, 31),
        final_on=dt.date(2021 + number, 7, 31),
    )
    made.confirmed(assessment=year, notice=rows.published(), final_on=year.final_on, **{**GOOD, **figures})
    return year


def seen(year: Assessment, by: User, *gaps: str) -> LedgerSight:
    return LedgerSight.objects.create(
        assessment=year, seen_on=dt.date(2023, 9, 1), gaps=list(gaps), note="缺安全生产制度" if gaps else "", seen_by=by
    )
