"""What the satisfaction surveys add to the world of the sweeps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from assessments.models import Survey, SurveyCard
from assessments.surveys.enums import Kind
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.oversight.rules.codes import digest, new_code
from stations.registry.models import Station
from tests.meta import rows
from tests.meta import rows_surveys as made

if TYPE_CHECKING:
    from tests.meta.world import Party

ENOUGH = 5
"""Answers from which on they are shown."""


def equip(party: Party, clerk: User) -> None:
    """A closed survey of this party's station with what was said, and a running one with a card."""
    station, delivery = party.station, party.submitted.roster_list.deliveries.first()
    code = new_code()[0].replace("-", "")
    running = _running(station, clerk)
    made.survey_card(survey=running, number=1, code=code, digest=digest(code), employer=None, delivery=delivery)
    closed = _closed(station, clerk, party.word, number=1)
    party.things |= {"survey": closed, "running_survey": running, "survey_code": code}


def grow(party: Party, clerk: User) -> None:
    """One more of everything a list of this room may show."""
    other = rows.station(operator=party.organisation, name=f"{party.word}第{rows.number()}站")
    for station in (party.station, other):
        _running(station, clerk, number=rows.number())
        _closed(station, clerk, party.word, number=rows.number())
    SurveyCard.objects.filter(survey=party.running_survey).update(used=True)
    card = made.survey_card(survey=party.running_survey, number=rows.number(), employer=None, delivery=rows.delivery())
    SurveyCard.objects.filter(pk=card.pk).update(used=True)


def _running(station: Station, clerk: User, *, number: int = 2) -> Survey:
    return made.survey(
        station=station,
        period_no=number,
        opens_on=today(),
        closes_on=today() + dt.timedelta(days=20),
        drawn_by=clerk,
    )


def _closed(station: Station, clerk: User, word: str, *, number: int) -> Survey:
    survey = made.survey(station=station, kind=Kind.EMPLOYERS, period_no=number, drawn_by=clerk)
    for _ in range(ENOUGH):
        made.survey_answer(survey=survey, comment=f"{word}的意见")
    Survey.objects.filter(pk=survey.pk).update(closed_at=timezone.now(), valid=ENOUGH, satisfied=ENOUGH)
    survey.refresh_from_db()
    return survey
