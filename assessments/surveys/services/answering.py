"""An answer comes in: through the link of a card, from somebody who stays unknown."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from assessments.surveys.enums import Kind
from assessments.surveys.models import EmployerBallot, Survey, SurveyAnswer, SurveyCard
from jinhua_labor.audit.context import NOWHERE, current_origin
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.oversight.rules.codes import digest

from .stirring import stir


class Unanswerable(Refused):
    """The link leads nowhere: mistyped, used, or its survey is over. One message, which does not tell which."""

    def __init__(self) -> None:
        super().__init__("这张卡现在不能填写。")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered; the second and third question and the comment may be left out."""

    satisfaction: str
    second: str = ""
    third: str = ""
    comment: str = ""


@transaction.atomic
def answer(*, code: str, given: Given) -> None:
    """Takes an answer. A worker's card is used up by it: of two posts at once one is taken, the other raises
    Unanswerable. An employer's replaces what it answered before, until the survey closes (R-59).

    Kept are the words and the day. The journal says that an answer came in for the survey, neither from where nor
    by which request.
    """
    kept = digest(code)
    survey_id = SurveyCard.objects.filter(digest=kept).values_list("survey_id", flat=True).first()
    if survey_id is None:
        raise Unanswerable
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(pk=survey_id)
    # Read after the lock: whoever held it may have used the card, or closed the survey and thrown the cards away.
    card = SurveyCard.objects.filter(digest=kept).first()
    day = today()
    if card is None or not survey.takes_answers(day):
        raise Unanswerable
    said = {"satisfaction": given.satisfaction, "second": given.second, "third": given.third,
            "comment": given.comment, "answered_on": day}  # fmt: skip
    if survey.kind == Kind.EMPLOYERS:
        EmployerBallot.objects.update_or_create(card=card, defaults=said)
        _mark(card)
    elif card.used:
        raise Unanswerable
    else:
        SurveyAnswer.objects.create(survey=survey, **said)
        _mark(card)
        stir(survey.pk)
    _tell(survey)


def _mark(card: SurveyCard) -> None:
    if not card.used:
        card.used = True
        card.save(update_fields=["used"])


def _tell(survey: Survey) -> None:
    """One line in the journal, from nowhere."""
    held = current_origin.set(NOWHERE)
    try:
        record(by=None, action="survey.answer", obj=survey)
    finally:
        current_origin.reset(held)
