"""需求岗位: the job demands of a station, the check of the centre, and what everybody may read (R-25)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed, public
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.ledger import services
from stations.ledger.forms import ClearForm, DemandForm
from stations.ledger.models import JobDemand
from stations.ledger.queries import choosable_employers, demands_of
from stations.ledger.services import Demand
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.registry.queries.papers import periods_until
from stations.registry.views.tabs import station_tabs

from .common import READERS, fetch_station, status_of

PAGE = 20


@public
@require_GET
def public_demands(request: HttpRequest) -> HttpResponse:
    """招工信息: what is published and in force, no sign-in, no data of any person."""
    rows = JobDemand.objects.public(today()).select_related("employer", "station").order_by("-published_at", "pk")
    words = request.GET.get("q", "").strip()[:50]
    if words:
        rows = rows.filter(post__icontains=words) | rows.filter(employer__name__icontains=words)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "ledger/public_demands.html", {"page_obj": page, "q": words})


@require_GET
@allow(*READERS)
def demands(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, fetch_station(request, pk))


def _page(request: UserRequest, station: Station, *, status: int = 200, **more: Any) -> HttpResponse:
    page = Paginator(demands_of(station, request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "station": station,
        "tabs": station_tabs(station, request.user, here="ledger:station"),
        "page_obj": page,
        "today": today(),
        "can_add": request.user.role == Role.OPERATOR and station.state != StationState.REVOKED,
        "can_clear": request.user.role == Role.CENTRE,
        **more,
    }
    return render(request, "ledger/demands.html", context, status=status)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def add(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _form(request, fetch_station(request, pk), None)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def edit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(JobDemand.objects.visible_to(request.user), pk=pk)
    return _form(request, fetch_station(request, row.station_id), row)


def _form(request: UserRequest, station: Station, row: JobDemand | None) -> HttpResponse:
    names = (*Demand.__dataclass_fields__, "employer")
    initial = {name: getattr(row, name) for name in names} if row else {"valid_from": today()}
    form = DemandForm(
        request.POST or None,
        employers=choosable_employers(station, periods_until(station, today()), request.user),
        initial={"key": uuid.uuid4(), **initial, "publish": bool(row and row.published_at)},
    )
    refusal, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.save_demand(
                    station_id=station.pk,
                    employer=form.cleaned_data["employer"],
                    demand=form.demand,
                    publish=form.cleaned_data["publish"],
                    by=request.user,
                    demand_id=row.pk if row else None,
                    key=form.cleaned_data["key"],
                )
            except Refused as error:
                refusal, status = error, status_of(error)
            else:
                if made.findings and made.cleared_at is None:
                    messages.warning(request, f"已保存。{'、'.join(made.findings)}，经区就业服务中心核实后才能发布。")
                else:
                    messages.success(request, "已保存并发布。" if made.published_at else "已保存。")
                return redirect(services.demand_link(made))
    context = {"station": station, "row": row, "form": form, "refusal": refusal}
    return render(request, "ledger/demand.html", context, status=status)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def clear(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """准予发布, with the reason."""
    row = get_object_or_404(JobDemand.objects.visible_to(request.user), pk=pk)
    station = fetch_station(request, row.station_id)
    form = ClearForm(request.POST)
    if not form.is_valid():
        refusal = Refused("请写明准予发布的理由。", problems=(("请写明理由", f"#demand-{pk}"),))
        return _page(request, station, refusal=refusal, status=422)
    try:
        services.clear_demand(demand_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return _page(request, station, refusal=refusal, status=status_of(refusal))
    messages.success(request, f"已准予发布“{row.post}”。")
    return redirect(services.demand_link(row))


@require_POST
@allow(Role.OPERATOR, Role.CENTRE)
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(JobDemand.objects.visible_to(request.user), pk=pk)
    services.withdraw_demand(demand_id=pk, by=request.user)
    messages.success(request, f"已撤下“{row.post}”。")
    return redirect(services.demand_link(row))
