"""The register of stations as people of the workspace see it, a station, its plaque, and who is barred."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.rulebook import policy_on
from stations.registry.enums import PUBLIC_STATES, StationState
from stations.registry.forms.stations import PlaqueForm
from stations.registry.models import Ban, Station
from stations.registry.queries.directory import AWAITS_PLAQUE, Filters, area_text, register
from stations.registry.rules import may_renew
from stations.registry.services import stations as services
from stations.registry.views.tabs import register_tabs, station_tabs

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
OFFICES = (Role.CENTRE, Role.BUREAU)
PAGE = 20


@require_GET
@allow(*READERS)
def stations(request: UserRequest) -> HttpResponse:
    """工作站: filters in the address, twenty a page."""
    filters = Filters(*(request.GET.get(name, "") for name in ("province", "q", "state")))
    found = register(request.user, filters, page=request.GET.get("page"))
    rest = {name: value for name, value in (("province", filters.province), ("q", filters.q)) if value}
    states = (("", "全部"), (AWAITS_PLAQUE, "待挂牌"), *StationState.choices)
    chips = [
        {
            "label": label,
            "url": f"?{urlencode({**rest, **({'state': key} if key else {})})}",
            "active": filters.state == key,
        }
        for key, label in states
    ]
    context = {
        "page_obj": found.page,
        "rows": [{"row": row, "area": area_text(row)} for row in found.page],
        "filters": filters,
        "provinces": found.provinces,
        "chips": chips,
        "tabs": register_tabs(request.user, here="registry:stations"),
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "registry/stations.html", context)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Station:
    rows = Station.objects.visible_to(request.user).select_related(
        "operator", "document__signed_file", "plaque_photo", "plaque_by"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
@allow(*READERS)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, _fetch(request, pk))


def _page(
    request: UserRequest,
    row: Station,
    *,
    form: PlaqueForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    day = today()
    liaisons = list(row.liaisons.all())
    serving = [one for one in liaisons if one.since <= day and (one.until is None or day <= one.until)]
    tabs = station_tabs(row, request.user, here="registry:station")
    may_record = request.user.role in OFFICES and row.awaits_plaque
    context = {
        "station": row,
        "area": area_text(row),
        "liaison": serving[0] if serving else None,
        "former": [one for one in liaisons if one.until is not None and one.until < day],
        "application": getattr(row, "application", None),
        "plaque_form": (form or PlaqueForm()) if may_record else None,
        "limits": limits_text(("jpeg", "png")),
        "refusal": refusal,
        "days_left": (row.term_to - day).days,
        "term_ending": row.state in PUBLIC_STATES
        and may_renew(row.term_to, day, settings=policy_on(day).policy.settings),
        "renewal_page": next((tab["url"] for tab in tabs if tab["name"] == "oversight:station_renewals"), ""),
        "tabs": tabs,
    }
    return render(request, "registry/station.html", context, status=status)


@require_POST
@allow(*OFFICES)
def plaque(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记挂牌."""
    row = _fetch(request, pk)
    form = PlaqueForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    try:
        services.record_plaque(station_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, _fetch(request, pk), form=form, refusal=refusal, status=status)
    messages.success(request, "已登记挂牌。")
    return redirect(row)


@require_GET
@allow(*OFFICES, Role.AUDITOR)
def bans(request: UserRequest) -> HttpResponse:
    """不得申报名单 (第八条): who is barred, through which day."""
    day, every = today(), request.GET.get("show") == "all"
    rows = Ban.objects.visible_to(request.user)
    if not every:
        rows = rows.filter(last_day__gte=day, lifted_on__isnull=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/bans.html", {"page_obj": page, "every": every, "today": day})
