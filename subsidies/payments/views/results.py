"""拨付结果: the sheets that came back, one payment and its result by hand."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.access import keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.oversight.views.common import attempt, page_of, status_of
from subsidies.grants.services import paying
from subsidies.payments.enums import PaymentState, SheetState
from subsidies.payments.forms import BounceForm, PayForm, ResultForm, TakeOutForm
from subsidies.payments.models import Payment, ResultSheet
from subsidies.payments.queries import listing
from subsidies.payments.services import batches, removing
from subsidies.payments.services import results as services

from .batches import READERS

Bound = dict[str, Any]


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def results(request: UserRequest) -> HttpResponse:
    """Sheets that came back; finance brings one in here."""
    pays = request.user.role == Role.FINANCE
    if request.method == "POST" and not pays:
        return HttpResponse(status=403)
    given = {"initial": {"key": uuid.uuid4()}, "auto_id": "id_result_%s"}
    form = ResultForm(request.POST or None, request.FILES or None, **given) if pays else None
    refusal: Refused | None = None
    if request.method == "POST" and form is not None and form.is_valid():
        made, refusal = attempt(lambda: services.bring_in(by=request.user, **form.cleaned_data))
        if made is not None:
            _say(request, made)
            return redirect(made)
    context = {
        "page_obj": page_of(request, listing.sheets(request.user)),
        "result_form": form,
        "refusal": refusal,
    }
    failed = refusal or (form and form.is_bound and form.errors)
    return render(request, "payments/results.html", context, status=status_of(refusal) if failed else 200)


def _say(request: UserRequest, made: ResultSheet) -> None:
    if made.state == SheetState.APPLIED:
        words = f"已登记 {made.matched} 笔拨付结果。" if made.matched else "这份结果表里的结果早已登记，没有改动。"
        messages.success(request, words)
    else:
        messages.error(request, f"有 {made.mismatched} 行对不上，整份表都没有登记。请照下表逐行核对后重新上传。")


@require_GET
@allow(*READERS)
def result(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One sheet, row by row: what was recorded, or what does not fit and why."""
    rows = ResultSheet.objects.visible_to(request.user).select_related("file", "brought_by")
    row = get_object_or_404(rows, pk=pk)
    form = (
        ResultForm(initial={"key": uuid.uuid4()}, auto_id="id_result_%s") if request.user.role == Role.FINANCE else None
    )
    context = {"row": row, "page_obj": page_of(request, listing.rows_of(row)), "result_form": form}
    return render(request, "payments/result.html", context)


@require_GET
@allow(*READERS)
def payment(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


def _show(
    request: UserRequest, row: Payment, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """One payment, who decided it, and its result; finance enters it here where no sheet brings it."""
    bound = bound or {}
    told = request.user.role == Role.FINANCE and row.batch.is_issued
    kept = paying.problem(row.grant) if row.state == PaymentState.PENDING else ""
    context = {
        "row": row,
        "pay_form": bound.get("pay") or PayForm(auto_id="id_pay_%s", initial={"paid_on": today()}, held=bool(kept))
        if told and row.state == PaymentState.PENDING
        else None,
        "bounce_form": bound.get("bounce") or BounceForm(auto_id="id_bounce_%s", initial={"on": today()})
        if told and row.state in {PaymentState.PENDING, PaymentState.PAID}
        else None,
        "out_form": bound.get("out") or TakeOutForm(auto_id="id_out_%s")
        if request.user.role == Role.FINANCE and row.state == PaymentState.PENDING and row.batch.lines > 1
        else None,
        "kept": kept,
        "refusal": refusal,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "payments/payment.html", context, status=status_of(refusal) if failed else 200)


@require_POST
@allow(Role.FINANCE)
def pay(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记拨付."""
    row = _fetch(request, pk)
    form = PayForm(request.POST, auto_id="id_pay_%s", held=bool(paying.problem(row.grant)))
    return _take(request, row, "pay", form, services.pay, "已登记拨付，承建单位会收到通知。")


@require_POST
@allow(Role.FINANCE)
def bounce(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记退票."""
    row, form = _fetch(request, pk), BounceForm(request.POST, auto_id="id_bounce_%s")
    return _take(request, row, "bounce", form, services.bounce, "已登记退票，核对账户之后可以重新成批。")


@require_POST
@allow(Role.FINANCE)
@keeps_typed()
def take_out(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """移出批次; papers that were out are made anew at once."""
    row, form = _fetch(request, pk), TakeOutForm(request.POST, auto_id="id_out_%s")
    if not form.is_valid():
        return _show(request, row, bound={"out": form})
    was_out = row.batch.is_issued
    _, refusal = attempt(lambda: removing.take_out(payment_id=pk, by=request.user, **form.cleaned_data))
    if refusal:
        return _show(request, _fetch(request, pk), bound={"out": form}, refusal=refusal)
    messages.success(request, "已移出批次，这笔补贴回到待拨付。")
    if was_out:
        _, refusal = attempt(lambda: batches.issue(batch_id=row.batch_id, by=request.user))
        words = "审批表和拨付表已重新生成，原来的两份留存。请收回已送出的拨付表。"
        if refusal:
            messages.warning(request, f"原来的两份表已作废留存，新的还没有生成：{refusal.message}")
        else:
            messages.success(request, words)
    return redirect(row.batch)


def _take(request: UserRequest, row: Payment, name: str, form: Any, service: Any, words: str) -> HttpResponse:
    if not form.is_valid():
        return _show(request, row, bound={name: form})
    _, refusal = attempt(lambda: service(payment_id=row.pk, by=request.user, **form.cleaned_data))
    if refusal:
        return _show(request, _fetch(request, row.pk), bound={name: form}, refusal=refusal)
    messages.success(request, words)
    return redirect(row.batch)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Payment:
    rows = (
        Payment.objects.visible_to(request.user)
        .defer("account")
        .select_related(
            "batch",
            "grant__station",
            "submitted_by",
            "screened_by",
            "approved_by",
            "made_by",
            "paid_by",
            "bounced_by",
            "removed_by",
        )
    )
    return get_object_or_404(rows, pk=pk)
