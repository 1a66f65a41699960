"""社保核对, the centre's: the list to ask with, the extract that comes back, months ticked by hand."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import add_to_month, month_of
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from stations.registry.models import Employer
from stations.roster import tasks
from stations.roster.enums import CountStatus
from stations.roster.forms import InsuranceForm, QueryForm, TickForm
from stations.roster.models import Delivery, RosterList
from stations.roster.queries.listing import Filters, filtered
from stations.roster.services import exporting, insurance
from stations.roster.services.insurance import Asked
from stations.roster.workbook.limits import INSURANCE

from .common import attachment, fetch_list, items, page_context, status_of

OFFICE = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
TICK_PAGE = 50


@require_http_methods(["GET", "POST"])
@allow(*OFFICE)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What was asked so far; for the centre the way to bring in the next extract."""
    roster_list = fetch_list(request, pk)
    if request.method == "GET" or request.user.role != Role.CENTRE:
        return _page(request, roster_list, status=200 if request.method == "GET" else 403)
    form = InsuranceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, roster_list, form=form, status=422)
    data = form.cleaned_data
    asked = Asked(data["month_from"], data["month_to"], data["source"])
    try:
        insurance.check_months(asked)
        stored = insurance.keep(file=data["file"], by=request.user)
        return _bring_in(request, roster_list, stored, asked)
    except Refused as refusal:
        return _page(request, roster_list, form=form, refusal=refusal, status=status_of(refusal))


def _bring_in(request: UserRequest, roster_list: RosterList, stored: Attachment, asked: Asked) -> HttpResponse:
    if stored.size > insurance.AT_ONCE_BYTES:
        job = start(
            kind="roster.insurance",
            title=f"导入参保明细 {stored.name}"[:100],
            by=request.user,
            task=tasks.import_insurance,
            args={
                "roster_list": str(roster_list.pk),
                "file": str(stored.pk),
                "month_from": asked.month_from,
                "month_to": asked.month_to,
                "source": asked.source,
                "by": str(request.user.pk),
            },
            back_url=request.path,
        )
        return redirect("jobs:detail", job.pk)
    extract = insurance.bring_in(roster_list=roster_list, file=stored, asked=asked, by=request.user)
    messages.success(request, f"已导入：查询 {extract.asked} 人，查到 {extract.found} 人，人数已重新核算。")
    return redirect("roster:insurance", roster_list.pk)


def _page(
    request: UserRequest, roster_list: RosterList, *, status: int = 200, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    month = month_of(today())
    initial = {"month_from": add_to_month(month, -6), "month_to": month}
    context = page_context(
        roster_list,
        extracts=roster_list.extracts.select_related("by", "file").order_by("-at")[:50],
        is_centre=request.user.role == Role.CENTRE,
        limits=INSURANCE.told(),
        max_bytes=INSURANCE.file_bytes,
        refusal=refusal,
        problems=items(refusal),
        **{"form": InsuranceForm(initial=initial), "query_form": QueryForm(auto_id="query_%s"), **more},
    )
    return render(request, "roster/insurance.html", context, status=status)


@require_POST
@allow(Role.CENTRE)
def query(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The list to ask the insurance with: names and full numbers."""
    roster_list = fetch_list(request, pk)
    form = QueryForm(request.POST, auto_id="query_%s")
    if not form.is_valid():
        return _page(request, roster_list, query_form=form, status=422)
    filters, purpose = Filters(), form.cleaned_data["purpose"]
    if roster_list.rows > exporting.AT_ONCE:
        job = start(
            kind="roster.export",
            title="生成社保查询名单",
            by=request.user,
            task=tasks.export_list,
            args={
                "roster_list": str(roster_list.pk),
                "kind": exporting.QUERY,
                "purpose": purpose,
                "by": str(request.user.pk),
                "filters": filters.as_dict(),
            },
            back_url=request.path.replace("query/", ""),
        )
        return redirect("jobs:detail", job.pk)
    data = exporting.export(
        roster_list=roster_list,
        rows=filtered(roster_list, filters),
        kind=exporting.QUERY,
        purpose=purpose,
        by=request.user,
    )
    return attachment(data, exporting.file_name(roster_list, exporting.QUERY))


@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def tick(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Months a person saw paid, for the rows he ticks."""
    roster_list = fetch_list(request, pk)
    filters = Filters.read({"status": CountStatus.PENDING, **request.GET.dict()})
    form, refusal = TickForm(request.POST or None), None
    chosen = [value for value in request.POST.getlist("rows") if Filters.read({"person": value}).person]
    if request.method == "POST" and form.is_valid():
        try:
            return _tick(request, roster_list, form.cleaned_data, chosen)
        except Refused as error:
            refusal = error
    rows = filtered(roster_list, filters).select_related("person", "employer")
    context = page_context(
        roster_list,
        form=form,
        page_obj=Paginator(rows, TICK_PAGE).get_page(request.GET.get("page")),
        chosen=set(chosen),
        filters=filters,
        statuses=CountStatus.choices,
        refusal=refusal,
        problems=items(refusal),
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/tick.html", context, status=status)


def _tick(request: UserRequest, roster_list: RosterList, data: dict[str, Any], chosen: list[str]) -> HttpResponse:
    rows = list(Delivery.objects.filter(roster_list=roster_list, pk__in=chosen).select_related("employer"))
    payer = None
    if data["payer_code"]:
        payer = Employer.objects.filter(credit_code=data["payer_code"]).first()
        if payer is None:
            raise Refused(
                "该缴费单位还没有登记，请先在用工企业中登记。", problems=(("缴费单位未登记", "#id_payer_code"),)
            )
    extract = insurance.tick(
        deliveries=rows,
        asked=Asked(data["month_from"], data["month_to"], data["source"]),
        payer=payer,
        paid_on=data["paid_on"],
        by=request.user,
    )
    messages.success(request, f"已为 {extract.asked} 人登记参保月份，人数已重新核算。")
    return redirect("roster:tick", roster_list.pk)
