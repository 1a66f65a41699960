"""A station whose year has just ended, with counted workers at some employers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assessments.models import Survey, SurveyCard
from assessments.surveys.enums import Kind, Satisfaction
from assessments.surveys.services import Given, open_surveys
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.policy.periods import Period, add_months
from stations.registry.models import Station
from stations.roster.enums import CountStatus
from tests.meta import rows

PURPOSE = "年度满意度调查发卡"


def days(count: int) -> dt.date:
    return today() + dt.timedelta(days=count)


def year_old(by: User | None = None, **fields: Any) -> Station:
    """A station whose first year ended ten days ago."""
    unit = {"operator": by.organisation} if by else {}
    return rows.station(established_on=add_months(days(-9), -12), **unit, **fields)


def first_year(station: Station) -> Period:
    start = station.established_on
    return Period(1, start, add_months(start, 12) - dt.timedelta(days=1))


def staffed(station: Station, workers: int, employers: int = 1, status: str = CountStatus.COUNTED) -> list[Any]:
    """So many counted deliveries of the first year, spread over the employers."""
    places = [rows.employer() for _ in range(employers)]
    return [
        rows.delivery(
            station=station,
            operator=station.operator,
            employer=places[number % employers],
            entry_on=station.established_on + dt.timedelta(days=30 + number % 90),
            status=status,
        )
        for number in range(workers)
    ]


def opened(station: Station, by: User, **fields: Any) -> dict[Kind, Survey]:
    """The two surveys of the first year, drawn."""
    values: dict[str, Any] = {"station_id": station.pk, "number": 1, "closes_on": days(15), "by": by}
    return {Kind(one.kind): one for one in open_surveys(**{**values, **fields})}


def codes(survey: Survey) -> list[str]:
    """The codes of a survey's cards, as printed on them."""
    return [str(card.code) for card in SurveyCard.objects.filter(survey=survey).order_by("number")]


def given(satisfaction: str = Satisfaction.GOOD, **fields: str) -> Given:
    return Given(satisfaction, **fields)
