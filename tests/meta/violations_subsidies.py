"""For each rule of subsidies that the database holds itself, the row it refuses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from jinhua_labor.accounts.enums import Role
from subsidies.grants.enums import AdjustmentCause, RecoveryStage, Stage
from subsidies.payees.enums import ChangeState
from tests.meta import rows
from tests.meta import rows_subsidies as made
from tests.meta.rows import DAY, LATER, NOW

Make = Callable[..., Callable[[], Any]]


def once(twice: Make) -> dict[str, Callable[[], Any]]:
    return {
        "subsidies.AccountChange.account": twice(made.refused_change, account=made.account),
        "subsidies.Grant.review": twice(made.grant, review=made.grant_review),
        "subsidies.Adjustment.former_review": twice(made.adjustment, former_review=made.grant_review),
    }


def _same_person(wrong: Make) -> Callable[[], Any]:
    def refused() -> Any:
        one = rows.clerk()
        return made.checked_change(checked_by=one, state=ChangeState.CONFIRMED, confirmed_by=one, confirmed_at=NOW)

    return refused


def _one_recorder() -> Any:
    one = rows.clerk()
    return made.benefit(recorded_by=one, same_matter=True, decided_by=one, decided_at=NOW, decision_reason="同一事项")


def _same_approver() -> Any:
    one = rows.clerk(Role.BUREAU)
    return made.approval(by=one, reviewed_by=one)


def _two_recoveries() -> Any:
    row = made.paid()
    return [made.recovery(grant=row) for _ in range(2)]


def _the_same_case() -> Any:
    row, case = made.paid(), made.dropped()
    return [made.dropped(grant=row, revocation=case.revocation) for _ in range(2)]


def violations(twice: Make, wrong: Make) -> dict[str, Callable[[], Any]]:
    return {
        "payee_tail_of_four": wrong(made.account, tail="12"),
        "account_change_one_open": twice(made.change, organisation=rows.organisation),
        "account_change_has_reason": wrong(made.change, former=made.account),
        "account_change_checked_whole": wrong(made.change, check_note="电话核实。"),
        "account_change_confirmed_whole": wrong(made.change, confirmed_by=rows.clerk, confirmed_at=NOW),
        "account_change_state_has_at": wrong(made.change, state=ChangeState.CHECKED),
        "account_change_two_persons": _same_person(wrong),
        "account_change_closed_whole": wrong(made.change, closing_reason="理由"),
        "grant_once": twice(made.grant, station=rows.station),
        "grant_has_its_trigger": wrong(made.grant, period_no=1),
        "grant_payable_is_difference": wrong(made.grant, other=Decimal(1)),
        "grant_paid_within": wrong(made.paid, paid=Decimal(10001)),
        "grant_has_account": wrong(made.grant, stage=Stage.SUBMITTED),
        "grant_account_is_units": wrong(made.submitted, payee_name="另一单位"),
        "grant_zero_is_zero": wrong(made.grant, stage=Stage.ZERO),
        "grant_others_checked": wrong(made.screened, others_checked_at=None, others_checked_by=None),
        "grant_approved_whole": wrong(made.reviewed, fiscal_year=2024),
        "grant_batched_whole": wrong(made.batched, batched_at=None),
        "grant_three_persons": _payer_screened,
        "grant_received_whole": wrong(made.paid, received_on=LATER),
        "grant_paid_whole": wrong(made.batched, paid_on=LATER),
        "grant_cancelled_whole": wrong(made.grant, cancel_reason="重复。"),
        "grant_decision_whole": wrong(made.grant, decision_pay=True),
        "benefit_amount_positive": wrong(made.benefit, amount=0),
        "benefit_decided_whole": wrong(made.benefit, same_matter=True),
        "benefit_two_persons": _one_recorder,
        "adjustment_once": twice(made.adjustment, grant=made.yearly),
        "adjustment_is_difference": wrong(made.adjustment, difference=Decimal(1)),
        "adjustment_correction_has_sheet": wrong(made.adjustment, cause=AdjustmentCause.CORRECTION, sheet=None),
        "approval_step_once": twice(made.approval, grant=made.reviewed),
        "approval_person_once": _two_steps,
        "approval_other_person": _same_approver,
        "approval_has_opinion": wrong(made.approval, opinion=""),
        "recovery_number_once": twice(made.recovery, number="ZH-330703-20240301-999"),
        "recovery_once": _the_same_case,
        "recovery_one_open": _two_recoveries,
        "recovery_has_cause": wrong(made.recovery, revocation=None),
        "recovery_within_paid": wrong(made.recovery, amount=Decimal(10001)),
        "recovery_says_why": wrong(made.recovery, basis=""),
        "recovery_notified_whole": wrong(made.recovery, notified_on=DAY),
        "recovery_told_before": wrong(made.recovery, stage=RecoveryStage.NOTIFIED),
        "recovery_returned_whole": wrong(made.notified, returned_on=LATER),
        "recovery_dropped_whole": wrong(made.recovery, drop_reason="不属故意。"),
    }


def _payer_screened() -> Any:
    one = rows.clerk(Role.FINANCE)
    return made.paid(screened_by=one, paid_by=one)


def _two_steps() -> Any:
    row, one = made.reviewed(), rows.clerk(Role.BUREAU)
    return [made.approval(grant=row, by=one, step=step) for step in (1, 2)]


def by_trigger(changed: Make, removed: Make) -> dict[str, Callable[[], Any]]:
    return {
        "subsidies.PayeeAccount:account_stays": changed(made.account, "tail", "9999"),
        "subsidies.PayeeAccount:account_kept": removed(made.account),
        "subsidies.Grant:grant_stages": changed(made.grant, "stage", Stage.APPROVED),
        "subsidies.Grant:paid_never_falls": changed(made.paid, "paid", Decimal(1)),
        "subsidies.Grant:whose_and_for_what_stays": changed(made.grant, "kind", "EXCELLENT"),
        "subsidies.Grant:never_deleted": removed(made.grant),
        "subsidies.Adjustment:append_only": changed(made.adjustment, "reason", "伪造"),
        "subsidies.Approval:append_only": changed(made.approval, "opinion", "伪造"),
        "subsidies.Recovery:never_deleted": removed(made.recovery),
    }
