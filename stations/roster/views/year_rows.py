"""One row of a station: corrected with a reason, ended, taken out; its contracts and certificates; the centre's
look-ups of certificates."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.registry.views.tabs import register_tabs
from stations.roster.enums import CountStatus
from stations.roster.forms_year import (
    CertificateForm,
    CheckForm,
    ContractForm,
    LeaveForm,
    ReasonForm,
    YearRowForm,
)
from stations.roster.models import Contract, Delivery, SkillCertificate
from stations.roster.services import papers, rows, station_list, year_rows

from .common import WRITERS, items, status_of
from .rows import row_fields
from .year import station_context

PAPERS = limits_text(("pdf", "jpeg", "png"))


def _fetch(request: UserRequest, pk: uuid.UUID) -> Delivery:
    found = Delivery.objects.visible_to(request.user).select_related("person", "employer", "station__operator")
    return get_object_or_404(found, pk=pk, station__isnull=False)


def _form_page(
    request: UserRequest, row: Delivery, form: forms.Form, refusal: Refused | None, template: str, **more: Any
) -> HttpResponse:
    assert row.station is not None
    context = station_context(
        row.station, request, row=row, form=form, refusal=refusal, problems=items(refusal), limits=PAPERS, **more
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, template, context, status=status)


@keeps_typed("reason")
@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def correct(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A row with other contents; a reason where it counts or its year is frozen."""
    row = _fetch(request, pk)
    frozen = station_list.frozen_on(row.station_id, row.entry_on)
    initial = {**rows.fields_of(row), "shown": rows.stamp(row), "in_district": row.employer.in_district}
    needs = frozen is not None or row.status == CountStatus.COUNTED
    form, refusal = YearRowForm(request.POST or None, initial=initial, correcting=True, needs_reason=needs), None
    if request.method == "POST" and form.is_valid():
        try:
            year_rows.correct(
                delivery=row,
                fields=row_fields(request, form, row.operator),
                reason=form.cleaned_data["reason"],
                shown=form.cleaned_data["shown"],
                by=request.user,
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"{form.cleaned_data['name']}的登记已更正。")
            return redirect(row)
    more: dict[str, Any] = {"frozen": frozen}
    if refusal is not None and status_of(refusal) == 409:
        more |= {"latest": _fetch(request, pk), "shown_now": rows.stamp(_fetch(request, pk))}
    return _form_page(request, row, form, refusal, "roster/year_row_form.html", **more)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def leave(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """离职登记."""
    row = _fetch(request, pk)
    initial = {"leave_on": row.leave_on, "leave_reason": row.leave_reason}
    form, refusal = LeaveForm(request.POST or None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            year_rows.leave(delivery=row, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已登记{row.name}离职。")
            return redirect(row)
    return _form_page(request, row, form, refusal, "roster/leave.html")


@require_POST
@allow(*WRITERS)
def remove(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Takes a row out that was entered by mistake."""
    row = _fetch(request, pk)
    form = ReasonForm(request.POST)
    refusal = None
    if form.is_valid():
        try:
            year_rows.remove(delivery=row, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已删除{row.name}，操作日志中留有记录。")
            return redirect("roster:station", row.station_id)
    return _form_page(
        request, row, form, refusal, "roster/reason.html", matter="删除这一行", action="roster:remove", key=row.pk
    )


# --- Contracts --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def add_contract(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记合同."""
    row = _fetch(request, pk)
    initial = {"signed_on": row.entry_on, "starts_on": row.entry_on}
    form, refusal = ContractForm(request.POST or None, request.FILES or None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            papers.add_contract(delivery=row, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已登记{row.name}的劳动合同。")
            return redirect(f"{row.get_absolute_url()}#contracts")
    return _form_page(request, row, form, refusal, "roster/contract_form.html")


@keeps_typed()
@require_POST
@allow(*WRITERS)
def void_contract(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """作废合同."""
    found = get_object_or_404(Contract.objects.visible_to(request.user).select_related("delivery"), pk=pk)
    row, form, refusal = _fetch(request, found.delivery_id), ReasonForm(request.POST), None
    if form.is_valid():
        try:
            papers.void_contract(contract=found, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, "合同已作废，记录保留。")
            return redirect(f"{row.get_absolute_url()}#contracts")
    return _form_page(
        request,
        row,
        form,
        refusal,
        "roster/reason.html",
        matter="作废合同",
        action="roster:contract_void",
        key=found.pk,
    )


# --- Certificates -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def add_certificate(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记证书."""
    row = _fetch(request, pk)
    form, refusal = (
        CertificateForm(request.POST or None, request.FILES or None, initial={"number": row.certificate_no}),
        None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            papers.add_certificate(delivery=row, by=request.user, **form.cleaned_data)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已登记{row.name}的证书，由区就业服务中心核验。")
            return redirect(f"{row.get_absolute_url()}#certificates")
    return _form_page(request, row, form, refusal, "roster/certificate_form.html")


def _certificate(request: UserRequest, pk: uuid.UUID) -> SkillCertificate:
    rows_ = SkillCertificate.objects.visible_to(request.user).select_related("delivery")
    return get_object_or_404(rows_, pk=pk, delivery__station__isnull=False)


@keeps_typed()
@require_POST
@allow(*WRITERS)
def void_certificate(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """作废证书."""
    found = _certificate(request, pk)
    row, form, refusal = _fetch(request, found.delivery_id), ReasonForm(request.POST), None
    if form.is_valid():
        try:
            papers.void_certificate(certificate=found, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, "证书已作废，记录保留。")
            return redirect(f"{row.get_absolute_url()}#certificates")
    told = {"matter": "作废证书", "action": "roster:certificate_void", "key": found.pk}
    return _form_page(request, row, form, refusal, "roster/reason.html", **told)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def check_certificate(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """核验: what the look-up by number found, and when."""
    found = _certificate(request, pk)
    row = _fetch(request, found.delivery_id)
    form, refusal = CheckForm(request.POST or None, initial={"checked_on": today()}), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            papers.check_certificate(
                certificate=found,
                result=data["result"],
                checked_on=data["checked_on"],
                note=data["check_note"],
                by=request.user,
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"{row.name}的证书核验结果已保存。")
            return redirect("roster:certificates")
    return _form_page(request, row, form, refusal, "roster/certificate_check.html", certificate=found)


@require_GET
@allow(Role.CENTRE, Role.BUREAU, Role.AUDITOR)
def certificates(request: UserRequest) -> HttpResponse:
    """The certificates that wait for the centre, the oldest first; or all of them, the latest first."""
    every = request.GET.get("show") == "all"
    seen = SkillCertificate.objects.visible_to(request.user, of_stations=True)
    if every:
        found = seen.live().order_by("-added_at", "id")
    else:
        found = seen.unchecked().order_by("added_at", "id")
    page = Paginator(
        found.select_related("delivery__station", "delivery__person", "delivery__employer", "checked_by"), 20
    ).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "every": every,
        "scopes": [
            {"label": "待核验", "url": request.path, "active": not every},
            {"label": "全部", "url": f"{request.path}?show=all", "active": every},
        ],
        "is_centre": request.user.role == Role.CENTRE,
        "tabs": register_tabs(request.user, here="roster:certificates"),
    }
    return render(request, "roster/certificates.html", context)
