"""Keeping count of what is answered of a 补正通知书 (「3/5 已改」)."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import State
from stations.applications.models import Application, Defect
from stations.applications.queries.editable import latest_notice, may_act
from stations.applications.queries.progress import is_changed


def refresh(application: Application) -> None:
    """Writes `answered_at` where a marked place has changed since the notice, takes it back where it was undone.

    Does nothing unless the file is returned; the caller holds the review's lock.
    """
    if application.review.state != State.RETURNED:
        return
    notice = latest_notice(application)
    if notice is None:
        return
    for defect in notice.defects.all():
        done = bool(defect.answer) or is_changed(application, notice, defect)
        if done != (defect.answered_at is not None):
            defect.answered_at = timezone.now() if done else None
            defect.save(update_fields=["answered_at"])


@transaction.atomic
def explain(*, application_id: uuid.UUID, defect_id: uuid.UUID, text: str, by: User) -> Defect:
    """Answers a defect in words where there is nothing to change; an empty text takes the answer back.

    Raises Conflict when the file is no longer returned or the defect is not of the notice being answered.
    """
    application = Application.objects.get(pk=application_id)
    application.review = review_services.lock(application.review_id)
    if not may_act(application, by):
        raise PermissionDenied
    notice = latest_notice(application)
    if application.review.state != State.RETURNED or notice is None:
        raise Conflict("该件已不在补正中，请刷新页面。")
    defect = notice.defects.select_for_update().filter(pk=defect_id).first()
    if defect is None:
        raise Conflict("该项不在本次补正通知书中，请刷新页面。")
    if len(text) > 200:
        raise Refused("说明最多200字。")
    before, defect.answer = defect.answer, text
    defect.save(update_fields=["answer"])
    detail = {"target": defect.target, "before": before, "after": text}
    record(by=by, action="application.explain", obj=application, detail=detail)
    refresh(application)
    defect.refresh_from_db()
    return defect
