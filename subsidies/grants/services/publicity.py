"""公示 where set, then 审批 step by step, until the money may go out (第十三条, R-46)."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.money import yuan
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice, NoticeKind
from jinhua_labor.rulebook import policy_on
from subsidies.grants.enums import Stage
from subsidies.grants.models import Approval, Grant
from subsidies.grants.queries.approving import announced_rows, announcement, publicity_of, remaining

from .common import expect, lock_many, locked, refuse_kept, require, standing_now

MOST = 50
"""Grants in one notice: a list that can still be read."""


@transaction.atomic
def prepare_notice(*, grant_ids: Collection[uuid.UUID], by: User) -> Notice:
    """拟公示稿 of approved grants: unit, station, item, amount; a bureau official who did not write it releases it.

    Raises Conflict when one of them is not approved or stands in a notice already, Refused for none or too many.
    """
    require(by, Role.CENTRE)
    if not 0 < len(set(grant_ids)) <= MOST:
        raise Refused(f"请选择要公示的补贴，一次不超过{MOST}笔。")
    day = today()
    workdays = policy_on(day).policy.settings.grant_publicity_workdays
    if not workdays:
        raise Refused("现在的设置不要求公示补贴。")
    grants = lock_many(grant_ids)
    for grant in grants:
        expect(grant, Stage.REVIEWED)
        if not publicity_of(grant, on=day).may_prepare:
            raise Conflict(f"{grant}已有公示稿，请刷新后再办。")
        if grant.notice is not None and grant.notice.objections.open().exists():
            raise Refused(f"{grant}撤回的公示还有异议没有答复，请先答复。")  # the new notice knows nothing of it
        refuse_kept(grant)
    office = by.organisation.name if by.organisation else ""
    title, body = announcement(grants, workdays=workdays, office=office, phone=settings.SITE_PHONE)
    notice = notices.prepare(
        kind=NoticeKind.SUBSIDY,
        title=title,
        body=body,
        fixed=announced_rows(grants),
        workdays=workdays,
        office=office,
        phone=settings.SITE_PHONE,
        object_id=grants[0].pk if len(grants) == 1 else None,
        by=by,
    )
    for grant in grants:
        grant.notice = notice
        grant.save(update_fields=["notice"])
        record(by=by, action="grant.notice", obj=grant, detail={"notice": str(notice.pk)})
    send(to_role=Role.BUREAU, subject=f"待发布：{title}", link=reverse("notices:desk", args=[notice.pk]))
    return notice


@transaction.atomic
def approve_step(*, grant_id: uuid.UUID, step: int, opinion: str, by: User) -> Grant:
    """One step of 审批, in order, each by another person than 初审 and 审核; the last sets the year of the budget.

    Raises Refused before 公示 is over or while the grant is kept, Conflict when the step is not the next one.
    """
    grant = locked(grant_id)
    if grant.approvals.filter(round=grant.rounds, step=step, by=by).exists():
        return grant
    expect(grant, Stage.REVIEWED)
    day = today()
    where = publicity_of(grant, on=day)
    if not where.over:
        raise Refused(f"公示期满、没有未处理的异议之后才能审批，现在{where.label}。")
    refuse_kept(grant)
    following = remaining(grant, on=day)
    if not following or following[0].number != step:
        raise Conflict("这一步审批不是现在应办的，请刷新后再办。")
    mine = following[0]
    if by.role != mine.role:
        raise PermissionDenied
    if not opinion.strip():
        raise Refused("请写明审批意见。", problems=(("请写明审批意见。", "#id_step_opinion"),))
    review = grant.review
    if by.pk in {review.screened_by_id, review.approved_by_id}:
        raise Refused("审批人不能是该件的初审人或审核人，请由他人办理。")
    if grant.approvals.filter(round=grant.rounds, by=by).exists():
        raise Refused("您已办理过这笔补贴的另一步审批，请由他人办理。")
    Approval.objects.create(
        grant=grant,
        round=grant.rounds,
        step=mine.number,
        role=mine.role,
        label=mine.label,
        amount=grant.due,
        opinion=opinion.strip(),
        by=by,
        screened_by_id=review.screened_by_id,
        reviewed_by_id=review.approved_by_id,
    )
    record(by=by, action="grant.approve_step", obj=grant, detail={"step": mine.label, "amount": str(grant.due)})
    settle(grant, by=by)
    return grant


def advance_due(*, by: User) -> int:
    """Approves what has no step left once its 公示 is over; how many. Harmless to repeat."""
    require(by, Role.SYSTEM)
    advanced = 0
    for pk in Grant.objects.filter(stage=Stage.REVIEWED).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            grant = locked(pk)
            day = today()
            if grant.stage != Stage.REVIEWED or remaining(grant, on=day) or not publicity_of(grant, on=day).over:
                continue
            if not standing_now(grant).problems:
                settle(grant, by=by)
                advanced += 1
    return advanced


def settle(grant: Grant, *, by: User) -> None:
    """Moves a locked grant on when nothing is left to wait for, or tells whose turn it is."""
    day = today()
    if not publicity_of(grant, on=day).over:
        send(to_role=Role.CENTRE, subject=f"请拟公示稿：{grant}", link=grant.get_absolute_url())
        return
    following = remaining(grant, on=day)
    if following:
        send(
            to_role=following[0].role,
            subject=f"补贴待审批：{grant}（{following[0].label}）",
            link=grant.get_absolute_url(),
        )
        return
    grant.stage, grant.approved_on, grant.fiscal_year = Stage.APPROVED, day, day.year
    grant.save()
    record(by=by, action="grant.approved", obj=grant, detail={"due": str(grant.due), "year": day.year})
    send(
        to_organisation=grant.payee,
        subject=f"{grant}已审批，等待拨付",
        body=yuan(grant.due),
        link=grant.get_absolute_url(),
    )
    send(to_role=Role.FINANCE, subject=f"待拨付：{grant}", body=yuan(grant.due), link=grant.get_absolute_url())
