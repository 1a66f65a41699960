"""A refusal as the applicant reads it: reason, clause, date, whom to ask, how to object (R-18)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from jinhua_labor.documents import letters
from jinhua_labor.review.states import Action, State
from stations.applications.models import Application

from .prints import contact


@dataclass(frozen=True, slots=True)
class Decision:
    """What 不予设立决定书 says."""

    number: str
    reason: str
    clause: str
    remedy: str
    decided_on: dt.date
    contact: str


def refusal_of(application: Application) -> Decision | None:
    """The refusal of this file from what its step has frozen; None when it was not refused."""
    review = application.review
    if review.state != State.REJECTED:
        return None
    event = review.events.filter(action=Action.REJECT).order_by("-pk").first()
    if event is None:
        return None
    return Decision(
        number=f"{review.number}-决",
        reason=event.comment,
        clause=event.detail.get("clause", ""),
        remedy=event.detail.get("remedy", ""),
        decided_on=timezone.localdate(event.at),
        contact=contact(),
    )


def refusal_letter(application: Application, decision: Decision) -> letters.Refusal:
    """不予设立决定书 as the documents room draws it: the same paper whenever it is drawn."""
    review = application.review
    submitted = review.first_submitted_at or review.created_at
    return letters.Refusal(
        number=decision.number,
        applicant=application.operator.name,
        application_no=review.number,
        submitted_on=timezone.localdate(submitted),
        reason=decision.reason,
        clause=decision.clause,
        remedy=decision.remedy,
        issued_on=decision.decided_on,
    )
