"""免申即享: the account confirmed, 初审, 审核, sent back or refused (第十三条, R-46, R-47)."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.money import yuan
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from subsidies.grants.enums import CancelCause, Stage
from subsidies.grants.models import Grant
from subsidies.grants.queries.account import as_text
from subsidies.grants.rules import NOTHING
from subsidies.payees.queries.accounts import current
from subsidies.payees.rules import same_name

from .common import locked, refuse_kept, require, standing_now
from .deriving import cancel
from .publicity import settle


@transaction.atomic
def confirm_account(
    *, grant_id: uuid.UUID, by: User, reason: str = "", version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """确认收款账户 by the unit, or by the centre with a reason: the account in force is kept with the grant.

    Raises Refused while the unit has no account in force, or its name is no longer the unit's.
    """
    grant = locked(grant_id)
    _may_confirm(grant, by)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    _require_reason(by, reason)
    take_account(grant, by=by, reason=reason)
    event = review_services.transition(grant.review, Action.SUBMIT, by=by, version=version, key=key)
    grant.stage = Stage.SUBMITTED
    grant.save()
    record(by=by, action="grant.account", obj=grant, purpose=reason.strip())
    send(to_role=Role.CENTRE, subject=f"补贴待初审：{grant}", body=yuan(grant.due), link=grant.get_absolute_url())
    return event


@transaction.atomic
def recheck_account(*, grant_id: uuid.UUID, by: User, reason: str = "") -> Grant:
    """退票 afterwards: the account looked at again, and the one in force now kept instead."""
    grant = locked(grant_id)
    _may_confirm(grant, by)
    if grant.stage != Stage.APPROVED or not grant.recheck_reason:
        raise Refused("这笔补贴不需要重新核对账户。")
    _require_reason(by, reason)
    take_account(grant, by=by, reason=reason)
    grant.recheck_reason = ""
    grant.save()
    record(by=by, action="grant.account", obj=grant, purpose=reason.strip())
    send(to_role=Role.FINANCE, subject=f"账户已重新核对：{grant}", link=grant.get_absolute_url())
    return grant


def take_account(grant: Grant, *, by: User, reason: str) -> None:
    """Keeps the account in force with a locked grant; the caller saves."""
    account = current(grant.payee_id, day=today())
    if account is None:
        raise Refused("单位还没有生效的收款账户，请先登记收款账户。")
    if not same_name(account.holder, grant.payee.name):
        raise Refused(f"收款账户的户名与单位名称“{grant.payee.name}”不一致，请先变更收款账户。")
    grant.account, grant.account_snapshot = account, as_text(account)
    grant.account_holder = grant.payee_name = account.holder
    grant.account_by, grant.account_at = by, timezone.now()
    grant.account_reason = reason.strip() if by.role == Role.CENTRE else ""


@transaction.atomic
def hand_back(
    *, grant_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回 to the unit: the account is not right."""
    grant = locked(grant_id)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    event = review_services.transition(
        grant.review, Action.RETURN, by=by, opinion=Opinion(reason), version=version, key=key
    )
    grant.stage = Stage.DRAFT
    grant.account = grant.account_by = grant.account_at = grant.account_snapshot = None
    grant.account_holder = grant.payee_name = grant.account_reason = ""
    grant.save()
    send(
        to_organisation=grant.payee,
        subject=f"请重新确认收款账户：{grant}",
        body=reason.strip(),
        link=grant.get_absolute_url(),
    )
    return event


@transaction.atomic
def screen(
    *,
    grant_id: uuid.UUID,
    recommendation: Recommendation | None,
    opinion: str,
    others_checked: bool,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """初审: the arithmetic followed, other benefits looked for and recorded. Refused while the grant is on hold."""
    require(by, Role.CENTRE)
    grant = locked(grant_id)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    _refuse_held(grant)
    if not others_checked:
        message = "请核对该单位同期是否享受其他同类补助，有的先登记。"
        raise Refused(message, problems=((message, "#id_screen_others_checked"),))
    event = review_services.transition(
        grant.review, Action.SCREEN, by=by, opinion=Opinion(opinion, recommendation), version=version, key=key
    )
    grant.stage, grant.others_checked_by, grant.others_checked_at = Stage.SCREENED, by, timezone.now()
    grant.save()
    send(to_role=Role.BUREAU, subject=f"补贴待审核：{grant}", body=yuan(grant.due), link=grant.get_absolute_url())
    return event


@transaction.atomic
def send_back(
    *, grant_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回初审 with what is to be looked at again."""
    grant = locked(grant_id)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    event = review_services.transition(
        grant.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    grant.stage, grant.others_checked_by, grant.others_checked_at = Stage.SUBMITTED, None, None
    grant.save()
    return event


@transaction.atomic
def approve(
    *, grant_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: nothing holds it, nothing is undecided, every other benefit is decided. What leaves nothing to pay ends
    as 已按更高标准享受 (R-47)."""
    require(by, Role.BUREAU)
    grant = locked(grant_id)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    refuse_kept(grant)
    if grant.benefits.filter(same_matter__isnull=True).exists():
        raise Refused("还有其他补助没有认定是否同一事项，请先认定。", problems=(("请先认定其他补助。", "#benefits"),))
    event = review_services.transition(
        grant.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    grant.review = event.review
    if grant.payable <= NOTHING:
        grant.stage = Stage.ZERO
        grant.save()
        send(
            to_organisation=grant.payee,
            subject=f"{grant}：已按更高标准享受",
            body=f"标准{yuan(grant.base)}，已享受同类补助{yuan(grant.other)}，按就高不重复原则不再拨付。",
            link=grant.get_absolute_url(),
        )
        return event
    grant.stage = Stage.REVIEWED
    grant.save()
    settle(grant, by=by)
    return event


@transaction.atomic
def reject(
    *, grant_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """不予通过 with its reason: the grant is not paid, and deriving does not bring it back."""
    grant = locked(grant_id)
    if earlier := review_services.repeated(grant.review, key):
        return earlier
    event = review_services.transition(
        grant.review, Action.REJECT, by=by, opinion=Opinion(reason), version=version, key=key
    )
    grant.review = event.review
    cancel(grant, CancelCause.BUREAU, reason.strip(), by=by)
    _tell_cancelled(grant)
    return event


@transaction.atomic
def cancel_by_bureau(*, grant_id: uuid.UUID, reason: str, by: User) -> Grant:
    """取消 before it is in a batch, with the bureau's reason."""
    require(by, Role.BUREAU)
    grant = locked(grant_id)
    if grant.stage == Stage.CANCELLED:
        return grant
    if grant.stage in {Stage.BATCHED, Stage.PAID, Stage.ZERO}:
        raise Refused(f"这笔补贴{grant.get_stage_display()}，不能取消；拨付中的请先移出批次，已拨付的按追回办理。")
    if not reason.strip():
        raise Refused("请写明取消的理由。", problems=(("请写明取消的理由。", "#id_cancel_reason"),))
    cancel(grant, CancelCause.BUREAU, reason.strip(), by=by)
    record(by=by, action="grant.cancel", obj=grant, purpose=reason.strip())
    _tell_cancelled(grant)
    return grant


def _tell_cancelled(grant: Grant) -> None:
    send(
        to_organisation=grant.payee,
        subject=f"{grant}不再拨付",
        body=grant.cancel_reason,
        link=grant.get_absolute_url(),
    )


def _refuse_held(grant: Grant) -> None:
    holds = standing_now(grant).holds
    if holds:
        raise Refused("现在不能办理：" + "；".join(hold.value for hold in holds) + "。")


def _may_confirm(grant: Grant, by: User) -> None:
    if by.role == Role.CENTRE or (by.role == Role.OPERATOR and by.organisation_id == grant.payee_id):
        return
    raise PermissionDenied


def _require_reason(by: User, reason: str) -> None:
    if by.role == Role.CENTRE and not reason.strip():
        message = "由中心代为确认的，请写明理由。"
        raise Refused(message, problems=((message, "#id_account_reason"),))
