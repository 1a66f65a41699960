"""For each rule of the satisfaction surveys that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessments.surveys.enums import Kind
from tests.meta.rows import DAY, LATER, NOW, delivery, employer, station
from tests.meta.rows_surveys import closed_survey, employer_ballot, survey, survey_answer, survey_card

Make = Callable[..., Callable[[], Any]]


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "survey_once_per_year": twice(survey, station=station),
        "survey_days_in_order": wrong(survey, closes_on=DAY),
        "survey_draw_adds_up": wrong(survey, drawn=29),
        "survey_closed_whole": wrong(survey, closed_at=NOW, satisfied=None),
        "survey_counts_within": wrong(closed_survey, satisfied=41),
        "survey_card_code_once": twice(survey_card, digest=lambda: b"0" * 32),
        "survey_card_number_once": twice(survey_card, survey=lambda: survey(kind=Kind.EMPLOYERS), number=7),
        "survey_card_worker_once": twice(survey_card, survey=survey, employer=None, delivery=delivery),
        "survey_card_employer_once": twice(survey_card, survey=survey, employer=employer),
        "survey_card_for_one": wrong(survey_card, delivery=delivery),
        "survey_answer_on_scale": wrong(survey_answer, satisfaction="OK"),
        "employer_ballot_on_scale": wrong(employer_ballot, satisfaction="OK"),
    }


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {"assessments.EmployerBallot.card": twice(employer_ballot, card=survey_card)}


def by_trigger(changed: Make, removed: Make) -> dict[str, Callable[[], Any]]:
    def answer_of_a_closed_survey() -> None:
        survey_answer(survey=closed_survey())

    def answer_beside_a_workers_card() -> None:
        employer_ballot(card=survey_card(survey=survey(), employer=None, delivery=delivery()))

    return {
        "assessments.Survey:closed_stays": changed(closed_survey, "closes_on", LATER),
        "assessments.Survey:never_deleted": removed(survey),
        "assessments.SurveyAnswer:closed_stays": answer_of_a_closed_survey,
        "assessments.EmployerBallot:employers_only": answer_beside_a_workers_card,
    }
