"""Rows of subsidies: accounts, grants at each step, what belongs to them (see rows.py)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from assessments.sheets.models import Assessment, Sheet
from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import Kind, State
from stations.registry.models import Station
from subsidies.grants.enums import (
    AdjustmentCause,
    CancelCause,
    GrantKind,
    RecoveryCause,
    RecoveryStage,
    Stage,
)
from subsidies.models import (
    AccountChange,
    Adjustment,
    Approval,
    Grant,
    OtherBenefit,
    PayeeAccount,
    Recovery,
)
from subsidies.payees.enums import ChangeState
from tests.meta import rows_assessment, rows_excellent, rows_oversight
from tests.meta.rows import (
    DAY,
    LATER,
    NOW,
    _made,
    attachment,
    clerk,
    operator,
    organisation,
    published,
    review,
    station,
)

TEN = Decimal(10000)


def account(**fields: Any) -> PayeeAccount:
    """Handed in, not in force."""
    unit = fields.pop("organisation", None) or organisation()
    return _made(
        PayeeAccount,
        {
            "organisation": unit,
            "holder": unit.name,
            "bank": "示例银行金东支行",
            "number": "3390999900001234567",
            "digest": b"\1" * 32,
            "tail": "4567",
            "proof": attachment,
            "added_by": operator,
        },
        fields,
    )


def change(**fields: Any) -> AccountChange:
    """登记 that waits to be checked."""
    row = fields.pop("account", None) or account(
        **({"organisation": fields["organisation"]} if "organisation" in fields else {})
    )
    return _made(AccountChange, {"organisation": row.organisation, "account": row, "asked_by": operator}, fields)


def checked_change(**fields: Any) -> AccountChange:
    values = {"state": ChangeState.CHECKED, "checked_by": clerk(), "checked_at": NOW, "check_note": "电话核实。"}
    return change(**{**values, **fields})


def confirmed_change(**fields: Any) -> AccountChange:
    """An account in force."""
    unit = fields.pop("organisation", None) or organisation()
    row = fields.pop("account", None) or account(organisation=unit, effective_on=DAY)
    values = {"state": ChangeState.CONFIRMED, "confirmed_by": clerk(), "confirmed_at": NOW}
    return checked_change(account=row, **{**values, **fields})


def refused_change(**fields: Any) -> AccountChange:
    values = {
        "state": ChangeState.REFUSED,
        "closed_by": clerk(),
        "closed_at": NOW,
        "closing_reason": "开户证明看不清",
    }
    return change(**{**values, **fields})


# --- grants -----------------------------------------------------------------------------------------------------------


def grant_review(state: str = State.DRAFT, **fields: Any) -> Any:
    return review(kind=Kind.GRANT, state=state, url_name="grants:grant", **fields)


def grant(**fields: Any) -> Grant:
    """建站补贴 that waits for the account."""
    place: Station = fields.pop("station", None) or station()
    state = fields.pop("review_state", State.DRAFT)
    values: dict[str, Any] = {
        "station": place,
        "kind": GrantKind.SETUP,
        "payee": place.operator,
        "trigger_on": DAY,
        "final_on": DAY,
        "policy_version": "JD-2021-14",
        "clause": "第十二条（一）",
        "arithmetic": "2023年3月1日设立，一次性建站补贴10,000 元",
        "base": TEN,
        "payable": TEN,
        "top": TEN,
    }
    row = Grant(**{**values, **fields})
    if row.review_id is None:
        row.review = grant_review(state, object_id=row.pk, organisation=row.payee)
    row.save(force_insert=True)
    return row


def yearly(**fields: Any) -> Grant:
    """年度绩效奖励 of a final year."""
    place: Station = fields.pop("station", None) or station()
    sheet = fields.pop("sheet", None) or _final_sheet(place)
    values = {
        "kind": GrantKind.YEARLY,
        "period_no": sheet.assessment.period_no,
        "assessment": sheet.assessment,
        "sheet": sheet,
        "clause": "第十二条（二）4",
        "arithmetic": "第1年度评估90分，90分以上（含） → 70,000 元",
        "base": Decimal(70000),
        "payable": Decimal(70000),
        "top": Decimal(70000),
    }
    return grant(station=place, **{**values, **fields})


def _final_sheet(place: Station) -> Sheet:
    year: Assessment = rows_assessment.final(station=place)
    sheet: Sheet = rows_assessment.confirmed(assessment=year, notice=published(), final_on=year.final_on)
    return sheet


def excellent(**fields: Any) -> Grant:
    title = rows_excellent.title()
    values = {"kind": GrantKind.EXCELLENT, "title": title, "base": 2 * TEN, "payable": 2 * TEN, "top": 2 * TEN}
    return grant(station=title.station, **{**values, **fields})


def _with_account(place: Station, **fields: Any) -> dict[str, Any]:
    """The fields of a grant whose account is confirmed."""
    row = confirmed_change(organisation=place.operator).account
    return {
        "station": place,
        "account": row,
        "account_snapshot": '{"holder": "示例", "bank": "示例银行", "number": "3390999900001234567"}',
        "account_holder": row.holder,
        "payee_name": row.holder,
        "account_by": operator(),
        "account_at": NOW,
        **fields,
    }


def submitted(**fields: Any) -> Grant:
    place = fields.pop("station", None) or station()
    return grant(**{"stage": Stage.SUBMITTED, "review_state": State.SUBMITTED, **_with_account(place), **fields})


def screened(**fields: Any) -> Grant:
    given = {"others_checked_by": clerk(), "others_checked_at": NOW}
    return submitted(**{"stage": Stage.SCREENED, "review_state": State.SCREENED, **given, **fields})


def reviewed(**fields: Any) -> Grant:
    return screened(**{"stage": Stage.REVIEWED, "review_state": State.APPROVED, **fields})


def approved(**fields: Any) -> Grant:
    given = {"approved_on": LATER, "fiscal_year": LATER.year}
    return reviewed(**{"stage": Stage.APPROVED, **given, **fields})


def batched(**fields: Any) -> Grant:
    given = {
        "submitted_by": operator(),
        "screened_by": clerk(),
        "approved_by": clerk(Role.BUREAU),
        "batched_at": NOW,
    }
    return approved(**{"stage": Stage.BATCHED, **given, **fields})


def paid(**fields: Any) -> Grant:
    given = {"paid": TEN, "paid_by": clerk(Role.FINANCE), "paid_on": LATER}
    return batched(**{"stage": Stage.PAID, **given, **fields})


def cancelled(**fields: Any) -> Grant:
    given = {
        "cancel_cause": CancelCause.BUREAU,
        "cancel_reason": "重复。",
        "cancelled_by": clerk(Role.BUREAU),
        "cancelled_at": NOW,
    }
    return grant(**{"stage": Stage.CANCELLED, "review_state": State.WITHDRAWN, **given, **fields})


def benefit(**fields: Any) -> OtherBenefit:
    return _made(
        OtherBenefit,
        {
            "grant": grant,
            "policy": "示例市输送用工奖补办法",
            "issued_on": dt.date(2020, 1, 1),
            "matter": "跨省输送劳动力奖励",
            "amount": Decimal(3000),
            "paid_on": DAY,
            "recorded_by": clerk,
        },
        fields,
    )


def adjustment(**fields: Any) -> Adjustment:
    row = fields.pop("grant", None) or yearly()
    return _made(
        Adjustment,
        {
            "grant": row,
            "number": 2,
            "cause": AdjustmentCause.CORRECTION,
            "sheet": row.sheet,
            "before": Decimal(50000),
            "after": Decimal(70000),
            "difference": Decimal(20000),
            "reason": "第1年度评估更正为90分",
            "created_by": clerk,
        },
        fields,
    )


def approval(**fields: Any) -> Approval:
    return _made(
        Approval,
        {
            "grant": reviewed,
            "round": 1,
            "step": 1,
            "role": Role.BUREAU,
            "label": "局领导审批",
            "amount": TEN,
            "opinion": "同意。",
            "by": lambda: clerk(Role.BUREAU),
            "screened_by": clerk,
            "reviewed_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )


_cases = iter(range(1, 100_000))


def recovery(**fields: Any) -> Recovery:
    """Of a decision for 弄虚作假; the letter is not sent."""
    row = fields.pop("grant", None) or paid()
    return _made(
        Recovery,
        {
            "number": lambda: f"ZH-330703-20240301-{next(_cases):03d}",
            "grant": row,
            "cause": RecoveryCause.REVOCATION,
            "revocation": rows_oversight.decided_revocation,
            "paid": TEN,
            "amount": TEN,
            "reason": "虚报输送名册。",
            "basis": "第八条（四）",
            "opened_by": lambda: clerk(Role.BUREAU),
        },
        fields,
    )


def notified(**fields: Any) -> Recovery:
    given = {"notified_by": clerk(Role.BUREAU), "notified_on": DAY, "due_on": LATER}
    return recovery(**{"stage": RecoveryStage.NOTIFIED, **given, **fields})


def returned(**fields: Any) -> Recovery:
    given = {"returned_by": clerk(Role.FINANCE), "returned_on": LATER, "voucher_no": "测试-1"}
    return notified(**{"stage": RecoveryStage.RETURNED, **given, **fields})


def dropped(**fields: Any) -> Recovery:
    given = {"dropped_by": clerk(Role.BUREAU), "dropped_at": NOW, "drop_reason": "不属故意。"}
    return recovery(**{"stage": RecoveryStage.DROPPED, **given, **fields})
