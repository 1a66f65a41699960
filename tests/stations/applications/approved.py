"""Applications that passed 审核 and wait for their document."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today
from jinhua_labor.review.models import Review
from jinhua_labor.review.services import Opinion, lock, open_review, transition
from jinhua_labor.review.states import Action, Kind, Recommendation
from stations.applications.models import Application
from stations.roster.models import RosterList
from tests.stations.applications.build import FIELDS

_OPINION = Opinion("符合条件", Recommendation.AGREE)


def approved(operator_user: User, clerk: User, official: User, **fields: Any) -> Application:
    """By the real steps of the review; the file itself is not complete, nobody looks at it any more."""
    operator = operator_user.organisation
    assert isinstance(operator, Organisation)
    pk = uuid.uuid4()
    review = open_review(
        kind=Kind.APPLICATION,
        object_id=pk,
        title=f"{operator.name}设立申请",
        organisation=operator,
        url_name="applications:file",
        open_key=f"test:{pk}",
        by=operator_user,
    )
    values = {**FIELDS, "term_to": today() + dt.timedelta(days=700), "filing_no": f"BA-{pk.hex[:12]}", **fields}
    filed = {"filed_by": clerk, "filed_at": timezone.now()} if values["filing_no"] else {}
    application = Application.objects.create(
        pk=pk,
        review=review,
        operator=operator,
        roster_list=RosterList.objects.create(operator=operator, created_by=operator_user),
        **values,
        **filed,
    )
    for action, by in ((Action.SUBMIT, operator_user), (Action.SCREEN, clerk), (Action.APPROVE, official)):
        take(review, action, by)
    return Application.objects.select_related("review", "operator").get(pk=application.pk)


def take(review: Review, action: Action, by: User) -> None:
    with transaction.atomic():
        transition(lock(review.pk), action, by=by, opinion=_OPINION)
