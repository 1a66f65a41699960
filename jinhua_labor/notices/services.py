"""Every write of a notice: prepared by one person, released by a bureau official, withdrawn with a reason (R-31)."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on

from .models import Notice, NoticeKind, NoticeState, Objection
from .rules import Finding, scan


def findings(notice: Notice) -> tuple[Finding, ...]:
    """What the scan finds in title and body; the office's own phone may stand there."""
    own = {"".join(c for c in number if c.isdigit()) for number in (notice.phone, settings.SITE_PHONE)}
    return scan(notice.title, notice.body, allowed=frozenset(own))


@transaction.atomic
def prepare(
    *,
    kind: NoticeKind,
    title: str,
    body: str,
    by: User,
    workdays: int = 0,
    office: str = "",
    phone: str = "",
    object_id: uuid.UUID | None = None,
    fixed: Sequence[str] = (),
) -> Notice:
    """A draft that waits for release. `workdays` 0 makes a 公告, more a 公示 of that many working days.

    `fixed` are the lines of the body made of frozen records: results, names, amounts. Nobody edits them (R-31).
    """
    if by.role not in OFFICE_ROLES | {Role.SYSTEM}:
        raise PermissionDenied
    notice = Notice.objects.create(
        kind=kind,
        title=title,
        body=body,
        fixed="\n".join(fixed),
        workdays=workdays,
        office=office,
        phone=phone,
        object_id=object_id,
        prepared_by=by,
        state=NoticeState.READY,
    )
    record(by=by, action="notice.prepare", obj=notice)
    return notice


@transaction.atomic
def amend(*, notice_id: uuid.UUID, title: str, body: str, office: str, phone: str, workdays: int, by: User) -> Notice:
    """Changes a notice that is not out yet; who amends it has prepared it. Conflict once it is released.

    A 公示 on which a result, a title or money waits may run longer than the policy says, never shorter, and says what
    was decided: Refused.
    """
    notice = _lock(notice_id)
    if by.role not in OFFICE_ROLES:
        raise PermissionDenied
    _expect(notice, NoticeState.DRAFT, NoticeState.READY)
    if workdays < (least := _least(notice)):
        text = f"{notice.get_kind_display()}至少{least}个工作日，可以延长，不能缩短。"
        raise Refused(text, problems=((text, "#id_workdays"),))
    if missing := notice.missing_lines(body):
        text = f"正文里的这一行照已确认的记录生成，须原样保留：{missing[0]}"
        raise Refused(text, problems=((text, "#id_body"),))
    notice.title, notice.body, notice.office, notice.phone = title, body, office, phone
    notice.workdays, notice.prepared_by, notice.state = workdays, by, NoticeState.READY
    notice.save()
    record(by=by, action="notice.amend", obj=notice)
    return notice


@transaction.atomic
def release(*, notice_id: uuid.UUID, by: User, cleared_reason: str = "") -> Notice:
    """Publishes it: a bureau official, not the one who prepared it. The period ends on the last working day (R-31).

    Raises Refused when the scan finds personal data and no reason says why it is a false alarm, Conflict when it is out
    already.
    """
    notice = _lock(notice_id)
    if by.role != Role.BUREAU:
        raise PermissionDenied
    _expect(notice, NoticeState.READY)
    if by.pk == notice.prepared_by_id:
        raise Refused("起草人不能自己发布，请由另一位同事审核发布。")
    found = findings(notice)
    if found and not cleared_reason.strip():
        places = "；".join(f"疑似{f.kind}：{f.excerpt}" for f in found)
        raise Refused(f"正文含有疑似个人信息，请删除后再发布；确属误判的，请写明理由。{places}")
    day = today()
    notice.state, notice.released_by, notice.released_at = NoticeState.PUBLISHED, by, timezone.now()
    notice.ends_on = work_calendar().add_workdays(day, notice.workdays) if notice.workdays else None
    notice.content_sha256 = digest(notice)
    notice.save()
    record(
        by=by,
        action="notice.release",
        obj=notice,
        purpose=cleared_reason.strip(),
        detail={"ends_on": notice.ends_on.isoformat() if notice.ends_on else "", "sha256": notice.content_sha256},
    )
    return notice


@transaction.atomic
def withdraw(*, notice_id: uuid.UUID, reason: str, by: User) -> Notice:
    """Takes a published notice off the public pages; it stays on record with the reason."""
    notice = _lock(notice_id)
    if by.role != Role.BUREAU:
        raise PermissionDenied
    if not reason.strip():
        raise Refused("请写明撤回原因。")
    _expect(notice, NoticeState.PUBLISHED)
    notice.state, notice.withdrawn_by, notice.withdrawn_at = NoticeState.WITHDRAWN, by, timezone.now()
    notice.withdrawn_reason = reason.strip()
    notice.save()
    record(by=by, action="notice.withdraw", obj=notice, purpose=notice.withdrawn_reason)
    return notice


@transaction.atomic
def object_to(
    *, notice_id: uuid.UUID, name: str, contact: str, content: str, evidence: attachments.Upload | None = None
) -> Objection:
    """异议 of anyone, with a real name, within the period; after its last day it is refused (R-31).

    `evidence` is one file only the offices may open. Raises UploadError when it is not a paper or a picture.
    """
    notice = _lock(notice_id)
    if notice.state != NoticeState.PUBLISHED or notice.ends_on is None:
        raise Refused("这条通知不在公示中，不能提出异议。")
    if today() > notice.ends_on:
        raise Refused(
            f"公示已于{notice.ends_on.month}月{notice.ends_on.day}日结束，不再接收异议；您仍可向区就业服务中心反映。"
        )
    objection = Objection(notice=notice, name=name, contact=contact, content=content)
    if evidence is not None:
        office = notice.prepared_by.organisation
        assert office is not None  # offices prepare notices, the system only in the name of one
        objection.evidence = attachments.store(
            evidence,
            by=User.objects.system(),
            organisation=office,
            audience=Audience.OFFICE,
            kind="objection",
        )
    objection.save()
    record(by=None, action="notice.objection", obj=notice)
    # Neither name nor words of the objector leave the desk.
    send(
        to_role=Role.CENTRE,
        subject=f"收到异议：{notice.title}",
        link=reverse("notices:desk", args=[notice.pk]),
    )
    return objection


@transaction.atomic
def answer(*, objection_id: uuid.UUID, text: str, by: User) -> Objection:
    """The centre's answer to an objection, once."""
    if by.role != Role.CENTRE:
        raise PermissionDenied
    objection = Objection.objects.select_for_update().get(pk=objection_id)
    if objection.answered_at:
        raise Conflict("该异议已经答复。")
    if not text.strip():
        raise Refused("请填写答复内容。")
    objection.answer, objection.answered_by, objection.answered_at = text.strip(), by, timezone.now()
    objection.save()
    record(by=by, action="notice.answer", obj=objection.notice)
    return objection


def digest(notice: Notice) -> str:
    """SHA-256 of what is published, so that a later change behind the portal's back can be shown."""
    content = [notice.kind, notice.title, notice.body, notice.office, notice.phone, notice.workdays]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _least(notice: Notice) -> int:
    """The working days the policy gives a 公示 of this kind; 0 for a 公告, and for what nothing waits on.

    Never more than it was prepared with: a version that asks for more holds from its day on.
    """
    policy = policy_on(today()).policy
    said = {
        NoticeKind.ASSESSMENT: policy.publicity_workdays_assessment,
        NoticeKind.EXCELLENT: policy.publicity_workdays_excellent,
        NoticeKind.SUBSIDY: policy.settings.grant_publicity_workdays,
    }
    return min(notice.workdays, said.get(NoticeKind(notice.kind), 0))


def _lock(notice_id: uuid.UUID) -> Notice:
    return Notice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice_id)


def _expect(notice: Notice, *states: NoticeState) -> None:
    if notice.state not in states:
        raise Conflict(f"这条通知{notice.get_state_display()}，请刷新后再办。")
