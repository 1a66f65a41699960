"""追回: the list, a case with its letter and steps, the paid grants a decision names."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.letters import recovery_notice_pdf
from jinhua_labor.rulebook import policy_on
from stations.oversight.models import Revocation
from stations.oversight.views.common import as_file
from subsidies.grants import forms
from subsidies.grants.enums import RecoveryStage
from subsidies.grants.models import Grant, Recovery
from subsidies.grants.queries import listing
from subsidies.grants.queries.letter import notice_of
from subsidies.grants.services import recoveries as services

from .common import READERS, Bound, Offer, Steps, attempt, page_of, status_of


@require_GET
@allow(*READERS)
def recoveries(request: UserRequest) -> HttpResponse:
    """追回 this person sees, and the decisions whose grants are still to be named."""
    user = request.user
    page = page_of(request, listing.recoveries(user))
    decisions = listing.unnamed() if user.role == Role.BUREAU else ()
    context = {
        "page_obj": page,
        "rows": [(row, listing.recovery_pill(row)) for row in page.object_list],
        "decisions": decisions,
    }
    return render(request, "grants/recoveries.html", context)


def fetch(request: UserRequest, pk: uuid.UUID) -> Recovery:
    rows = listing.recoveries(request.user).select_related("notified_by", "returned_by", "dropped_by", "opened_by")
    return get_object_or_404(rows, pk=pk)


def show(
    request: UserRequest, row: Recovery, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    user, day, offer = request.user, today(), Offer(bound)
    if user.role == Role.BUREAU and row.stage == RecoveryStage.OPEN:
        days = policy_on(day).policy.settings.recovery_due_days
        offer("notify", forms.NotifyForm, due_on=day + dt.timedelta(days=days))
    if user.role == Role.BUREAU and row.stage in {RecoveryStage.OPEN, RecoveryStage.NOTIFIED}:
        offer("drop", forms.DropForm)
    if user.role == Role.FINANCE and row.stage == RecoveryStage.NOTIFIED:
        offer("return", forms.ReturnForm, returned_on=day)
    context: dict[str, Any] = {
        "row": row,
        "pill": listing.recovery_pill(row),
        "late": row.late_by(day),
        "office": user.role != Role.OPERATOR,
        "names": user.role == Role.BUREAU
        and listing.fraud(Revocation.objects.visible_to(user).filter(pk=row.revocation_id)).exists(),
        "refusal": refusal,
        **offer.forms,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "grants/recovery.html", context, status=status_of(refusal) if failed else 200)


STEPS = Steps(fetch, show)


@require_GET
@allow(*READERS)
def recovery(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


@require_GET
@allow(*READERS)
def letter(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """追回通知 as a PDF; a draft while it is not sent."""
    row = fetch(request, pk)
    return as_file(recovery_notice_pdf(notice_of(row)), "application/pdf", f"追回通知{row.number}.pdf")


@require_POST
@allow(Role.BUREAU)
def notify(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """发出追回通知."""

    def call(data: dict[str, Any]) -> object:
        return services.notify(recovery_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "notify", forms.NotifyForm, call, "追回通知已发出，单位和财务已收到消息。")


@require_POST
@allow(Role.FINANCE)
def register_return(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记退回."""

    def call(data: dict[str, Any]) -> object:
        return services.register_return(recovery_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "return", forms.ReturnForm, call, "已登记退回。")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def drop(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予追回."""

    def call(data: dict[str, Any]) -> object:
        return services.drop(recovery_id=pk, by=request.user, **data)

    return STEPS.take(request, pk, "drop", forms.DropForm, call, "已不予追回。")


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.BUREAU)
def name(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The paid grants a decision for 弄虚作假 is about (R-33)."""
    row = get_object_or_404(listing.fraud(Revocation.objects.visible_to(request.user)), pk=pk)
    out = Grant.objects.visible_to(request.user).filter(station=row.station, paid__gt=F("returned"))
    out = out.exclude(recoveries__revocation=row).select_related("station")
    form = forms.NameForm(request.POST or None, grants=out)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        chosen = [grant.pk for grant in form.cleaned_data["grants"]]
        made, refusal = attempt(
            lambda: services.open_for_revocation(
                revocation_id=pk, grant_ids=chosen, reason=form.cleaned_data["reason"], by=request.user
            )
        )
        if refusal is None:
            messages.success(request, f"已立案{len(made)}件，请逐件发出追回通知。")
            return redirect("grants:recoveries")
    elif form.has_error("grants", "invalid_choice"):
        refusal = Conflict("有补贴刚刚立案或已经退回，请核对后重新选择。")
    context = {"row": row, "form": form, "refusal": refusal, "any": out.exists()}
    failed = refusal is not None or form.is_bound
    return render(request, "grants/name.html", context, status=status_of(refusal) if failed else 200)
