"""自评: what the station says to the lines of 附件3, with its papers, until its last day (R-29). It is no condition."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment, SelfEvidence
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused

from .common import expect, keep, lock_year, policy_of, require_unit
from .scoring import begin

SEE_FILE = "见所附材料。"
"""What is kept beside a paper whose owner wrote nothing."""


@transaction.atomic
def add(
    *, assessment_id: uuid.UUID, code: str, text: str, upload: attachments.Upload | None, by: User, key: uuid.UUID
) -> SelfEvidence:
    """One statement to a line, with a paper where there is one; the same form sent twice is one.

    Raises Refused when there is neither text nor paper, Conflict once 自评 is handed in or its time is over.
    """
    row = _open_for(assessment_id, by)
    if earlier := SelfEvidence.objects.filter(pk=key).first():
        if (earlier.assessment_id, earlier.added_by_id) != (row.pk, by.pk):
            raise Conflict("这张表单已经用过，请刷新后再保存。")
        return earlier
    if code not in {line.code for line in policy_of(row).indicators}:
        raise Refused("评估表中没有这一项。")
    said = text.strip() or (SEE_FILE if upload else "")
    if not said:
        raise Refused("请写明这一项的情况，或上传材料。", problems=(("请写明情况，或上传材料。", f"#id_{code}_text"),))
    paper = keep(upload, assessment=row, by=by) if upload else None
    found = SelfEvidence.objects.create(id=key, assessment=row, code=code, text=said, attachment=paper, added_by=by)
    record(by=by, action="assessment.self_add", obj=row, detail={"code": code})
    return found


@transaction.atomic
def remove(*, assessment_id: uuid.UUID, evidence_id: uuid.UUID, by: User) -> None:
    """Takes a statement back before 自评 is handed in, its paper with it; harmless to repeat."""
    row = _open_for(assessment_id, by)
    found = SelfEvidence.objects.select_related("attachment").filter(assessment=row, pk=evidence_id).first()
    if found is None:
        return
    paper = found.attachment
    record(by=by, action="assessment.self_remove", obj=row, detail={"code": found.code})
    found.delete()
    if paper is not None:
        attachments.discard(paper, by=by)


@transaction.atomic
def save_text(*, assessment_id: uuid.UUID, text: str, by: User) -> Assessment:
    """自评说明, kept without handing in."""
    row = _open_for(assessment_id, by)
    if row.self_text != text.strip():
        row.self_text = text.strip()
        row.save(update_fields=["self_text"])
        record(by=by, action="assessment.self_text", obj=row)
    return row


@transaction.atomic
def submit(*, assessment_id: uuid.UUID, text: str, by: User) -> Assessment:
    """提交自评: scoring begins. Raises Refused for an empty one; handed in twice is once."""
    row = lock_year(assessment_id)
    require_unit(row, by)
    if row.self_submitted_at and row.self_submitted_by_id == by.pk:
        return row
    row = _open_for(assessment_id, by)
    if not text.strip() and not row.self_evidence.exists():
        raise Refused("自评还是空的：请至少写明一项情况，或填写自评说明。")
    row.self_text, row.self_submitted_by, row.self_submitted_at = text.strip(), by, timezone.now()
    row.save(update_fields=["self_text", "self_submitted_by", "self_submitted_at"])
    record(by=by, action="assessment.self_submit", obj=row, detail={"statements": row.self_evidence.count()})
    begin(row, by=by)
    return row


def _open_for(assessment_id: uuid.UUID, by: User) -> Assessment:
    """The year, locked, while its unit may still write 自评."""
    row = lock_year(assessment_id)
    require_unit(row, by)
    if row.self_submitted_at:
        raise Conflict("自评已经提交，不能再修改。")
    expect(row, Stage.OPEN)
    if row.self_due_on < today():
        raise Conflict(f"自评已于{date_cn(row.self_due_on)}截止。")
    return row
