"""A survey is over: its answers part from its cards for good, what they found is kept, the centre is told."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.surveys import rules
from assessments.surveys.models import Survey
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.mailbox.services import send

from .stirring import part


def close_due(*, day: dt.date) -> int:
    """Closes every survey whose last day is over on `day`; gives how many. Each in a transaction of its own; run again,
    it does nothing. There is no other way to close one, and none to open it again."""
    due = Survey.objects.open().filter(closes_on__lt=day).order_by("closes_on", "pk")
    return sum(_close(pk, day) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _close(survey_id: uuid.UUID, day: dt.date) -> bool:
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("station__operator").get(
        pk=survey_id
    )  # fmt: skip
    if survey.is_closed or survey.closes_on >= day:
        return False
    part(survey.pk)
    answers = [rules.Answer(*one) for one in survey.answers.values_list("satisfaction", "answered_on")]
    found = rules.tally(answers, opens_on=survey.opens_on, closes_on=survey.closes_on)
    survey.closed_at, survey.valid, survey.satisfied = timezone.now(), found.valid, found.satisfied
    survey.save(update_fields=["closed_at", "valid", "satisfied"])
    by = User.objects.system()
    record(by=by, action="survey.close", obj=survey, detail={"valid": found.valid, "drawn": survey.drawn})
    words = f"{rules.rate_words(survey.drawn, found.valid)}。{rules.sample_words(found.valid, survey.required)}。"
    subject = f"满意度调查已结束：{survey.station.name}（{survey.get_kind_display()}）"
    send(to_role=Role.CENTRE, subject=subject, body=words, link=survey.get_absolute_url())
    send(
        to_organisation=survey.station.operator,
        subject=subject,
        body=words,
        link=reverse("surveys:station", args=[survey.station_id]),
    )
    return True
