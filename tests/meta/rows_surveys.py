"""Rows of the satisfaction surveys: a survey with its cards and answers (see rows.py)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from assessments.models import EmployerBallot, Survey, SurveyAnswer, SurveyCard
from assessments.surveys.enums import Kind, Satisfaction
from stations.oversight.rules.codes import new_code
from tests.meta.rows import DAY, LATER, NOW, _made, clerk, employer, number, station


def survey(**fields: Any) -> Survey:
    """A running survey of the workers; `closed_at` brings what it found along."""
    values: dict[str, Any] = {
        "station": station,
        "period_no": 1,
        "starts_on": DAY,
        "ends_on": LATER,
        "kind": Kind.WORKERS,
        "opens_on": LATER,
        "closes_on": LATER + dt.timedelta(days=20),
        "policy_version": "JD-2021-14",
        "population": 60,
        "required": 30,
        "drawn": 60,
        "drawn_by": clerk,
    }
    if fields.get("closed_at"):
        values |= {"valid": 40, "satisfied": 33}
    return _made(Survey, values, fields)


def closed_survey(**fields: Any) -> Survey:
    return survey(**{"closed_at": NOW, **fields})


def survey_card(**fields: Any) -> SurveyCard:
    """A card of a running survey, for an employer."""
    code, kept = new_code()
    return _made(
        SurveyCard,
        {
            "survey": lambda: survey(kind=Kind.EMPLOYERS),
            "number": number,
            "digest": kept,
            "code": code,
            "employer": employer,
        },
        fields,
    )


def survey_answer(**fields: Any) -> SurveyAnswer:
    return _made(SurveyAnswer, {"survey": survey, "satisfaction": Satisfaction.GOOD, "answered_on": LATER}, fields)


def employer_ballot(**fields: Any) -> EmployerBallot:
    return _made(EmployerBallot, {"card": survey_card, "satisfaction": Satisfaction.GOOD, "answered_on": LATER}, fields)
