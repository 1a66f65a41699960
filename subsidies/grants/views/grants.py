"""Grants: the list, what was paid in public, one grant with all that may be done to it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, public
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.review.states import Recommendation
from subsidies.grants import forms
from subsidies.grants.enums import GrantKind
from subsidies.grants.models import Adjustment, Grant
from subsidies.grants.queries import listing, page, standing
from subsidies.grants.queries.account import snapshot_of
from subsidies.grants.services import publicity
from subsidies.payees.queries.accounts import current

from .common import OFFICES, READERS, STAFF, Bound, Offer, attempt, page_of, start, status_of


@require_GET
@allow(*READERS)
def grants(request: UserRequest) -> HttpResponse:
    """补贴 this person sees; for the offices with what is owed and not drafted yet, and what waits for 公示."""
    return _list(request)


def _list(request: UserRequest, refusal: Refused | None = None) -> HttpResponse:
    user = request.user
    filters = listing.Filters.of(request.GET)
    rows = listing.listed(user, filters)
    found = page_of(request, rows)
    stands = standing.standings(found.object_list) if user.role != Role.OPERATOR else {}
    context: dict[str, Any] = {
        "page_obj": found,
        "rows": [
            {"row": row, "pill": listing.pill(row, user), "stands": stands.get(row.pk)} for row in found.object_list
        ],
        "filters": filters,
        "stages": listing.stages(user),
        "kinds": GrantKind.choices,
        "totals": listing.totals(rows),
        "missed": standing.missed() if user.role in {*OFFICES, Role.AUDITOR} else (),
        "for_notice": listing.for_notice(user) if user.role == Role.CENTRE else (),
        "recoveries": [(row, listing.recovery_pill(row)) for row in listing.recoveries(user).open()[: listing.SHOWN]],
        "account": current(user.organisation_id, day=today())
        if user.role == Role.OPERATOR and user.organisation_id
        else None,
        "refusal": refusal,
    }
    return render(request, "grants/list.html", context, status=status_of(refusal) if refusal else 200)


@public
@require_GET
def paid(request: HttpRequest) -> HttpResponse:
    """已拨付补贴 for everyone: unit, station, item, amount, day."""
    rows = listing.public_paid()
    context = {"page_obj": page_of(request, rows)}  # type: ignore[arg-type]
    return render(request, "grants/public.html", context)


@require_POST
@allow(Role.CENTRE)
def notice(request: UserRequest) -> HttpResponse:
    """拟公示稿 of the grants that were ticked."""
    chosen = []
    for text in request.POST.getlist("grants"):
        try:
            chosen.append(uuid.UUID(text))
        except ValueError:
            continue
    known = list(Grant.objects.visible_to(request.user).filter(pk__in=chosen).values_list("pk", flat=True))
    made, refusal = attempt(lambda: publicity.prepare_notice(grant_ids=known, by=request.user))
    if refusal:
        return _list(request, refusal)
    messages.success(request, "公示稿已拟好，请区人社局另一位同事审核发布。")
    return redirect("notices:desk", made.pk)


# --- one grant --------------------------------------------------------------------------------------------------------


def fetch(request: UserRequest, pk: uuid.UUID) -> Grant:
    rows = Grant.objects.visible_to(request.user).select_related(
        "station", "payee", "review__screened_by", "review__approved_by", "notice", "account", "account_by",
        "others_checked_by", "decision_by", "decision_file", "title__document", "assessment", "cancelled_by",
    )  # fmt: skip
    return get_object_or_404(rows.prefetch_related("approvals__by"), pk=pk)


@require_GET
@allow(*READERS)
def grant(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


@require_GET
@allow(*READERS)
def adjustment(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A later round is shown on the page of its grant."""
    return redirect(get_object_or_404(Adjustment.objects.visible_to(request.user).select_related("grant"), pk=pk).grant)


def show(
    request: UserRequest,
    row: Grant,
    *,
    bound: Bound | None = None,
    refusal: Refused | None = None,
    revealed: str = "",
) -> HttpResponse:
    """A grant with the forms of the steps this person may take now."""
    user, day = request.user, today()
    found = page.page(row, user, day=day)
    office = user.role != Role.OPERATOR
    account = snapshot_of(row)
    context: dict[str, Any] = {
        "row": row,
        "pill": listing.pill(row, user),
        "page": found,
        "sums": page.sums(row, office=office),
        "steps": page.progress(row, user, found, day=day),
        "account": account,
        "current": current(row.payee_id, day=day) if {"account", "recheck"} & found.may else None,
        "revealed": revealed,
        "office": office,
        "staff_reviews": office and user.role != Role.FINANCE,
        "adjustments": row.adjustments.select_related("sheet", "former_review"),
        "recoveries": [(case, listing.recovery_pill(case)) for case in listing.recoveries(user).filter(grant=row)],
        "events": row.review.events.select_related("by") if user.role in {*OFFICES, Role.AUDITOR} else (),
        "benefit_forms": _benefit_forms(found, bound),
        "refusal": refusal,
        **_forms(row, user, found, bound, reveal=bool(account) and office and not revealed),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "grants/grant.html", context, status=status_of(refusal) if failed else 200)


def _benefit_forms(found: page.Page, bound: Bound | None) -> dict[str, Any]:
    if "benefit_decide" not in found.may:
        return {}
    return {
        str(row.pk): (bound or {}).get(str(row.pk)) or forms.BenefitDecisionForm(auto_id=f"id_{row.pk}_%s")
        for row in found.benefits
    }


def _forms(row: Grant, user: Any, found: page.Page, bound: Bound | None, *, reveal: bool) -> dict[str, Any]:
    offer, may, begin = Offer(bound), found.may, start(row)
    centre = user.role == Role.CENTRE
    if "account" in may:
        offer("account", forms.CentreAccountForm if centre else forms.AccountForm, **begin)
    if "recheck" in may:
        offer("recheck", forms.CentreAccountForm if centre else forms.AccountForm, **begin)
    if "screen" in may:
        words = "依据已确定，金额计算无误，收款账户与单位一致。"
        offer("screen", forms.ScreenForm, **begin, recommendation=Recommendation.AGREE, opinion=words)
    for name, form in (
        ("return", forms.ReasonForm),
        ("approve", forms.ApproveForm),
        ("back", forms.OpinionForm),
        ("reject", forms.ReasonForm),
    ):
        if name in may:
            offer(name, form, **begin)
    if "benefit" in may:
        offer("benefit", forms.BenefitForm, key=uuid.uuid4())
    if "decide" in may:
        offer("decide", forms.DecisionForm)
    if "step" in may:
        offer("step", forms.StepApprovalForm, step=found.remaining[0].number, opinion="同意拨付。")
    if "cancel" in may:
        offer("cancel", forms.CancelForm)
    if reveal:
        offer("reveal", forms.PurposeForm)
    return offer.forms


@require_POST
@allow(*STAFF)
def reveal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The account of the grant in full on this one answer, after its purpose is in the journal."""
    row, form = fetch(request, pk), forms.PurposeForm(request.POST, auto_id="id_reveal_%s")
    if not form.is_valid():
        return show(request, row, bound={"reveal": form})
    account = snapshot_of(row)
    if account is None:
        return show(request, row)
    record(by=request.user, action="account.show_number", obj=row, purpose=form.cleaned_data["purpose"])
    return show(request, row, revealed=account.number)
