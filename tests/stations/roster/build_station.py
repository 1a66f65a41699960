"""A station in its year, with people whose checks are due; what the pages of its roster are tested with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from stations.roster.models import Delivery, InsuranceExtract, RetentionCheck
from stations.roster.services import insurance, retention
from stations.roster.services.insurance import Asked
from stations.roster.services.recount import recount_list
from stations.roster.services.recount_station import recount_station
from tests.meta import rows

from .build import add, empty_list, extract_file, upload

ESTABLISHED = dt.date(2021, 3, 1)
ENTRY = dt.date(2021, 3, 10)
CHECK = dt.date(2021, 9, 10)


def station_of(user: User, **more: Any) -> Station:
    return rows.station(
        operator=user.organisation,
        established_on=more.pop("established_on", ESTABLISHED),
        term_from=ESTABLISHED,
        **more,
    )


def deliver(station: Station, user: User, number: int = 1, **more: Any) -> Delivery:
    """One person of the station, good unless told otherwise."""
    row = add(empty_list(user), user, number, entry_on=more.pop("entry_on", ENTRY), **more)
    Delivery.objects.filter(pk=row.pk).update(station=station, roster_list=None)
    recount_list(roster_list=row.roster_list)  # type: ignore[arg-type]
    row.refresh_from_db()
    return row


def insure(
    station: Station | None, clerk: User, lines: Sequence[Sequence[object]], span: tuple[int, int] = (202103, 202109)
) -> InsuranceExtract:
    """An extract asked for a station, or for the district."""
    stored = insurance.keep(file=upload(extract_file(lines), "明细.xlsx"), by=clerk)
    return insurance.bring_in_for_station(
        station=station, file=stored, asked=Asked(span[0], span[1], "社保系统查询"), by=clerk
    )


def opened(station: Station, day: dt.date = CHECK) -> list[RetentionCheck]:
    """The checks of the station after the day's job."""
    recount_station(station=station)
    retention.open_due(day=day)
    return list(RetentionCheck.objects.filter(delivery__station=station).order_by("delivery__seq", "id"))
