"""变更承建单位 on the page of the change: the new unit's word, the centre's checks, the forms of the review's steps."""

from __future__ import annotations

import uuid
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.clock import today
from jinhua_labor.review.queries import buttons
from jinhua_labor.review.states import Action, Recommendation
from stations.oversight.enums import UNIT_CLAUSES, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.forms.changes import (
    DecideForm,
    ReturnForm,
    ScreenForm,
    SendBackForm,
    UnitCheckForm,
    UnitCreditForm,
)
from stations.oversight.models import ChangeReport
from stations.oversight.queries.changes import standing_problems

from .common import Bound


def panel(request: UserRequest, change: ChangeReport, bound: Bound) -> dict[str, Any]:
    """What the page shows of the review, and the forms of the steps this person may take now."""
    user, review = request.user, change.review
    if review is None or change.new_operator is None:
        return {"review": None}
    actions = buttons(review, user)
    screens = user.role == Role.CENTRE and Action.SCREEN in actions
    decides = user.role == Role.BUREAU and Action.REJECT in actions
    start = {"key": uuid.uuid4(), "version": review.version}
    found: dict[str, Any] = {
        "review": review,
        "events": review.events.select_related("by") if user.is_office or user.role == Role.AUDITOR else (),
        "may_accept": user.role == Role.OPERATOR
        and user.organisation_id == change.new_operator_id
        and change.is_open
        and change.accepted_at is None,
        "screens": screens,
        "decides": decides,
        "hat": review.entered_by(user) and user.role == Role.CENTRE,
    }
    if user.is_office or user.role == Role.AUDITOR:
        found["problems"] = standing_problems(change, day=today(), screening=True) if change.is_open else ()
        found["conditions"] = _conditions(change, bound, with_forms=screens)
    if screens:
        credit = {"result": change.credit_check, "note": change.credit_note}
        opinion = {} if found["problems"] else {"opinion": ScreenForm.agreed, "recommendation": Recommendation.AGREE}
        found["credit_form"] = bound.get("credit") or UnitCreditForm(initial=credit, auto_id="id_credit_%s")
        found["screen_form"] = bound.get("screen") or ScreenForm(initial={**start, **opinion}, auto_id="id_screen_%s")
        found["return_form"] = bound.get("return") or ReturnForm(auto_id="id_return_%s")
    if decides:
        agreed = review.recommendation == Recommendation.AGREE
        approve = DecideForm(initial={**start, "opinion": "同意变更承建单位。"}, auto_id="id_approve_%s")
        found["approve_form"] = (bound.get("approve") or approve) if agreed else None
        found["reject_form"] = bound.get("reject") or DecideForm(initial=start, auto_id="id_reject_%s")
        found["back_form"] = back = bound.get("back") or SendBackForm(initial=start, auto_id="id_back_%s")
        if change.credit_check != UnitCredit.FOUND:  # there is nothing to waive
            del back.fields["waiver"]
    return found


def _conditions(change: ChangeReport, bound: Bound, *, with_forms: bool) -> list[dict[str, Any]]:
    judged = {row.condition: row for row in change.checks.select_related("by")}
    rows = []
    for condition in UnitCondition:
        row = judged.get(condition)
        initial = {"condition": condition.value}
        if row is not None:
            initial |= {"verdict": row.verdict, "reason": row.reason}
        form = bound.get(f"check-{condition}") or UnitCheckForm(initial=initial, auto_id=f"id_{condition}_%s")
        rows.append(
            {
                "condition": condition,
                "clause": UNIT_CLAUSES[condition],
                "row": row,
                "ok": None if row is None else row.verdict == UnitVerdict.MET,
                "form": form if with_forms else None,
            }
        )
    return rows
