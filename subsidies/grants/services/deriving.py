"""Pull, not push: grants drafted, brought up to date and taken back from what was established, assessed, recognised
and revoked. Repeating it changes nothing (R-33, R-43 … R-48)."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.services import record
from jinhua_labor.core.money import yuan
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.states import Kind
from stations.oversight.enums import RevocationStage
from stations.oversight.services.common import lock_station
from subsidies.grants.enums import AdjustmentCause, CancelCause, RecoveryCause, RecoveryStage, Stage
from subsidies.grants.models import Adjustment, Grant, Recovery
from subsidies.grants.queries.facts import Owed, owed
from subsidies.grants.queries.standing import Pending, all_pending, pending
from subsidies.grants.rules import NOTHING, Act, Entitlement, amounts

from . import recoveries
from .common import close_review, require


def derive_all(*, by: User) -> int:
    """Brings every station up to date; how many things changed. What needs nothing is not locked."""
    require(by, Role.SYSTEM)
    stations = sorted({one.station for one in all_pending()})
    reversed_ones = Recovery.objects.open().filter(revocation__stage=RevocationStage.REVERSED)
    stations += sorted(set(reversed_ones.values_list("grant__station", flat=True)) - set(stations))
    return sum(derive_station(station_id=station, by=by) for station in stations)


@transaction.atomic
def derive_station(*, station_id: uuid.UUID, by: User) -> int:
    """Brings one station up to date, its row locked first; how many things changed."""
    require(by, Role.SYSTEM)
    lock_station(station_id)
    changed = _drop_reversed(station_id, by)
    world = owed([station_id])[station_id]
    rows = Grant.objects.select_for_update(of=("self",), no_key=True).filter(station=station_id)
    grants = list(rows.select_related("station", "payee").order_by("pk"))
    for one in pending({station_id: world}, grants):
        _apply(one, world, by)
        changed += 1
    return changed


def _apply(one: Pending, world: Owed, by: User) -> None:
    grant, entitled, plan = one.grant, one.entitled, one.plan
    if plan.act is Act.CREATE:
        assert entitled is not None
        _create(one.station, entitled, world, by)
        return
    assert grant is not None
    match plan.act:
        case Act.REFRESH:
            assert entitled is not None
            before = grant.base
            _take(grant, entitled)
            grant.save()
            record(by=by, action="grant.update", obj=grant, detail=_amounts(before, grant))
        case Act.ROUND:
            assert entitled is not None
            _round(grant, entitled, AdjustmentCause(str(plan.cause)), world, by)
        case Act.LOWER:
            _lower(grant, entitled, plan.recover, world, by)
        case Act.CANCEL:
            _cancel(grant, entitled, CancelCause(str(plan.cause)), plan.recover, world, by)


def _create(station: uuid.UUID, entitled: Entitlement, world: Owed, by: User) -> None:
    payee = Organisation.objects.get(pk=entitled.payee)
    year = world.years.get(entitled.period_no) if entitled.period_no else None
    grant = Grant(
        station_id=station,
        kind=entitled.kind,
        period_no=entitled.period_no,
        payee=payee,
        assessment_id=year.assessment if year else None,
        title_id=entitled.source if year is None else None,
    )
    _take(grant, entitled)
    grant.review = review_services.open_review(
        kind=Kind.GRANT,
        object_id=grant.pk,
        title=str(grant),
        organisation=payee,
        url_name="grants:grant",
        open_key=f"{Kind.GRANT}:{grant.pk}",
        by=by,
    )
    grant.save(force_insert=True)
    record(by=by, action="grant.create", obj=grant, detail={"base": str(grant.base), "clause": grant.clause})
    _ask_for_account(grant, "无需申请，")


def _ask_for_account(grant: Grant, lead: str) -> None:
    send(
        to_organisation=grant.payee,
        subject=f"请确认收款账户：{grant}",
        body=f"{lead}{grant.arithmetic}。确认收款账户之后由区就业服务中心初审。",
        link=grant.get_absolute_url(),
    )


def _take(grant: Grant, entitled: Entitlement) -> None:
    """What the trigger gives now; what was decided of other benefits stays."""
    grant.trigger_on, grant.final_on = entitled.trigger_on, entitled.final_on
    grant.policy_version, grant.clause = entitled.policy_version, entitled.clause
    grant.arithmetic = entitled.arithmetic
    if entitled.period_no:
        grant.sheet_id = entitled.source
    _reckon(grant, entitled.base)


def _reckon(grant: Grant, base: Decimal) -> None:
    found = amounts(base, [grant.other])
    grant.base, grant.payable = base, found.payable
    grant.top = max(grant.top, grant.payable)


def _round(grant: Grant, entitled: Entitlement, cause: AdjustmentCause, world: Owed, by: User) -> None:
    """The grant is decided again with a review of its own; what is out already counts against it."""
    before, former = grant.base, grant.review
    close_review(grant, "重新核定")
    adjustment = _adjustment(grant, cause, before, entitled.base, world, by, reason=entitled.arithmetic)
    adjustment.former_review = former
    _take(grant, entitled)
    grant.rounds, grant.stage = adjustment.number, Stage.DRAFT
    _clear(grant)
    grant.review = review_services.open_review(
        kind=Kind.GRANT,
        object_id=adjustment.pk,
        title=f"{grant}第{grant.rounds}次核定",
        organisation=grant.payee,
        url_name="grants:adjustment",
        open_key=f"{Kind.GRANT}:{grant.pk}",
        by=by,
    )
    grant.save()
    adjustment.save(force_insert=True)
    recoveries.drop_corrections(grant, "评估结果再次更正", by=by)
    record(by=by, action="grant.round", obj=grant, detail=_amounts(before, grant))
    _ask_for_account(grant, f"{cause.label}，补差{yuan(grant.due)}：")


def _clear(grant: Grant) -> None:
    """What belonged to the round before stays in its review, its approvals and its payment."""
    grant.account = grant.account_by = grant.account_at = grant.account_snapshot = None
    grant.account_holder = grant.payee_name = grant.account_reason = grant.recheck_reason = ""
    grant.others_checked_by = grant.others_checked_at = grant.notice = None
    grant.fiscal_year = grant.approved_on = None
    grant.submitted_by = grant.screened_by = grant.approved_by = grant.batched_at = None
    grant.paid_by = grant.paid_on = grant.received_by = grant.received_on = None
    grant.cancel_cause = grant.cancel_reason = ""
    grant.cancelled_by = grant.cancelled_at = grant.revocation = None


def _lower(grant: Grant, entitled: Entitlement | None, recover: Decimal, world: Owed, by: User) -> None:
    """The standard fell after the money was paid, or never came: what is out too much is asked back."""
    before = grant.base
    base = entitled.base if entitled else NOTHING
    reason = entitled.arithmetic if entitled else _failed(grant, world)
    adjustment = _adjustment(grant, AdjustmentCause.CORRECTION, before, base, world, by, reason=reason)
    if entitled is not None:
        _take(grant, entitled)
    else:
        _take_nothing(grant, world)
    grant.rounds = adjustment.number
    grant.save()
    adjustment.save(force_insert=True)
    record(by=by, action="grant.lower", obj=grant, detail=_amounts(before, grant))
    _ask_back(grant, recover, reason, world, by)


def _cancel(
    grant: Grant, entitled: Entitlement | None, cause: CancelCause, recover: Decimal, world: Owed, by: User
) -> None:
    before = grant.base
    if cause is CancelCause.REVOCATION:
        grant.revocation_id = world.revocation
        reason = "工作站资格已被取消，尚未拨付的补贴不再拨付"
    elif entitled is None:
        reason = _failed(grant, world)
        _take_nothing(grant, world)
    else:
        reason = f"更正后没有应补的差额：{entitled.arithmetic}"
        _take(grant, entitled)
    cancel(grant, cause, reason, by=by)
    record(by=by, action="grant.cancel", obj=grant, detail=_amounts(before, grant) | {"cause": cause})
    recoveries.drop_corrections(grant, "评估结果再次更正", by=by)
    _ask_back(grant, recover, reason, world, by)
    send(
        to_organisation=grant.payee,
        subject=f"{grant}不再拨付",
        body=f"{reason}。",
        link=grant.get_absolute_url(),
    )


def cancel(grant: Grant, cause: CancelCause, reason: str, *, by: User) -> None:
    """Writes the end of a locked grant that is not in a batch; its open review ends with it."""
    close_review(grant, reason)
    grant.stage, grant.cancel_cause, grant.cancel_reason = Stage.CANCELLED, cause, reason
    grant.cancelled_by, grant.cancelled_at = by, timezone.now()
    grant.fiscal_year = grant.approved_on = None
    grant.save()


def _take_nothing(grant: Grant, world: Owed) -> None:
    result = world.results.get(grant.period_no or 0)
    if result is not None:
        grant.sheet_id = result.source
    grant.arithmetic = _failed(grant, world)
    _reckon(grant, NOTHING)


def _failed(grant: Grant, world: Owed) -> str:
    result = world.results.get(grant.period_no or 0)
    return f"第{grant.period_no}年度评估更正为{result.total.normalize():f}分，不合格" if result else "依据已不存在"


def _adjustment(
    grant: Grant, cause: AdjustmentCause, before: Decimal, after: Decimal, world: Owed, by: User, *, reason: str
) -> Adjustment:
    result = world.results.get(grant.period_no or 0)
    return Adjustment(
        grant=grant,
        number=grant.rounds + 1,
        cause=cause,
        sheet_id=result.source if result else None,
        before=before,
        after=after,
        difference=after - before,
        reason=reason[:200],
        created_by=by,
    )


def _ask_back(grant: Grant, amount: Decimal, reason: str, world: Owed, by: User) -> None:
    if amount <= NOTHING:
        return
    result = world.results[grant.period_no or 0]
    recoveries.drop_corrections(grant, "评估结果再次更正", by=by)
    recoveries.open_case(
        grant,
        cause=RecoveryCause.CORRECTION,
        amount=amount,
        reason=f"评估结果更正：{reason}",
        sheet_id=result.source,
        by=by,
    )


def _drop_reversed(station_id: uuid.UUID, by: User) -> int:
    """What is being asked back under a decision that was reversed is asked back no more."""
    rows = Recovery.objects.select_for_update(of=("self",), no_key=True).open()
    rows = rows.filter(grant__station=station_id, revocation__stage=RevocationStage.REVERSED)
    found = list(rows.select_related("grant__station", "grant__payee"))
    for row in found:
        recoveries.close(row, RecoveryStage.DROPPED, "取消资格的决定已被撤销", by=by)
    return len(found)


def _amounts(before: Decimal, grant: Grant) -> dict[str, str]:
    return {"before": str(before), "after": str(grant.base), "payable": str(grant.payable)}
