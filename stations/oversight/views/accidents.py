"""安全责任事故: the list, registering, 责任认定 with its second person, what the bureau finds."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from stations.oversight.enums import AccidentState
from stations.oversight.forms.safety import AccidentForm, FindForm, MajorForm, SendBackForm
from stations.oversight.models import Accident
from stations.oversight.queries import safety as queries
from stations.oversight.services import accidents as services
from stations.registry.views.tabs import register_tabs

from .common import READERS, Bound, Steps, attempt, fetch_station, page_of, status_of


@require_GET
@allow(*READERS)
def accidents(request: UserRequest) -> HttpResponse:
    """安全责任事故 of all stations this person sees."""
    filters = queries.AccidentFilters(*(request.GET.get(name, "").strip() for name in ("q", "state")))
    context = {
        "tabs": register_tabs(request.user, here="oversight:accidents"),
        "page_obj": page_of(request, queries.accidents(request.user, filters)),
        "filters": filters,
        "states": AccidentState.choices,
        "may_register": request.user.role == Role.CENTRE,
    }
    return render(request, "oversight/accidents.html", context)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def accident_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记事故."""
    station, refusal = fetch_station(request, pk), None
    form = AccidentForm(
        request.POST or None, initial={"key": uuid.uuid4(), "happened_on": today(), "during_delivery": True}
    )
    if request.method == "POST" and form.is_valid():
        event, key = form.event(), form.cleaned_data["key"]
        row, refusal = attempt(lambda: services.register(station_id=pk, event=event, by=request.user, key=key))
        if not refusal:
            messages.success(request, f"事故已登记，编号{row.number}。责任认定前不计入评估。")
            return redirect(row)
    status = status_of(refusal) if request.method == "POST" else 200
    context = {"station": station, "form": form, "refusal": refusal}
    return render(request, "oversight/accident_new.html", context, status=status)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Accident:
    rows = Accident.objects.visible_to(request.user)
    joined = ("station__operator", "employer", "basis_file", "proposed_by", "decided_by", "bureau_by", "created_by")
    return get_object_or_404(rows.select_related(*joined), pk=pk)


def _show(
    request: UserRequest, row: Accident, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    bound, user = bound or {}, request.user
    centre = user.role == Role.CENTRE
    proposed = row.state == AccidentState.PROPOSED
    judging = centre and proposed and row.proposed_by_id != user.pk
    grading = (
        user.role == Role.BUREAU and row.state == AccidentState.DECIDED and row.responsible and row.bureau_at is None
    )
    context: dict[str, Any] = {
        "accident": row,
        "refusal": refusal,
        "outlook": queries.outlook(row.station, day=row.happened_on),
        "counted": row.state == AccidentState.DECIDED and row.responsible and row.during_delivery,
        "is_operator": user.role == Role.OPERATOR,
        "find_form": (bound.get("find") or FindForm(auto_id="id_find_%s"))
        if centre and row.state == AccidentState.REGISTERED
        else None,
        "may_approve": judging,
        "own_proposal": centre and proposed and not judging,
        "back_form": (bound.get("back") or SendBackForm(auto_id="id_back_%s")) if judging else None,
        "major_form": (bound.get("major") or MajorForm(auto_id="id_major_%s")) if grading else None,
        "limits": limits_text(),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/accident.html", context, status=status_of(refusal) if failed else 200)


@require_GET
@allow(*READERS)
def accident(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


STEPS = Steps(_fetch, _show)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def accident_find(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记责任认定."""
    return STEPS.take(
        request,
        pk,
        "find",
        FindForm,
        lambda data: services.find(accident_id=pk, by=request.user, **data),
        "责任认定已登记。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def accident_approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """同意认定 by a second person."""
    return STEPS.take(
        request,
        pk,
        "approve",
        PortalForm,
        lambda _data: services.approve(accident_id=pk, by=request.user),
        "已复核，责任认定生效。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def accident_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回认定."""
    return STEPS.take(
        request,
        pk,
        "back",
        SendBackForm,
        lambda data: services.send_back(accident_id=pk, by=request.user, **data),
        "已退回提出人。",
    )


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def accident_major(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """局认定重大."""
    return STEPS.take(
        request,
        pk,
        "major",
        MajorForm,
        lambda data: services.find_major(accident_id=pk, by=request.user, **data),
        "认定已登记。",
    )
