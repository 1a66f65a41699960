"""追回: a case for each paid grant that a decision for 弄虚作假 names, or of what a corrected result left over; the
letter with its last day, the return (R-33, G-47)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from jinhua_labor.core.money import yuan
from jinhua_labor.mailbox.services import send
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import Ground, RevocationStage
from stations.oversight.models import Revocation
from subsidies.grants.enums import RecoveryCause, RecoveryStage
from subsidies.grants.models import Grant, Recovery
from subsidies.grants.rules import NOTHING

from .common import lock_many, require

BASIS = {
    RecoveryCause.REVOCATION: "第八条（四）；《财政违法行为处罚处分条例》第十四条",
    RecoveryCause.CORRECTION: "第十二条（二）；评估结果更正",
}


@transaction.atomic
def open_for_revocation(
    *, revocation_id: uuid.UUID, grant_ids: Collection[uuid.UUID], reason: str, by: User
) -> list[Recovery]:
    """The bureau names the paid grants its decision for 弄虚作假 is about: one case for each (R-33).

    Raises Refused for another decision than one on 第八条（四）, nothing chosen, or a grant that is not out.
    """
    require(by, Role.BUREAU)
    revocation = Revocation.objects.select_related("station", "document").get(pk=revocation_id)
    if revocation.stage != RevocationStage.DECIDED or Ground.G4 not in revocation.grounds:
        raise Refused("只有以弄虚作假、虚报冒领补贴（第八条（四））为由作出的取消决定，才立案追回。")
    if not reason.strip():
        raise Refused("请写明事由。", problems=(("请写明决定认定的事实。", "#id_reason"),))
    grants = lock_many(grant_ids)
    if not grants:
        raise Refused("请选择决定涉及的补贴。", problems=(("请至少选择一笔。", "#id_grants"),))
    made = []
    for grant in grants:
        if grant.station_id != revocation.station_id or grant.outstanding <= NOTHING:
            raise Refused(f"{grant}没有已拨付的金额，不能立案追回。")
        if grant.recoveries.filter(revocation=revocation).exists():
            raise Conflict(f"{grant}已为这件决定立案，请刷新后再办。")
        drop_corrections(grant, "并入弄虚作假的追回", by=by)
        made.append(
            open_case(
                grant,
                cause=RecoveryCause.REVOCATION,
                amount=grant.outstanding,
                reason=reason.strip(),
                revocation_id=revocation.pk,
                by=by,
            )
        )
    return made


def open_case(
    grant: Grant,
    *,
    cause: RecoveryCause,
    amount: Decimal,
    reason: str,
    by: User,
    revocation_id: uuid.UUID | None = None,
    sheet_id: uuid.UUID | None = None,
) -> Recovery:
    """A case of a locked grant; `amount` is at most what is out."""
    row = Recovery.objects.create(
        number=_number(today()),
        grant=grant,
        cause=cause,
        revocation_id=revocation_id,
        sheet_id=sheet_id,
        paid=grant.outstanding,
        amount=amount,
        reason=reason[:500],
        basis=f"{policy_on(today()).policy.doc_no}{BASIS[cause]}",
        opened_by=by,
    )
    record(by=by, action="recovery.open", obj=row, detail={"amount": str(amount), "cause": cause})
    send(to_role=Role.BUREAU, subject=f"待发追回通知：{grant}", body=yuan(amount), link=row.get_absolute_url())
    return row


@transaction.atomic
def notify(*, recovery_id: uuid.UUID, due_on: dt.date, by: User) -> Recovery:
    """追回通知 to the unit, with the day by which the money is to be back."""
    require(by, Role.BUREAU)
    row = locked(recovery_id)
    if row.stage == RecoveryStage.NOTIFIED and row.due_on == due_on:
        return row
    _expect(row, RecoveryStage.OPEN)
    day = today()
    if due_on <= day:
        raise Refused("退回期限须在今天之后。", problems=(("退回期限须在今天之后。", "#id_notify_due_on"),))
    row.stage, row.notified_by, row.notified_on, row.due_on = RecoveryStage.NOTIFIED, by, day, due_on
    row.save(update_fields=["stage", "notified_by", "notified_on", "due_on"])
    record(by=by, action="recovery.notify", obj=row, detail={"due_on": due_on.isoformat()})
    send(
        to_organisation=row.grant.payee,
        subject=f"请退回补贴{yuan(row.amount)}：{row.grant}",
        body=f"编号{row.number}，请于{date_cn(due_on)}前退回。事由和依据见追回通知。",
        link=row.get_absolute_url(),
    )
    send(to_role=Role.FINANCE, subject=f"追回中：{row.grant}，{yuan(row.amount)}", link=row.get_absolute_url())
    return row


@transaction.atomic
def register_return(*, recovery_id: uuid.UUID, returned_on: dt.date, voucher_no: str, by: User) -> Recovery:
    """退回 as the finance clerk finds it on the account: the whole amount, once."""
    require(by, Role.FINANCE)
    row = locked(recovery_id)
    if row.stage == RecoveryStage.RETURNED and row.voucher_no == voucher_no.strip():
        return row
    _expect(row, RecoveryStage.NOTIFIED)
    assert row.notified_on is not None
    if not row.notified_on <= returned_on <= today():
        raise Refused("退回日期有误。", problems=(("退回日期须在通知之后、今天或以前。", "#id_return_returned_on"),))
    if not voucher_no.strip():
        raise Refused("请填写入账凭证号。", problems=(("请填写入账凭证号。", "#id_return_voucher_no"),))
    grant = row.grant
    grant.returned += row.amount
    grant.save(update_fields=["returned"])
    row.stage, row.returned_on, row.voucher_no, row.returned_by = (
        RecoveryStage.RETURNED,
        returned_on,
        voucher_no.strip(),
        by,
    )
    row.save(update_fields=["stage", "returned_on", "voucher_no", "returned_by"])
    record(by=by, action="recovery.returned", obj=row, detail={"amount": str(row.amount), "voucher": row.voucher_no})
    send(to_role=Role.BUREAU, subject=f"已追回：{grant}，{yuan(row.amount)}", link=row.get_absolute_url())
    send(
        to_organisation=grant.payee,
        subject=f"已收到退回的补贴{yuan(row.amount)}",
        body=str(grant),
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def drop(*, recovery_id: uuid.UUID, reason: str, by: User) -> Recovery:
    """不予追回 by the bureau, with its reason."""
    require(by, Role.BUREAU)
    row = locked(recovery_id)
    if row.stage == RecoveryStage.DROPPED:
        return row
    _expect(row, RecoveryStage.OPEN, RecoveryStage.NOTIFIED)
    if not reason.strip():
        raise Refused("请写明理由。", problems=(("请写明不予追回的理由。", "#id_drop_reason"),))
    close(row, RecoveryStage.DROPPED, reason.strip(), by=by)
    return row


def drop_corrections(grant: Grant, why: str, *, by: User) -> None:
    """The open case of an earlier correction of a locked grant falls away: a new one says what is owed now."""
    for row in Recovery.objects.open().filter(grant=grant, cause=RecoveryCause.CORRECTION):
        row.grant = grant
        close(row, RecoveryStage.DROPPED, why, by=by)


def close(row: Recovery, stage: RecoveryStage, reason: str, *, by: User) -> None:
    """Ends a case without the money; the unit hears of it if it had been told."""
    row.stage, row.drop_reason, row.dropped_by, row.dropped_at = stage, reason, by, timezone.now()
    row.save(update_fields=["stage", "drop_reason", "dropped_by", "dropped_at"])
    record(by=by, action="recovery.drop", obj=row, purpose=reason)
    if row.notified_on:
        send(
            to_organisation=row.grant.payee,
            subject=f"不再追回：{row.grant}",
            body=reason,
            link=row.get_absolute_url(),
        )


def locked(recovery_id: uuid.UUID) -> Recovery:
    """The case with its grant, the station's row locked before them."""
    grant = lock_many([Recovery.objects.values_list("grant_id", flat=True).get(pk=recovery_id)])[0]
    row = Recovery.objects.select_for_update(of=("self",), no_key=True).get(pk=recovery_id)
    row.grant = grant
    return row


def _expect(row: Recovery, *stages: RecoveryStage) -> None:
    if row.stage not in stages:
        raise Conflict(f"这件追回{row.get_stage_display()}，请刷新后再办。")


def _number(day: dt.date) -> str:
    """`ZH-330703-YYYYMMDD-nnn`, the next of the day."""
    prefix = f"ZH-{policy_on(day).policy.settings.district_code}-{day:%Y%m%d}-"
    lock_name(prefix)
    last = Recovery.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True)
    found = last.first()
    return f"{prefix}{int(found.rsplit('-', 1)[1]) + 1 if found else 1:03d}"
