"""For each rule of 拨付 that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connection

from jinhua_labor.accounts.models import User
from subsidies.payments.enums import BatchState, PaymentState, Problem, SheetState
from tests import factories
from tests.meta import rows
from tests.meta import rows_payments as made
from tests.meta.rows import DAY

Make = Callable[..., Callable[[], Any]]


def _one_person(*names: str) -> Callable[[], Any]:
    def row() -> Any:
        person: User = factories.user()
        return made.payment(**dict.fromkeys(names, person))

    return row


def _same_recorder() -> Any:
    person = factories.user()
    return made.paid_payment(screened_by=person, paid_by=person)


def _second_live() -> Any:
    first = made.payment()
    return made.payment(grant=first.grant)


def _second_in_batch(*, same_grant: bool, **fields: Any) -> Callable[[], Any]:
    """A payment beside the one of its batch."""

    def row() -> Any:
        batch = made.batch()
        more = {"grant": batch.payments.get().grant} if same_grant else {}
        return made.payment(batch=batch, **more, **fields)

    return row


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "subsidies.Batch.payment_sheet": twice(made.issued_batch, payment_sheet=rows.attachment),
        "subsidies.Batch.approval_sheet": twice(made.issued_batch, approval_sheet=rows.attachment),
        "subsidies.FormerPapers.payment_sheet": twice(made.former_papers, payment_sheet=rows.attachment),
        "subsidies.FormerPapers.approval_sheet": twice(made.former_papers, approval_sheet=rows.attachment),
    }


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "payment_batch_number_once": twice(made.batch, number="BF-330703-2023-900"),
        "payment_batch_serial_once": twice(made.batch, serial=900),
        "payment_batch_not_empty": wrong(made.batch, lines=0),
        "payment_batch_papers_together": wrong(made.issued_batch, approval_sheet=None),
        "payment_batch_issued_whole": wrong(made.batch, state=BatchState.ISSUED),
        "payment_batch_closed_whole": wrong(made.issued_batch, state=BatchState.CLOSED),
        "payment_batch_cancelled_whole": wrong(made.batch, state=BatchState.CANCELLED),
        "payment_seq_once": _second_in_batch(same_grant=False, seq=1),
        "payment_once_in_batch": _second_in_batch(same_grant=True, seq=2, state=PaymentState.CANCELLED),
        "payment_live_once": _second_live,
        "payment_line_whole": wrong(made.payment, bank=""),
        "payment_three_persons": _one_person("screened_by", "approved_by"),
        "payment_recorded_by_other": _same_recorder,
        "payment_paid_whole": wrong(made.paid_payment, voucher_no=""),
        "payment_paid_equals_due": wrong(made.paid_payment, paid_amount=Decimal(9999)),
        "payment_held_is_paid": wrong(made.payment, held_reason="先付后停"),
        "payment_bounced_whole": wrong(made.bounced_payment, bounce_reason=""),
        "payment_state_has_result": wrong(made.payment, state=PaymentState.PAID),
        "payment_removed_whole": wrong(made.removed_payment, remove_reason=""),
        "former_papers_once": twice(made.former_papers, edition=1, batch=made.batch),
        "former_papers_whole": wrong(made.former_papers, lines=0),
        "result_sheet_applied_once": twice(made.result_sheet, sha256="a" * 64),
        "result_sheet_whole_or_nothing": wrong(made.result_sheet, mismatched=1),
        "result_row_once": twice(made.result_row, sheet=made.result_sheet),
        "result_row_payment_once": lambda: [
            made.result_row(sheet=sheet, payment=payment, row=row)
            for sheet, payment in [(made.result_sheet(), made.paid_payment())]
            for row in (4, 5)
        ],
        "result_row_problem_or_payment": wrong(made.result_row, problem=Problem.AMOUNT),
        "budget_entry_once": twice(made.budget_entry, year=2023, number=1),
        "budget_entry_year": wrong(made.budget_entry, year=2020),
        "budget_entry_not_negative": wrong(made.budget_entry, amount=Decimal(-1)),
        "budget_entry_has_basis": wrong(made.budget_entry, basis=""),
    }


def by_trigger(changed: Make, removed: Make) -> dict[str, Callable[[], Any]]:
    return {
        "subsidies.Batch:payment_batch_states": changed(made.issued_batch, "state", BatchState.PREPARED),
        "subsidies.Batch:payment_batch_frozen": changed(made.batch, "number", "BF-330703-2023-901"),
        "subsidies.Batch:payment_batch_papers_kept": changed(made.issued_batch, "issued_on", DAY),
        "subsidies.Batch:payment_batch_kept": removed(made.batch),
        "subsidies.Batch:payment_batch_is_its_sum": _at_the_end(lambda: made.batch(total=Decimal(9999))),
        "subsidies.FormerPapers:former_papers_kept": changed(made.former_papers, "edition", 2),
        "subsidies.Payment:payment_states": changed(made.bounced_payment, "state", PaymentState.PENDING),
        "subsidies.Payment:payment_frozen": changed(made.payment, "bank", "别的银行"),
        "subsidies.Payment:payment_kept": removed(made.payment),
        "subsidies.Payment:payment_is_what_is_due": lambda: made.payment(amount=Decimal(9999)),
        "subsidies.Payment:payment_in_the_sum": _at_the_end(_second_in_batch(same_grant=False, seq=2)),
        "subsidies.ResultSheet:result_sheet_kept": changed(made.result_sheet, "state", SheetState.REFUSED),
        "subsidies.ResultRow:result_row_kept": changed(made.result_row, "payee", "伪造"),
        "subsidies.BudgetEntry:budget_entry_kept": changed(made.budget_entry, "amount", Decimal(1)),
    }


def _at_the_end(row: Callable[[], Any]) -> Callable[[], None]:
    """What the database looks at when the transaction ends, looked at now."""

    def run() -> None:
        row()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    return run
