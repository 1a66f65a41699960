"""重新核算: one button for the centre, in the background, and what each recount changed."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs
from stations.roster import tasks_station
from stations.roster.enums import CountStatus, ReasonCode
from stations.roster.models import Recount, RecountChange
from stations.roster.services import recount_station as services

from .retention import fetch_station

OFFICE = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
PER_PAGE = 50
LISTED = 20


@require_http_methods(["GET", "POST"])
@allow(*OFFICE)
def index(request: UserRequest) -> HttpResponse:
    """The recounts so far; the centre starts one of the whole district."""
    if request.method == "POST" and request.user.role == Role.CENTRE:
        return _start(request, None)
    rows = Recount.objects.visible_to(request.user).select_related("station", "by", "job")
    context = {
        "page_obj": Paginator(rows, LISTED).get_page(request.GET.get("page")),
        "tabs": register_tabs(request.user, here="roster:recounts"),
        "is_centre": request.user.role == Role.CENTRE,
    }
    return render(request, "roster/recounts.html", context, status=403 if request.method == "POST" else 200)


@require_POST
@allow(Role.CENTRE)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One station's year counted anew."""
    return _start(request, fetch_station(request, pk))


def _start(request: UserRequest, whose: Station | None) -> HttpResponse:
    job = services.begin_later(station=whose, by=request.user, task=tasks_station.recount_now)
    return redirect("jobs:detail", job.pk)


@require_GET
@allow(*OFFICE)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What changed and why: person masked, before → after, with the codes."""
    rows = Recount.objects.visible_to(request.user).select_related("station", "by", "job")
    found = get_object_or_404(rows, pk=pk)
    moves = _moves(found)
    move = request.GET.get("move", "")
    code = request.GET.get("code", "")
    changes = found.changes.select_related("delivery__person", "delivery__employer", "delivery__station")
    before, _, after = move.partition("-")
    if before in CountStatus.values and after in CountStatus.values:
        changes = changes.filter(before_status=before, after_status=after)
    if code in ReasonCode.values:
        changes = changes.filter(after_codes__contains=[code]) | changes.filter(before_codes__contains=[code])
    page = Paginator(changes.order_by("delivery__station__number", "delivery__seq", "id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "recount": found,
        "moves": moves,
        "move": move,
        "code": code if code in ReasonCode.values else "",
        "codes": ReasonCode.choices,
        "page_obj": page,
        "rows": [_row(change) for change in page],
        "figures": [
            (CountStatus(status).label, getattr(found, f"{name}_before"), getattr(found, name))
            for status, name in (("COUNTED", "counted"), ("PENDING", "pending"), ("EXCLUDED", "excluded"))
        ],
    }
    return render(request, "roster/recounted.html", context)


def _moves(found: Recount) -> list[dict[str, Any]]:
    """From which status to which, and how many."""
    rows = (
        found.changes.order_by()
        .values_list("before_status", "after_status")
        .annotate(n=Count("pk"))
        .order_by("before_status", "after_status")
    )
    return [
        {
            "label": CountStatus(before).label + " → " + CountStatus(after).label
            if before != after
            else f"{CountStatus(before).label}（原因变化）",
            "url": f"{reverse('roster:recounted', args=[found.pk])}?{urlencode({'move': f'{before}-{after}'})}",
            "key": f"{before}-{after}",
            "count": count,
        }
        for before, after, count in rows
    ]


def _row(change: RecountChange) -> dict[str, Any]:
    return {
        "change": change,
        "delivery": change.delivery,
        "gone": [(code, ReasonCode(code).label) for code in change.before_codes if code not in change.after_codes],
        "came": [(code, ReasonCode(code).label) for code in change.after_codes if code not in change.before_codes],
        "kept": [(code, ReasonCode(code).label) for code in change.after_codes if code in change.before_codes],
    }
