"""告知、陈述申辩 and its answer (R-33)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RevocationPaperSlot, RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.rules.revocations import defence_ends, may_close_hearing
from stations.oversight.services.common import require

from .common import expect, locked, report, store

SILENT = "逾期未陈述申辩。"


@transaction.atomic
def notify(*, revocation_id: uuid.UUID, by: User) -> Revocation:
    """告知: facts, grounds and the right to state and defend, with the last day of it (R-33)."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    if row.voluntary:
        raise Refused("主动申请取消资格的，不需要告知。")
    if row.stage == RevocationStage.NOTIFIED and row.notified_by_id == by.pk:
        return row
    expect(row, RevocationStage.PROPOSED)
    day = today()
    row.stage, row.notified_by, row.notified_on = RevocationStage.NOTIFIED, by, day
    row.defence_until = defence_ends(day, settings=policy_on(day).policy.settings, calendar=work_calendar())
    row.save()
    record(by=by, action="revocation.notify", obj=row, detail={"until": row.defence_until.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}取消资格事先告知书",
        body=f"可在{date_cn(row.defence_until)}（含）前提出陈述和申辩。事实、理由和依据见告知书。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def state(*, revocation_id: uuid.UUID, text: str, uploads: Sequence[attachments.Upload], by: User) -> Revocation:
    """陈述申辩 of the unit, once; what comes late is read too as long as the centre has not closed the hearing."""
    row = locked(revocation_id)
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id:
        raise PermissionDenied
    if row.statement:
        if row.statement == text.strip():
            return row
        raise Conflict("已提交陈述申辩，需要补充的请联系区就业服务中心。")
    expect(row, RevocationStage.NOTIFIED)
    if not text.strip():
        raise Refused("请填写陈述申辩的内容。", problems=(("请填写陈述申辩的内容。", "#id_text"),))
    row.statement, row.statement_by, row.statement_on = text.strip(), by, today()
    row.save()
    store(row, uploads, slot=RevocationPaperSlot.STATEMENT, audience=Audience.PARTY_AND_OFFICE, by=by, main=False)
    record(by=by, action="revocation.state", obj=row)
    send(to_role=Role.CENTRE, subject=f"{row.station.name}已提出陈述申辩，请处理", link=row.get_absolute_url())
    return row


@transaction.atomic
def answer(*, revocation_id: uuid.UUID, text: str, by: User) -> Revocation:
    """The centre's answer to what the unit said, or 逾期未陈述; the report goes to 初审 by a colleague."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    if row.stage == RevocationStage.REPORTED and row.answered_by_id == by.pk:
        return row
    if row.stage == RevocationStage.PROPOSED:
        raise Refused("还没有书面告知，不能报审。")
    expect(row, RevocationStage.NOTIFIED)
    day, until = today(), row.defence_until
    assert until is not None
    if not may_close_hearing(stated=bool(row.statement), until=until, on=day):
        raise Refused(f"陈述申辩期限至{date_cn(until)}（含），还没有结束，单位也没有提交，现在不能报审。")
    words = text.strip()
    if not row.statement:
        words = SILENT + words.removeprefix(SILENT)
    elif not words:
        raise Refused("请写明对陈述申辩逐条的处理。", problems=(("请写明处理意见。", "#id_answer_text"),))
    row.answer, row.answered_by, row.answered_on = words, by, day
    proposer = row.proposed_by
    assert proposer is not None
    report(row, entered_by=proposer, by=by)
    record(by=by, action="revocation.answer", obj=row)
    send(to_role=Role.CENTRE, subject=f"{row.station.name}取消资格待初审", link=row.get_absolute_url())
    return row
