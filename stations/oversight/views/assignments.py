"""委托协会检查: the association's list and page of a check, the centre's assigning, reading and ending."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.core.provinces import PROVINCES
from stations.oversight.forms.assignments import AssignForm, EndForm, OpinionForm
from stations.oversight.models import Assignment
from stations.oversight.queries import assignments as queries
from stations.oversight.rules.assignments import lasts
from stations.oversight.services import assignments as services
from stations.registry.queries.directory import area_text
from stations.registry.views.tabs import register_tabs

from .common import attempt, fetch_station, on_station, page_of, status_of

OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@require_GET
@allow(*OFFICES, Role.ASSOCIATION)
def assignments(request: UserRequest) -> HttpResponse:
    """受托检查 of the association with its own opinions, and 协会检查 for the offices: open ones, or those over."""
    user, day = request.user, today()
    shown = queries.OVER if request.GET.get("state") == queries.OVER else ""
    page = page_of(request, queries.assignments(user, shown, day=day))
    association = user.role == Role.ASSOCIATION
    context = {
        "tabs": [] if association else register_tabs(user, here="oversight:assignments"),
        "page_obj": page,
        "rows": [(row, queries.pill_of(row, day=day)) for row in page],
        "over": bool(shown),
        "chips": [
            {"label": label, "url": url, "active": active}
            for label, url, active in (("进行中", "?", not shown), ("已结束", f"?state={queries.OVER}", bool(shown)))
        ],
        "opens": not association or not shown,
        "is_association": association,
        "may_assign": user.role == Role.CENTRE,
    }
    return render(request, "oversight/assignments.html", context)


@require_GET
@allow(*OFFICES)
def station_assignments(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """委托协会 of one station."""
    station, day = fetch_station(request, pk), today()
    rows = Assignment.objects.visible_to(request.user).filter(station=station).select_related("organisation")
    page = page_of(request, rows.prefetch_related("opinions"))
    context = {
        **on_station(request, station, "oversight:station_assignments"),
        "page_obj": page,
        "rows": [(row, queries.pill_of(row, day=day)) for row in page],
        "opens": True,
        "may_assign": request.user.role == Role.CENTRE,
    }
    return render(request, "oversight/station_assignments.html", context)


@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def assignment_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """委托检查."""
    station, refusal = fetch_station(request, pk), None
    offered = queries.offered_files(station)
    form = AssignForm(request.POST or None, offered=offered, day=today(), initial={"key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        task, key = form.task(), form.cleaned_data["key"]
        row, refusal = attempt(lambda: services.assign(station_id=pk, task=task, by=request.user, key=key))
        if not refusal:
            messages.success(request, f"已委托，编号{row.number}，协会已收到消息。")
            return redirect(row)
    status = status_of(refusal) if request.method == "POST" else 200
    context = {"station": station, "form": form, "refusal": refusal}
    return render(request, "oversight/assignment_new.html", context, status=status)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Assignment:
    """The assignment; for the association only while it lasts: afterwards nothing of the station opens."""
    rows = Assignment.objects.visible_to(request.user)
    if request.user.role == Role.ASSOCIATION:
        rows = rows.open_on(today())
    joined = ("station__operator", "organisation", "assigned_by", "ended_by")
    return get_object_or_404(rows.select_related(*joined), pk=pk)


def _show(
    request: UserRequest, row: Assignment, *, bound: dict[str, PortalForm] | None = None, refusal: Refused | None = None
) -> HttpResponse:
    bound, user, day = bound or {}, request.user, today()
    going = lasts(row.term, on=day)
    roster = queries.roster_of(row)
    page = page_of(request, roster) if roster is not None else None
    visits, activities = queries.visits_of(row), queries.activities_of(row)
    liaison = row.station.liaisons.filter(since__lte=day).exclude(until__lt=day).first()
    context: dict[str, Any] = {
        "assignment": row,
        "station": row.station,
        "area": area_text(row.station),
        "liaison": liaison,
        "pill": queries.pill_of(row, day=day),
        "going": going,
        "refusal": refusal,
        "shares": queries.shares_of(row),
        "opinions": row.opinions.select_related("written_by"),
        "page_obj": page,
        "lines": [(one, PROVINCES.get(one.hukou_province, "未识别")) for one in page or ()],
        "visits": visits[: queries.MOST] if visits is not None else None,
        "findings": queries.findings_of(row),
        "activities": activities[: queries.MOST] if activities is not None else None,
        "is_association": user.role == Role.ASSOCIATION,
        "opinion_form": (bound.get("opinion") or OpinionForm(auto_id="id_opinion_%s", initial={"key": uuid.uuid4()}))
        if going and user.role == Role.ASSOCIATION
        else None,
        "end_form": (bound.get("end") or EndForm(auto_id="id_end_%s")) if going and user.role == Role.CENTRE else None,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/assignment.html", context, status=status_of(refusal) if failed else 200)


@require_GET
@allow(*OFFICES, Role.ASSOCIATION)
def assignment(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


@require_POST
@allow(Role.ASSOCIATION)
def assignment_opinion(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提交意见."""
    row = _fetch(request, pk)
    form = OpinionForm(request.POST, auto_id="id_opinion_%s")
    if not form.is_valid():
        return _show(request, row, bound={"opinion": form})
    data = form.cleaned_data
    _, refusal = attempt(
        lambda: services.give_opinion(assignment_id=pk, text=data["text"], by=request.user, key=data["key"])
    )
    if refusal:
        return _show(request, row, bound={"opinion": form}, refusal=refusal)
    messages.success(request, "意见已提交，区就业服务中心已收到消息。")
    return redirect(row)


@require_POST
@allow(Role.CENTRE)
def assignment_end(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """结束委托."""
    row = _fetch(request, pk)
    form = EndForm(request.POST, auto_id="id_end_%s")
    if not form.is_valid():
        return _show(request, row, bound={"end": form})
    reason = form.cleaned_data["reason"]
    _, refusal = attempt(lambda: services.end(assignment_id=pk, reason=reason, by=request.user))
    if refusal:
        return _show(request, _fetch(request, pk), bound={"end": form}, refusal=refusal)
    messages.success(request, "委托已结束，协会不能再查看该工作站的材料。")
    return redirect(row)
