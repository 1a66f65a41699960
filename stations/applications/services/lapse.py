"""What time decides by itself: an unanswered 补正通知书, a submission nobody answered (R-16)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import date_cn
from jinhua_labor.mailbox import services as mailbox
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, State
from stations.applications.models import Application
from stations.applications.queries.editable import latest_notice
from stations.roster.services.lists import lock_list

from .draft import locked


def lapse_overdue(*, day: dt.date) -> int:
    """逾期视为撤回 for every returned file whose last day has passed before `day`; how many.

    Catches up after days without a worker, and does nothing a second time.
    """
    rows = Application.objects.filter(review__state=State.RETURNED, review__due_on__lt=day)
    return sum(_lapse(pk, day) for pk in rows.values_list("pk", flat=True))


def accept_overdue(*, day: dt.date) -> int:
    """逾期视为受理 for every submission nobody answered within the promised days; how many."""
    return review_services.accept_overdue(day=day, by=User.objects.get(role=Role.SYSTEM))


@transaction.atomic
def _lapse(application_id: uuid.UUID, day: dt.date) -> bool:
    application = locked(application_id)
    notice = latest_notice(application)
    if application.review.state != State.RETURNED or notice is None or notice.due_on >= day:
        return False
    system = User.objects.get(role=Role.SYSTEM)
    words = f"补正期限{date_cn(notice.due_on)}届满未重新提交，视为撤回"
    review_services.transition(application.review, Action.LAPSE, by=system, opinion=Opinion(words))
    lock_list(roster_list=application.roster_list, by=system)
    mailbox.send(
        to_organisation=application.operator,
        subject="设立申请逾期未补正，视为撤回",
        body=f"受理编号 {application.review.number}。{words}。可以随时重新申请，填过的内容会自动带入。",
        link=application.get_absolute_url(),
    )
    return True
