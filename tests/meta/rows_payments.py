"""Rows of 拨付: a batch with its one payment, a sheet that came back, a budget entry (see rows.py)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.payments.enums import BatchState, PaymentState, SheetState
from subsidies.payments.models import Batch, BudgetEntry, FormerPapers, Payment, ResultRow, ResultSheet
from tests.meta.rows import DAY, LATER, _made, attachment, clerk, number
from tests.subsidies.payments import build

_AMOUNT = Decimal(10000)


def _finance() -> Any:
    return clerk(Role.FINANCE)


def _grant() -> Grant:
    """A grant that is in a batch."""
    grant = build.grant()
    review = grant.review
    Grant.objects.filter(pk=grant.pk).update(
        stage=Stage.BATCHED,
        batched_at=timezone.now(),
        submitted_by=review.submitted_by,
        screened_by=review.screened_by,
        approved_by=review.approved_by,
    )
    grant.refresh_from_db()
    return grant


def batch(**fields: Any) -> Batch:
    """A batch with one payment of 10,000 元."""
    serial = number()
    made: Batch = _made(
        Batch,
        {
            "number": f"BF-330703-2023-{serial:03d}",
            "year": 2023,
            "serial": serial,
            "lines": 1,
            "total": _AMOUNT,
            "made_by": _finance,
            "made_on": DAY,
        },
        fields,
    )
    _line(batch=made)
    return made


def issued_batch(**fields: Any) -> Batch:
    """Its papers are out."""
    return batch(
        **{
            "state": BatchState.ISSUED,
            "payment_sheet": attachment(),
            "approval_sheet": attachment(),
            "issued_by": _finance(),
            "issued_on": LATER,
            **fields,
        }
    )


def _line(**fields: Any) -> Payment:
    grant = fields.pop("grant", None) or _grant()
    return _made(
        Payment,
        {
            "seq": 1,
            "grant": grant,
            "round": grant.rounds,
            "fiscal_year": 2023,
            "payee": grant.payee_name,
            "station": grant.station.name,
            "item": grant.item,
            "bank": "示例银行金东支行",
            "account": "6222000000001234567",
            "account_tail": "4567",
            "amount": grant.due,
            "submitted_by": grant.submitted_by,
            "screened_by": grant.screened_by,
            "approved_by": grant.approved_by,
            "made_by": _finance,
        },
        fields,
    )


def payment(**fields: Any) -> Payment:
    """The payment of a batch of its own, as these fields have it; in a given `batch`, a second one."""
    if "batch" in fields:
        return _line(**fields)
    serial = number()
    grant = fields.pop("grant", None) or _grant()
    made = Batch.objects.create(
        number=f"BF-330703-2023-{serial:03d}",
        year=2023,
        serial=serial,
        lines=1,
        total=fields.get("amount", grant.due),
        made_by=_finance(),
        made_on=DAY,
    )
    return _line(batch=made, grant=grant, **fields)


def paid_payment(**fields: Any) -> Payment:
    return payment(
        **{
            "state": PaymentState.PAID,
            "voucher_no": "2023-0901",
            "paid_on": LATER,
            "paid_amount": _AMOUNT,
            "paid_by": _finance(),
            **fields,
        }
    )


def bounced_payment(**fields: Any) -> Payment:
    return payment(
        **{
            "state": PaymentState.BOUNCED,
            "bounced_on": LATER,
            "bounce_reason": "户名不符",
            "bounced_by": _finance(),
            **fields,
        }
    )


def removed_payment(**fields: Any) -> Payment:
    """Taken out of a batch in which another one stays."""
    made = batch()
    return payment(
        **{
            "batch": made,
            "seq": 2,
            "state": PaymentState.REMOVED,
            "removed_on": LATER,
            "remove_reason": "暂停拨付",
            "removed_by": _finance(),
            **fields,
        }
    )


def former_papers(**fields: Any) -> FormerPapers:
    return _made(
        FormerPapers,
        {
            "batch": batch,
            "edition": 1,
            "lines": 2,
            "total": 2 * _AMOUNT,
            "payment_sheet": attachment,
            "approval_sheet": attachment,
            "issued_by": _finance,
            "issued_on": DAY,
            "replaced_by": _finance,
            "replaced_on": LATER,
        },
        fields,
    )


def result_sheet(**fields: Any) -> ResultSheet:
    return _made(
        ResultSheet,
        {
            "file": attachment,
            "sha256": lambda: uuid.uuid4().hex * 2,
            "state": SheetState.APPLIED,
            "rows_read": 1,
            "matched": 1,
            "repeated": 0,
            "mismatched": 0,
            "missing": 0,
            "brought_by": _finance,
        },
        fields,
    )


def result_row(**fields: Any) -> ResultRow:
    return _made(
        ResultRow,
        {
            "sheet": result_sheet,
            "row": 4,
            "batch_no": "BF-330703-2023-001",
            "payee": "示例公司",
            "amount": "10,000.00",
            "said": "PAID",
            "voucher_no": "2023-0901",
            "on": LATER,
            "payment": paid_payment,
        },
        fields,
    )


def budget_entry(**fields: Any) -> BudgetEntry:
    return _made(
        BudgetEntry,
        {
            "year": lambda: 2021 + number() % 70,
            "number": lambda: number() % 30_000 + 1,
            "amount": Decimal(790_000),
            "basis": "预算批复",
            "entered_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )
