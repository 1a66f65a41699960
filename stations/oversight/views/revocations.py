"""取消资格: the list with its alerts, a station's page, proposal and application."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from stations.oversight.enums import RevocationStage
from stations.oversight.forms.revocations import ApplyForm, ProposalForm
from stations.oversight.models import Revocation
from stations.oversight.queries import revocations as queries
from stations.oversight.services import revocations as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import READERS, attempt, fetch_station, on_station, page_of, status_of
from .revocation_steps import fetch

OFFICES = (Role.CENTRE, Role.BUREAU)
ALERTS_SHOWN = 10


@require_GET
@allow(*READERS)
def revocations(request: UserRequest) -> HttpResponse:
    """取消资格 of all stations this person sees; for the offices with the alerts that may lead to one."""
    user = request.user
    filters = queries.RevocationFilters(*(request.GET.get(name, "").strip() for name in ("q", "stage")))
    page = page_of(request, queries.listed(user, filters))
    found = queries.alerts(user, day=today()) if user.role in OFFICES else []
    context = {
        "tabs": register_tabs(user, here="oversight:revocations"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, user)} for row in page.object_list],
        "filters": filters,
        "stages": RevocationStage.choices,
        "alerts": found[:ALERTS_SHOWN],
        "more_alerts": max(len(found) - ALERTS_SHOWN, 0),
        "may_propose": user.role == Role.CENTRE,
        "is_operator": user.role == Role.OPERATOR,
    }
    return render(request, "oversight/revocations.html", context)


@require_GET
@allow(*READERS)
def station_revocations(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """取消资格 of a station: what speaks for one, and what there was."""
    station, user = fetch_station(request, pk), request.user
    rows = Revocation.objects.visible_to(user).filter(station=station)
    page = page_of(request, rows.select_related("station", "operator", "review", "notice"))
    open_ = station.state in services.MAY_START
    context = {
        **on_station(request, station, "oversight:station_revocations"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, user)} for row in page.object_list],
        "alerts": queries.alerts(user, day=today(), only=[station.pk]) if user.role in OFFICES else [],
        "may_propose": open_ and user.role == Role.CENTRE,
        "may_apply": open_ and user.role == Role.OPERATOR and user.organisation_id == station.operator_id,
    }
    return render(request, "oversight/station_revocations.html", context)


def _form_page(
    request: UserRequest, station: Station, form: PortalForm, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    failed = refusal is not None or form.is_bound
    context = {"station": station, "form": form, "refusal": refusal, "limits": limits_text(), **more}
    return render(request, "oversight/revocation_form.html", context, status=status_of(refusal) if failed else 200)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def revocation_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提出取消, begun from the alerts of the station."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        initial = {"key": uuid.uuid4(), **queries.prefilled(station, request.user, day=today())}
        return _form_page(request, station, ProposalForm(initial=initial))
    return _propose(request, station, None)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def revocation_put(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The system's draft, completed and put forward by a person."""
    row = fetch(request, pk)
    if row.stage != RevocationStage.DRAFT:
        return redirect(row)
    if request.method == "GET":
        initial = {"key": row.pk, "grounds": row.grounds, "facts": row.facts}
        return _form_page(request, row.station, ProposalForm(initial=initial), draft=row)
    return _propose(request, row.station, row)


def _propose(request: UserRequest, station: Station, draft: Revocation | None) -> HttpResponse:
    form = ProposalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, station, form, draft=draft)
    row, refusal = attempt(
        lambda: services.propose(
            station_id=station.pk,
            content=form.content(),
            by=request.user,
            key=form.cleaned_data["key"],
            draft_id=draft.pk if draft else None,
        )
    )
    if refusal:
        return _form_page(request, station, form, refusal, draft=draft)
    messages.success(request, f"已提出取消，编号{row.number}。下一步书面告知承建单位。")
    return redirect(row)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def revocation_apply(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """主动申请取消资格."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        return _form_page(request, station, ApplyForm(initial={"key": uuid.uuid4()}), own=True)
    form = ApplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, station, form, own=True)
    row, refusal = attempt(
        lambda: services.apply(
            station_id=pk,
            reason=form.cleaned_data["facts"],
            application=form.cleaned_data["evidence"],
            by=request.user,
            key=form.cleaned_data["key"],
        )
    )
    if refusal:
        return _form_page(request, station, form, refusal, own=True)
    messages.success(request, f"已提交取消资格申请，编号{row.number}。")
    return redirect(row)
