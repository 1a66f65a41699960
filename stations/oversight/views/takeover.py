"""变更承建单位 on the page of the change: the new unit's word, the centre's checks, the steps of the review."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.forms import PortalForm
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
from stations.oversight.services import takeover as services

from .common import attempt

Bound = dict[str, PortalForm]
AGREED = "接收单位符合条件，同意变更，报区人社局审核。"


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
        opinion = {} if found["problems"] else {"opinion": AGREED, "recommendation": Recommendation.AGREE}
        found["credit_form"] = bound.get("credit") or UnitCreditForm(initial=credit, auto_id="id_credit_%s")
        found["screen_form"] = bound.get("screen") or ScreenForm(initial={**start, **opinion}, auto_id="id_screen_%s")
        found["return_form"] = bound.get("return") or ReturnForm(auto_id="id_return_%s")
    if decides:
        agreed = review.recommendation == Recommendation.AGREE
        approve = DecideForm(initial={**start, "opinion": "同意变更承建单位。"}, auto_id="id_approve_%s")
        found["approve_form"] = (bound.get("approve") or approve) if agreed else None
        found["reject_form"] = bound.get("reject") or DecideForm(initial=start, auto_id="id_reject_%s")
        found["back_form"] = bound.get("back") or SendBackForm(initial=start, auto_id="id_back_%s")
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


def _answer(
    request: UserRequest, change: ChangeReport, name: str, form: PortalForm, call: Callable[[], object], words: str
) -> HttpResponse:
    from .changes import fetch, show  # the page of the change knows this module

    if not form.is_valid():
        return show(request, change, bound={name: form})
    _, refusal = attempt(call)
    if refusal:
        return show(request, fetch(request, change.pk), bound={name: form}, refusal=refusal)
    messages.success(request, words)
    return redirect(change)


def _fetch(request: UserRequest, pk: uuid.UUID) -> ChangeReport:
    from .changes import fetch

    change = fetch(request, pk)
    if change.review is None:
        raise Http404
    return change


@require_POST
@allow(Role.OPERATOR)
def change_accept(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """接收单位确认承接."""
    change = _fetch(request, pk)
    if change.new_operator_id != request.user.organisation_id:
        raise Http404
    return _answer(
        request,
        change,
        "accept",
        PortalForm({}),
        lambda: services.accept(change_id=pk, by=request.user),
        "已确认承接。",
    )


@require_POST
@allow(Role.CENTRE)
def change_check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One condition of the new unit."""
    change, condition = _fetch(request, pk), request.POST.get("condition", "")
    form = UnitCheckForm(request.POST, auto_id=f"id_{condition}_%s")
    return _answer(
        request,
        change,
        f"check-{condition}",
        form,
        lambda: services.check_unit(
            change_id=pk,
            condition=UnitCondition(form.cleaned_data["condition"]),
            verdict=UnitVerdict(form.cleaned_data["verdict"]),
            reason=form.cleaned_data["reason"],
            by=request.user,
        ),
        "已登记判断。",
    )


@require_POST
@allow(Role.CENTRE)
def change_credit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """信用核查."""
    change, form = _fetch(request, pk), UnitCreditForm(request.POST, auto_id="id_credit_%s")
    return _answer(
        request,
        change,
        "credit",
        form,
        lambda: services.record_credit(
            change_id=pk,
            result=UnitCredit(form.cleaned_data["result"]),
            note=form.cleaned_data["note"],
            by=request.user,
        ),
        "已登记信用核查。",
    )


@require_POST
@allow(Role.CENTRE)
def change_screen(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """初审."""
    change, form = _fetch(request, pk), ScreenForm(request.POST, auto_id="id_screen_%s")

    def call() -> object:
        data = dict(form.cleaned_data)
        recommendation = Recommendation(data.pop("recommendation"))
        return services.screen(change_id=pk, by=request.user, recommendation=recommendation, **data)

    return _answer(request, change, "screen", form, call, "已报区人社局审核。")


@require_POST
@allow(Role.BUREAU)
def change_approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    change, form = _fetch(request, pk), DecideForm(request.POST, auto_id="id_approve_%s")
    return _answer(
        request,
        change,
        "approve",
        form,
        lambda: services.approve(change_id=pk, by=request.user, **form.cleaned_data),
        "已审核通过。",
    )


@require_POST
@allow(Role.BUREAU)
def change_reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予变更."""
    change, form = _fetch(request, pk), DecideForm(request.POST, auto_id="id_reject_%s")
    return _answer(
        request,
        change,
        "reject",
        form,
        lambda: services.reject(change_id=pk, by=request.user, **form.cleaned_data),
        "已作出不予变更的决定。",
    )


@require_POST
@allow(Role.BUREAU)
def change_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    change, form = _fetch(request, pk), SendBackForm(request.POST, auto_id="id_back_%s")
    return _answer(
        request,
        change,
        "back",
        form,
        lambda: services.return_to_centre(change_id=pk, by=request.user, **form.cleaned_data),
        "已退回初审。",
    )
