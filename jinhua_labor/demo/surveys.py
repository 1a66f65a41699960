"""Satisfaction surveys (附件3 C1, C2): drawn from those who count, answered by some, closed on their day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assessments.surveys.enums import Kind, Satisfaction, Second, Third
from assessments.surveys.models import Survey, SurveyCard
from assessments.surveys.rules import closing_range
from assessments.surveys.services import Given, answer, close_due, open_surveys
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster.queries.year import years_of

from .cases import person
from .days import at

if TYPE_CHECKING:
    from .story import Story

DRAWER = "chushen"
SAID = (
    Given(Satisfaction.VERY_GOOD, Second.ALL, Third.HELPED, "接站很及时。"),
    Given(Satisfaction.GOOD, Second.MOST, Third.NONE),
    Given(Satisfaction.GOOD, Second.ALL, Third.HELPED, "希望多介绍离宿舍近的厂。"),
    Given(Satisfaction.FAIR, Second.MOST, Third.LEFT, "第一个月工资说得不够清楚。"),
    Given(Satisfaction.VERY_GOOD, Second.ALL),
    Given(Satisfaction.GOOD, Second.ALL, Third.NONE),
    Given(Satisfaction.BAD, Second.FEW, Third.LEFT),
)


def lately(story: Story) -> None:
    """Of the first station's last year: open since its assessment began, answered by some, cards to be printed."""
    station = story.plaque_station
    year = years_of(station, on=story.base)[1]
    answered(opened(station, year.number, on=story.day(7)), on=story.day(3), workers=9)


def opened(station: Station, number: int, *, on: dt.date) -> Sequence[Survey]:
    """Both surveys of a year, with the shortest time to answer."""
    closes_on = closing_range(on, settings=policy_on(on).policy.settings)[0]
    with at(on, 9):
        return open_surveys(station_id=station.pk, number=number, closes_on=closes_on, by=person(DRAWER))


def answered(surveys: Sequence[Survey], *, on: dt.date, workers: int) -> None:
    """So many of the workers who got a card answer, and every employer but one."""
    with at(on, 20):
        for survey in surveys:
            codes = SurveyCard.objects.filter(survey=survey).order_by("number").values_list("code", flat=True)
            most = workers if survey.kind == Kind.WORKERS else max(survey.drawn - 1, 1)
            for number, code in enumerate(list(codes)[:most]):
                said = SAID[number % len(SAID)]
                answer(code=str(code), given=said if number < len(SAID) else replace(said, comment=""))


def closed(surveys: Sequence[Survey]) -> None:
    day = surveys[0].closes_on + dt.timedelta(days=1)
    with at(day, 1):
        close_due(day=day)
