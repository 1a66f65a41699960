"""The facts of assessed years, gathered set-based: a fixed number of queries whatever the number of stations.

Each fact comes from the room that owns it; the roster of a year that is frozen speaks for who counts (R-26, R-28).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from assessments.sheets.rules.facts import SheetFacts
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.types import Policy
from stations.registry.models import Station


@dataclass(frozen=True, slots=True)
class YearOf:
    """One year of one station to gather facts of, its cutoff and the version it is scored under."""

    station: Station
    period: Period
    cutoff: dt.date
    policy: Policy


class PersonRow(NamedTuple):
    """A row of the year as it was counted for the sheet: what a `SheetPerson` keeps."""

    delivery: uuid.UUID
    status: str
    codes: tuple[str, ...]
    matured: bool
    retained: bool
    contract: bool
    skilled: bool


def gather(
    station: Station, period: Period, *, cutoff: dt.date, as_of: dt.date, policy: Policy, official: bool
) -> SheetFacts:
    """The facts of one year as the data stand on `as_of`. M is fixed at `cutoff`; checks are read as they stand."""
    return gather_many([YearOf(station, period, cutoff, policy)], as_of=as_of, official=official)[station.pk]


def gather_many(years: Collection[YearOf], *, as_of: dt.date, official: bool) -> dict[uuid.UUID, SheetFacts]:
    """The facts of one year each of these stations, by station."""
    raise NotImplementedError


def people_of(
    station: Station, period: Period, *, cutoff: dt.date, as_of: dt.date, policy: Policy
) -> Iterator[PersonRow]:
    """The rows behind the numbers of a year, streamed: N, T, M and R are their sums."""
    raise NotImplementedError
