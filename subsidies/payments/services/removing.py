"""移出: one grant taken out of its batch before it is paid; the papers that went out are kept (R-46)."""

from __future__ import annotations

import uuid

from django.db import transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from stations.oversight.services.common import require
from subsidies.grants.services import paying
from subsidies.payments.enums import BatchState, PaymentState
from subsidies.payments.models import Batch, FormerPapers, Payment

from .batches import locked


@transaction.atomic
def take_out(*, payment_id: uuid.UUID, reason: str, by: User) -> Payment:
    """The grant goes back to 待拨付 with the account it had, whatever holds it; its row stays with the reason, and
    number, other rows and their 序号 stay as they were. Where both papers were out they are kept as a former edition
    and the batch waits for new ones. Taking it out again changes nothing.

    Raises Refused without a reason and for the only one of a batch, Conflict where it has a result or was cancelled.
    """
    require(by, Role.FINANCE)
    reason = reason.strip()
    if not reason:
        raise Refused("请写明移出的理由。", problems=(("请写明移出的理由。", "#id_out_reason"),))
    batch = locked(Payment.objects.values_list("batch_id", flat=True).get(pk=payment_id))
    payment = Payment.objects.select_for_update(of=("self",), no_key=True).select_related("grant").get(pk=payment_id)
    if payment.state == PaymentState.REMOVED:
        return payment
    if payment.state != PaymentState.PENDING:
        raise Conflict(f"这一笔{payment.get_state_display()}，不能移出批次。")
    if not batch.payments.in_batch().exclude(pk=payment.pk).exists():
        raise Refused("批次里只有这一笔，请撤销整个批次。")
    _keep_papers(batch, by)
    paying.put_back(payment.grant, by=by)
    payment.state, payment.removed_on = PaymentState.REMOVED, today()
    payment.remove_reason, payment.removed_by = reason, by
    payment.save(update_fields=["state", "removed_on", "remove_reason", "removed_by"])
    batch.lines -= 1
    batch.total -= payment.amount
    batch.save(update_fields=["lines", "total", "state", "payment_sheet", "approval_sheet", "issued_by", "issued_on"])
    record(
        by=by,
        action="payments.take_out",
        obj=payment,
        purpose=reason,
        detail={"number": batch.number, "amount": str(payment.amount), "total": str(batch.total)},
    )
    return payment


def _keep_papers(batch: Batch, by: User) -> None:
    """What went out stays on record; the batch is to be given papers of what is left."""
    if not batch.is_issued:
        return
    FormerPapers.objects.create(
        batch=batch,
        edition=batch.former.count() + 1,
        lines=batch.lines,
        total=batch.total,
        payment_sheet=batch.payment_sheet,
        approval_sheet=batch.approval_sheet,
        issued_by=batch.issued_by,
        issued_on=batch.issued_on,
        replaced_by=by,
        replaced_on=today(),
    )
    batch.state = BatchState.PREPARED
    batch.payment_sheet = batch.approval_sheet = batch.issued_by = batch.issued_on = None
