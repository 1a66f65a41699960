"""Last year's satisfaction surveys of the station with its plaque: drawn after the freeze, answered, closed."""

from __future__ import annotations

import datetime as dt

from assessments.surveys.enums import Kind, Satisfaction, Second, Third
from assessments.surveys.models import Survey, SurveyCard
from assessments.surveys.rules import closing_range
from assessments.surveys.services import Given, answer, close_due, open_surveys
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster.queries.year import years_of

from .cases import person
from .days import at

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
SILENT = 5
"""Every fifth card comes back unanswered."""


def tell(*, base: dt.date) -> None:
    """Opened three days after the year was over, answered within a week, closed on its day where that has come."""
    station = Station.objects.get(plaque_no="JD-001")
    year = years_of(station, on=base)[1]
    opens_on = year.end + dt.timedelta(days=3)
    closes_on = closing_range(opens_on, settings=policy_on(year.end).policy.settings)[0]
    if opens_on + dt.timedelta(days=7) >= base:
        return
    with at(opens_on, 9):
        surveys = open_surveys(station_id=station.pk, number=year.number, closes_on=closes_on, by=person(DRAWER))
    for survey in surveys:
        with at(opens_on + dt.timedelta(days=5), 20):
            _answered(survey)
    if closes_on < base:
        day = closes_on + dt.timedelta(days=1)
        with at(day, 1):
            close_due(day=day)


def _answered(survey: Survey) -> None:
    for number, card in enumerate(SurveyCard.objects.filter(survey=survey).order_by("number")):
        if survey.kind == Kind.WORKERS and number % SILENT == SILENT - 1:
            continue
        answer(code=str(card.code), given=SAID[number % len(SAID)])
