"""工作交接 after a change: the list that both sides have signed (R-23)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.services import Upload
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from stations.oversight.enums import ChangePaperSlot, ChangeState
from stations.oversight.models import ChangeReport

from .carrying_out import locked
from .changes import store
from .moving_files import show_to_both


@transaction.atomic
def hand_over(
    *, change_id: uuid.UUID, on: dt.date, signed_from: str, signed_to: str, items: str, paper: Upload, by: User
) -> ChangeReport:
    """工作交接: the list both signed. The same list sent twice is one; Raises Refused for a day to come."""
    change = locked(change_id)
    if by.role != Role.OPERATOR or by.organisation_id not in {change.operator_id, change.new_operator_id}:
        raise PermissionDenied
    if change.state != ChangeState.FILED or not change.needs_handover:
        raise Refused("这件变更现在不办理工作交接。")
    if change.handover_on is not None:
        raise Conflict(f"工作交接已于{date_cn(change.handover_on)}登记，请刷新后查看。")
    problems = []
    if on > today():
        problems.append(("交接日期不能晚于今天。", "#id_on"))
    if signed_from == signed_to:
        problems.append(("移交人和接收人须是两个人。", "#id_signed_to"))
    if problems:
        raise Refused("还不能登记工作交接。", problems=tuple(problems))
    store(change, {ChangePaperSlot.HANDOVER: [paper]}, by=by)
    show_to_both(change, by=by)
    change.handover_on, change.handover_from, change.handover_to = on, signed_from, signed_to
    change.handover_items = items
    change.save(update_fields=["handover_on", "handover_from", "handover_to", "handover_items"])
    record(by=by, action="change.hand_over", obj=change, detail={"on": on.isoformat()})
    send(to_role=Role.CENTRE, subject=f"{change.station.name}工作交接清单已提交", link=change.get_absolute_url())
    return change
