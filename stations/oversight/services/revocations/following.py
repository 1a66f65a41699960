"""After the decision: 送达, the plaque's return, a decision reversed."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ReversalCause, RevocationPaperSlot, RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.services.common import require
from stations.registry.models import Ban
from stations.registry.rules import Revocation as Dates
from stations.registry.rules import bar_of

from .common import expect, locked, restore, store


@transaction.atomic
def deliver(*, revocation_id: uuid.UUID, on: dt.date, by: User) -> Revocation:
    """送达 of the decision."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    expect(row, RevocationStage.DECIDED)
    if row.delivered_on == on:
        return row
    if row.delivered_on is not None:
        raise Conflict(f"已登记{date_cn(row.delivered_on)}送达，请刷新后查看。")
    assert row.document is not None
    if not row.document.issued_on <= on <= today():
        raise Refused("送达日期须在成文日期之后，且不晚于今天。", problems=(("请核对送达日期。", "#id_deliver_on"),))
    row.delivered_on, row.delivered_by = on, by
    row.save(update_fields=["delivered_on", "delivered_by"])
    # Where the bureau reads 公布 or 送达 as the start of the bar, its day is known only now.
    dates = Dates(row.document.issued_on, published_on=row.announced_on, delivered_on=on)
    last_day = bar_of(dates, policy=policy_on(row.document.issued_on).policy).until
    Ban.objects.filter(pk=row.ban_id).exclude(last_day=last_day).update(last_day=last_day)
    record(by=by, action="revocation.deliver", obj=row, detail={"on": on.isoformat()})
    return row


@transaction.atomic
def return_plaque(*, revocation_id: uuid.UUID, on: dt.date, by: User) -> Revocation:
    """铭牌交回: the task the decision left."""
    require(by, *OFFICE_ROLES)
    row = locked(revocation_id)
    if row.plaque_returned_on == on:
        return row
    if row.plaque_due_on is None or row.plaque_returned_on is not None or row.stage != RevocationStage.DECIDED:
        raise Conflict("没有待交回的铭牌，请刷新后查看。")
    assert row.document is not None
    if not row.document.issued_on <= on <= today():
        raise Refused("交回日期须在成文日期之后，且不晚于今天。", problems=(("请核对交回日期。", "#id_plaque_on"),))
    row.plaque_returned_on, row.plaque_returned_by = on, by
    row.save(update_fields=["plaque_returned_on", "plaque_returned_by"])
    record(by=by, action="revocation.plaque", obj=row, detail={"on": on.isoformat()})
    return row


@transaction.atomic
def reverse_decision(
    *, revocation_id: uuid.UUID, cause: ReversalCause, reason: str, on: dt.date, upload: attachments.Upload, by: User
) -> Revocation:
    """决定撤销 (复议、诉讼、自行纠正): the bar ends on that day and the station comes back; the history stays."""
    require(by, Role.BUREAU)
    row = locked(revocation_id)
    if row.stage == RevocationStage.REVERSED and row.reversed_by_id == by.pk and row.reversed_on == on:
        return row
    expect(row, RevocationStage.DECIDED)
    assert row.document is not None
    assert row.ban is not None
    problems = []
    if not reason.strip():
        problems.append(("请写明撤销决定的理由。", "#id_reverse_reason"))
    if not row.document.issued_on <= on <= today():
        problems.append(("撤销日期须在决定的成文日期之后，且不晚于今天。", "#id_reverse_on"))
    if problems:
        raise Refused("还不能撤销决定，请先处理以下问题。", problems=tuple(problems))
    store(row, [upload], slot=RevocationPaperSlot.REVERSAL, audience=Audience.PARTY_AND_OFFICE, by=by, main=False)
    row.stage, row.reversed_on, row.reversed_by = RevocationStage.REVERSED, on, by
    row.reversal_cause, row.reversal_reason = cause, reason.strip()
    row.save()
    ban = Ban.objects.select_for_update().get(pk=row.ban.pk)
    ban.lifted_on = on
    ban.save(update_fields=["lifted_on"])
    restore(row, by=by, why=f"{row.document.doc_no}已撤销")
    record(by=by, action="revocation.reverse", obj=row, detail={"cause": cause, "on": on.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}取消资格的决定已撤销",
        body=f"{date_cn(on)}起恢复资格，不得申报的限制同时解除。{row.reversal_reason}",
        link=row.get_absolute_url(),
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{row.station.name}取消资格的决定已撤销，请处理已发布的公告",
        link=row.notice.get_absolute_url() if row.notice else "",
    )
    return row
