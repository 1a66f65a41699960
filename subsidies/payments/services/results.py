"""拨付结果: the sheet that comes back, applied whole or not at all, and results entered by hand (R-46, F3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.locks import lock_name
from stations.oversight.services.common import require
from stations.roster.workbook.header import HeaderMissing
from stations.roster.workbook.preflight import WorkbookRefused
from subsidies.grants.rules import FREE, Standing
from subsidies.grants.services import paying
from subsidies.payments.enums import PaymentState, Said, SheetState
from subsidies.payments.models import Batch, Payment, ResultRow, ResultSheet
from subsidies.payments.queries.papers import columns
from subsidies.payments.rules.reconcile import Line, Match, Mismatch, Reconciled, Told, reconcile
from subsidies.payments.workbook import read_result

from .batches import close_if_settled, locked

KINDS = ("xlsx", "xls", "ods")


@dataclass(frozen=True, slots=True)
class _Again:
    """A file that was read, to be read once more by the room that keeps it."""

    name: str | None
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self) -> bytes:
        return self.data


def bring_in(*, key: uuid.UUID, file: attachments.Upload, by: User) -> ResultSheet:
    """Reads a result sheet and records every row's result, or none: with one mismatch the sheet is kept with its list
    and no payment changes. The same content again, at once or later, gives the sheet that was applied.

    Raises Refused for what cannot be read or says nothing.
    """
    require(by, Role.FINANCE)
    data = file.read()
    told = _read(data)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        lock_name(f"payments.result:{digest}")
        known = ResultSheet.objects.filter(sha256=digest, state=SheetState.APPLIED).first()
        if known is not None:
            return known
        used = ResultSheet.objects.filter(pk=key).first()
        if used is not None and (used.sha256, used.brought_by_id) == (digest, by.pk):
            return used
        if used is not None:  # 后退 shows the form of an earlier sheet again: another file is another sheet
            key = uuid.uuid4()
        batches = _locked_batches({row.batch for row in told if row.batch})
        payments = list(Payment.objects.filter(batch__in=batches.values()).select_related("batch", "grant"))
        kept = paying.kept([one.grant for one in payments if one.state == PaymentState.PENDING])
        found = reconcile(
            told,
            [_line(one, kept) for one in payments],
            issued={number: _out_since(batch) for number, batch in batches.items()},
            today=today(),
        )
        if not (found.matched or found.repeated or found.mismatches):
            raise Refused("表里每一行都没有拨付结果，请填写凭证号和日期，或退票原因和日期。")
        sheet = _keep(key, _Again(file.name, data), digest, told, found, by)
        if found.clean:
            by_id = {one.pk: one for one in payments}
            for match in found.matched:
                _settle(by_id[match.line.id], match, by)
            for batch in batches.values():
                close_if_settled(batch)
        record(
            by=by,
            action="payments.result" if found.clean else "payments.result_refused",
            obj=sheet,
            detail={
                "rows": len(told),
                "matched": sheet.matched,
                "mismatched": sheet.mismatched,
                "batches": sorted(batches),
            },
        )
    return sheet


def _read(data: bytes) -> list[Told]:
    try:
        told = read_result(data, columns())
    except (WorkbookRefused, HeaderMissing) as refusal:
        raise Refused(refusal.message, problems=((refusal.message, "#id_result_file"),)) from refusal
    if not told:
        raise Refused("表头下面没有一行数据，请核对后重新上传。")
    return told


def _locked_batches(numbers: Iterable[str]) -> dict[str, Batch]:
    """The batches of these numbers: all their stations and grants are locked first, then they themselves, in order."""
    wanted = Batch.objects.filter(number__in=sorted(numbers))
    paying.lock(list(Payment.objects.filter(batch__in=wanted).values_list("grant_id", flat=True)))
    rows = wanted.select_for_update(of=("self",), no_key=True).order_by("year", "serial")
    return {batch.number: batch for batch in rows}


def _out_since(batch: Batch) -> dt.date | None:
    """The day on which its first papers went out, None while it has none: those of an earlier edition were paid by."""
    if not batch.is_issued:
        return None
    first = batch.former.order_by("edition").values_list("issued_on", flat=True).first()
    return first or batch.issued_on


def _line(one: Payment, kept: Mapping[uuid.UUID, Standing]) -> Line:
    return Line(
        id=one.pk,
        batch=one.batch.number,
        seq=one.seq,
        payee=one.payee,
        amount=one.amount,
        state=one.state,
        voucher=one.voucher_no,
        settled_on=one.bounced_on or one.paid_on,
        standing=kept.get(one.grant_id, FREE),
    )


def _keep(key: uuid.UUID, file: _Again, digest: str, told: Sequence[Told], found: Reconciled, by: User) -> ResultSheet:
    assert by.organisation is not None
    kept = attachments.store(
        file, by=by, organisation=by.organisation, audience=Audience.OFFICE, kinds=KINDS, secret=True, kind="result"
    )
    sheet = ResultSheet.objects.create(
        id=key,
        file=kept,
        sha256=digest,
        state=SheetState.APPLIED if found.clean else SheetState.REFUSED,
        rows_read=len(told),
        matched=len(found.matched) if found.clean else 0,
        repeated=len(found.repeated),
        mismatched=len(found.mismatches),
        missing=len(found.missing),
        brought_by=by,
    )
    pairs = {pair.told.row: pair for pair in (*found.matched, *found.repeated)}
    repeats = {pair.told.row for pair in found.repeated}
    faults = {fault.told.row: fault for fault in found.mismatches}
    ResultRow.objects.bulk_create(
        _row(sheet, row, pairs.get(row.row), faults.get(row.row), row.row in repeats) for row in told
    )
    return sheet


def _row(sheet: ResultSheet, told: Told, pair: Match | None, fault: Mismatch | None, repeats: bool) -> ResultRow:
    return ResultRow(
        sheet=sheet,
        row=told.row,
        batch_no=told.batch[:40],
        payee=told.payee,
        amount="" if told.amount is None else f"{told.amount:,.2f}",
        said=told.said[:20],
        voucher_no=told.voucher,
        on=told.on,
        reason=told.reason,
        payment_id=pair.line.id if pair else None,
        repeats=repeats,
        problem=fault.problem if fault else "",
        words=fault.words[:300] if fault else "",
    )


def _settle(payment: Payment, match: Match, by: User) -> None:
    told = match.told
    assert told.on is not None
    if told.said == Said.PAID:
        _pay(payment, match.line.standing, voucher_no=told.voucher, paid_on=told.on, by=by)
    else:
        _bounce(payment, on=told.on, reason=told.reason, by=by)


# --- by hand ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def pay(
    *,
    payment_id: uuid.UUID,
    voucher_no: str,
    paid_on: dt.date,
    bank_ref: str = "",
    held_reason: str = "",
    by: User,
) -> Payment:
    """One payment entered by hand; the amount is what is due and is not typed. The same result again changes nothing.

    Money that left although a hold stood is recorded only here, and only with `held_reason`: how that came about.
    Raises Conflict where another result stands there already.
    """
    require(by, Role.FINANCE)
    batch, payment = _held(payment_id)
    voucher_no = voucher_no.strip()
    if payment.state == PaymentState.PAID and (payment.voucher_no, payment.paid_on) == (voucher_no, paid_on):
        return payment
    if payment.state != PaymentState.PENDING:
        raise Conflict(f"这一笔{payment.get_state_display()}，不能再登记拨付。")
    if not voucher_no:
        raise Refused("请填写凭证号。", problems=(("请填写凭证号。", "#id_voucher_no"),))
    _check_day(batch, paid_on, "paid_on")
    standing = paying.kept([payment.grant])[payment.grant_id]
    _pay(
        payment,
        standing,
        voucher_no=voucher_no,
        paid_on=paid_on,
        bank_ref=bank_ref.strip(),
        held_reason=held_reason.strip(),
        by=by,
    )
    close_if_settled(batch)
    return payment


@transaction.atomic
def bounce(*, payment_id: uuid.UUID, on: dt.date, reason: str, by: User) -> Payment:
    """退票 entered by hand, before or after the payment was recorded as paid: the grant waits until its account was
    looked at again. Raises Conflict for what bounced or was cancelled before."""
    require(by, Role.FINANCE)
    batch, payment = _held(payment_id)
    if payment.state == PaymentState.BOUNCED and (payment.bounced_on, payment.bounce_reason) == (on, reason.strip()):
        return payment
    if payment.state not in {PaymentState.PENDING, PaymentState.PAID}:
        raise Conflict(f"这一笔{payment.get_state_display()}，不能再登记退票。")
    if not reason.strip():
        raise Refused("请写明退票原因。", problems=(("请写明退票原因。", "#id_reason"),))
    _check_day(batch, on, "on")
    if payment.paid_on and on < payment.paid_on:
        raise Refused("退票日期不能早于拨付日期。", problems=(("退票日期不能早于拨付日期。", "#id_on"),))
    _bounce(payment, on=on, reason=reason.strip(), by=by)
    close_if_settled(batch)
    return payment


def _held(payment_id: uuid.UUID) -> tuple[Batch, Payment]:
    batch = locked(Payment.objects.values_list("batch_id", flat=True).get(pk=payment_id))
    payment = Payment.objects.select_for_update(of=("self",), no_key=True).select_related("grant").get(pk=payment_id)
    if not batch.is_issued:
        raise Conflict("这个批次还没有生成拨付表，不能登记结果。")
    return batch, payment


def _check_day(batch: Batch, day: dt.date, field: str) -> None:
    fault = ""
    if day > today():
        fault = "日期不能晚于今天。"
    elif (out := _out_since(batch)) and day < out:
        fault = "日期不能早于拨付表的日期。"
    if fault:
        raise Refused(fault, problems=((fault, f"#id_{field}"),))


def _pay(
    payment: Payment,
    standing: Standing,
    *,
    voucher_no: str,
    paid_on: dt.date,
    by: User,
    bank_ref: str = "",
    held_reason: str = "",
) -> None:
    paying.mark_paid(
        payment.grant, amount=payment.amount, on=paid_on, standing=standing, held_reason=held_reason, by=by
    )
    payment.held_reason = held_reason if standing.problems_on(paid_on) else ""
    payment.state, payment.voucher_no, payment.bank_ref = PaymentState.PAID, voucher_no, bank_ref
    payment.paid_on, payment.paid_amount, payment.paid_by = paid_on, payment.amount, by
    payment.save(update_fields=["state", "voucher_no", "bank_ref", "paid_on", "paid_amount", "paid_by", "held_reason"])
    record(
        by=by,
        action="payments.pay",
        obj=payment,
        detail={"voucher_no": voucher_no, "paid_on": paid_on.isoformat(), "amount": str(payment.amount)},
    )


def _bounce(payment: Payment, *, on: dt.date, reason: str, by: User) -> None:
    if payment.state == PaymentState.PAID:
        paying.bounced_later(payment.grant, amount=payment.amount, by=by, reason=reason)
    else:
        paying.put_back(payment.grant, by=by, recheck=f"退票：{reason}")
    payment.state, payment.bounced_on = PaymentState.BOUNCED, on
    payment.bounce_reason, payment.bounced_by = reason, by
    payment.save(update_fields=["state", "bounced_on", "bounce_reason", "bounced_by"])
    record(by=by, action="payments.bounce", obj=payment, detail={"on": on.isoformat(), "reason": reason})
