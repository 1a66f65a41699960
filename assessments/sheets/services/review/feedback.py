"""The station's say on the checked draft, line by line, and the centre's answers (R-29)."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Stage
from assessments.sheets.models import LineAnswer, Sheet
from assessments.sheets.services.common import expect, keep, lock_sheet, policy_of, require_unit, review_of
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from stations.oversight.services.common import require


@transaction.atomic
def answer(*, sheet_id: uuid.UUID, code: str, text: str, upload: attachments.Upload | None, by: User) -> LineAnswer:
    """站点意见 to one line of the draft, with new evidence where there is some; once a line.

    Raises Refused without words, Conflict once the unit has agreed or its time is over.
    """
    sheet = _in_feedback(sheet_id, by)
    if earlier := sheet.answers.filter(code=code).first():
        if earlier.by_id == by.pk and earlier.text == text.strip():
            return earlier
        raise Conflict("这一项的意见已经提交，请等待答复。")
    if not sheet.lines.filter(code=code).exists():
        raise Refused("评估表中没有这一项。")
    if not text.strip():
        raise Refused("请写明意见。", problems=(("请写明意见。", f"#id_{code}_text"),))
    paper = keep(upload, assessment=sheet.assessment, by=by) if upload else None
    found = LineAnswer.objects.create(sheet=sheet, code=code, text=text.strip(), attachment=paper, by=by)
    record(by=by, action="sheet.station_answer", obj=sheet, detail={"code": code})
    send(
        to_user=sheet.checked_by,
        subject=f"站点对评分有意见：{sheet.assessment}",
        body=f"指标：{policy_of(sheet.assessment).indicator(code).name}。请答复。",
        link=sheet.get_absolute_url(),
    )
    return found


@transaction.atomic
def agree(*, sheet_id: uuid.UUID, by: User) -> Sheet:
    """无意见, or nothing more than what was written: feedback is over before its last day. Twice is once."""
    sheet = lock_sheet(sheet_id)
    require_unit(sheet.assessment, by)
    if sheet.agreed_by_id == by.pk:
        return sheet
    sheet = _in_feedback(sheet_id, by)
    sheet.agreed_by, sheet.agreed_at = by, timezone.now()
    sheet.save(update_fields=["agreed_by", "agreed_at"])
    review_services.stand_still(review_of(sheet), until=today())
    record(by=by, action="sheet.agree", obj=sheet, detail={"answers": sheet.answers.count()})
    send(
        to_user=sheet.checked_by,
        subject=f"站点已反馈：{sheet.assessment}",
        body="站点对评分没有其他意见。答复全部意见之后，请报送确认。",
        link=sheet.get_absolute_url(),
    )
    return sheet


def _in_feedback(sheet_id: uuid.UUID, by: User) -> Sheet:
    sheet = lock_sheet(sheet_id)
    require_unit(sheet.assessment, by)
    expect(sheet.assessment, Stage.FEEDBACK)
    if sheet.agreed_at is not None:
        raise Conflict("贵单位已表示没有其他意见，反馈已经结束。")
    if sheet.feedback_until is not None and sheet.feedback_until < today():
        raise Conflict(f"反馈已于{date_cn(sheet.feedback_until)}截止。")
    return sheet


@transaction.atomic
def reply(*, sheet_id: uuid.UUID, answer_id: uuid.UUID, text: str, by: User) -> LineAnswer:
    """The centre's answer to one 站点意见; given once. Where points are to change, the sheet goes back to scoring."""
    require(by, Role.CENTRE)
    sheet = lock_sheet(sheet_id)
    found = sheet.answers.select_for_update(of=("self",), no_key=True).filter(pk=answer_id).first()
    if found is None:
        raise Conflict("这条意见已不在这张表上，请刷新后查看。")
    if found.reply:
        if (found.reply, found.replied_by_id) == (text.strip(), by.pk):
            return found
        raise Conflict("这条意见已由同事答复，请刷新后查看。")
    expect(sheet.assessment, Stage.FEEDBACK, Stage.SCORING, Stage.CHECKING)
    if not text.strip():
        raise Refused("请写明答复。", problems=(("请写明答复。", f"#id_{found.code}_reply_text"),))
    found.reply, found.replied_by, found.replied_at = text.strip(), by, timezone.now()
    found.save(update_fields=["reply", "replied_by", "replied_at"])
    record(by=by, action="sheet.reply", obj=sheet, detail={"code": found.code})
    if sheet.assessment.stage == Stage.FEEDBACK:
        send(
            to_organisation=sheet.assessment.operator,
            subject=f"您的意见已答复：{sheet.assessment}",
            body=f"指标：{policy_of(sheet.assessment).indicator(found.code).name}。",
            link=sheet.get_absolute_url(),
        )
    return found
