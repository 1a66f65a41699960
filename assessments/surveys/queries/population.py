"""Who can be asked: the workers of a station's year that count, and the employers they were delivered to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from jinhua_labor.policy.periods import Period
from stations.registry.models import Station
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery
from stations.roster.queries.year import frozen_year, rows_of
from stations.roster.yearly import YearRow


@dataclass(frozen=True, slots=True)
class Population:
    """One delivery of each counted person of a year, and each employer once, both in no particular order; `frozen` says
    that the roster kept for the assessment was read."""

    workers: tuple[tuple[uuid.UUID, uuid.UUID], ...]  # (delivery, employer)
    employers: tuple[uuid.UUID, ...]
    frozen: bool


def population(station: Station, period: Period) -> Population:
    """From the frozen year where there is one, else from the rows as they count now; two queries."""
    kept = frozen_year(station, period.number)
    rows = rows_of(station, period)
    if kept is None:
        rows = rows.filter(status=CountStatus.COUNTED)
    else:
        counted = [row.delivery for row in map(YearRow.read, kept.rows) if row.status == CountStatus.COUNTED]
        rows = Delivery.objects.filter(pk__in=counted)
    persons: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]] = {}
    for delivery, person, employer in rows.order_by("entry_on", "pk").values_list("pk", "person_id", "employer_id"):
        persons.setdefault(person, (delivery, employer))
    employers = dict.fromkeys(employer for _, employer in persons.values())
    return Population(tuple(persons.values()), tuple(employers), kept is not None)
