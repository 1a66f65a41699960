"""What the two papers of a batch say, from what the batch froze."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.conf import settings

from jinhua_labor.core.clock import local_date
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.money import capitals
from jinhua_labor.documents.payments import ApprovalLine, ApprovalSheet, DecisionStep
from jinhua_labor.rulebook import policy_on
from subsidies.grants.models import Approval
from subsidies.payments.models import Batch, FormerPapers, Payment
from subsidies.payments.rules.layout import Column, read_layout
from subsidies.payments.workbook import PaymentSheet


def columns() -> tuple[Column, ...]:
    """The columns of the payment sheet as the settings have them."""
    return read_layout(settings.PAYMENT_SHEET_COLUMNS)


def payment_sheet_of(batch: Batch, payments: Sequence[Payment], *, day: dt.date) -> PaymentSheet:
    """拨付表 of the batch."""
    return PaymentSheet(
        title=settings.PAYMENT_SHEET_TITLE,
        number=batch.number,
        office=_office(batch),
        issued_on=day,
        columns=columns(),
        rows=[_row(batch, one) for one in payments],
        signatures=settings.PAYMENT_SHEET_SIGNATURES,
    )


def _row(batch: Batch, one: Payment) -> Mapping[str, str | int | Decimal]:
    return {
        "seq": one.seq,
        "batch": batch.number,
        "grant": one.grant.review.number or "",
        "payee": one.payee,
        "bank": one.bank,
        "account": one.account,
        "station": one.station,
        "item": one.item,
        "amount": one.amount,
        "capitals": capitals(one.amount),
    }


def replaced_note(former: Sequence[FormerPapers], every: Sequence[Payment]) -> str:
    """What an edition after the first says of the one it replaces; empty for the first."""
    if not former:
        return ""
    gone = "；".join(
        f"第{one.seq}笔（{one.payee}，{one.item}，{one.amount:,.2f}元）" for one in every if one.removed_on is not None
    )
    days = "、".join(date_cn(one.issued_on) for one in former)
    return f"第{len(former) + 1}版，替代{days}生成的审批表和拨付表。已移出本批：{gone}。"


def approval_sheet_of(batch: Batch, payments: Sequence[Payment], *, note: str = "") -> ApprovalSheet:
    """审批表 of the batch, with who decided each of its grants; one query whatever the number of payments."""
    steps = _steps(payments)
    policy = policy_on(batch.made_on).policy
    return ApprovalSheet(
        number=batch.number,
        made_on=batch.made_on,
        office=_office(batch),
        regulation=f"《{policy.document.regulation}》（{policy.doc_no}）",
        lines=[
            ApprovalLine(
                seq=one.seq,
                payee=one.payee,
                station=one.station,
                item=one.item,
                basis=f"{one.grant.clause}。{one.grant.arithmetic}",
                amount=one.amount,
                steps=tuple(steps[one]),
            )
            for one in payments
        ],
        signatures=settings.PAYMENT_SHEET_SIGNATURES,
        maker=batch.made_by.name,
        note=note,
    )


def _steps(payments: Sequence[Payment]) -> dict[Payment, list[DecisionStep]]:
    """初审, 审核 and the steps of 审批 of each payment's grant, in that order."""
    found: dict[Payment, list[DecisionStep]] = {}
    of_round = {(one.grant_id, one.round): one for one in payments}
    for one in payments:
        review = one.grant.review
        passed = (("初审", one.screened_by, review.screened_at), ("审核", one.approved_by, review.approved_at))
        found[one] = [DecisionStep(label, by.name, local_date(at)) for label, by, at in passed if at]
    rows = Approval.objects.filter(grant__in=[one.grant_id for one in payments]).select_related("by")
    for step in rows.order_by("step"):
        if payment := of_round.get((step.grant_id, step.round)):
            found[payment].append(DecisionStep(step.label, step.by.name, local_date(step.at)))
    return found


def _office(batch: Batch) -> str:
    organisation = batch.made_by.organisation
    return organisation.name if organisation else ""
