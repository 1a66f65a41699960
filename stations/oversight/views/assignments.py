"""委托协会检查: the association's list and page of a check, the centre's assigning, reading and ending."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.provinces import PROVINCES
from jinhua_labor.rulebook import policy_on
from stations.oversight.forms.assignments import AssignForm, EndForm, OpinionForm
from stations.oversight.models import Assignment
from stations.oversight.queries import assignments as queries
from stations.oversight.rules.assignments import last_end, lasts
from stations.oversight.services import assignments as services
from stations.registry.queries.directory import area_text
from stations.registry.views.tabs import register_tabs

from .common import Bound, Steps, attempt, fetch_station, on_station, page_of, status_of

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
        "may_assign": request.user.role == Role.CENTRE,
    }
    return render(request, "oversight/station_assignments.html", context)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def assignment_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """委托检查."""
    station, refusal = fetch_station(request, pk), None
    offered = queries.offered_files(station)
    day = today()
    last = last_end(day, settings=policy_on(day).policy.settings)
    form = AssignForm(request.POST or None, offered=offered, day=day, last=last, initial={"key": uuid.uuid4()})
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
    joined = ("station__operator", "organisation", "assigned_by", "ended_by")
    return get_object_or_404(Assignment.objects.visible_to(request.user).select_related(*joined), pk=pk)


def _show(
    request: UserRequest, row: Assignment, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    """What was asked and answered stays readable; for the association nothing of the station opens after the end."""
    bound, user, day = bound or {}, request.user, today()
    association, going = user.role == Role.ASSOCIATION, lasts(row.term, on=day)
    opinion, end = bound.get("opinion"), bound.get("end")
    context: dict[str, Any] = {
        "assignment": row,
        "station": row.station,
        "pill": queries.pill_of(row, day=day),
        "going": going,
        "opens": going or not association,
        "refusal": refusal,
        "opinions": row.opinions.select_related("written_by"),
        "is_association": association,
        "opinion_form": None,
        "late_words": opinion["text"].value() if opinion and not going else "",
        "end_form": None,
    }
    if context["opens"]:
        context |= _opened(request, row)
    if going and association:
        context["opinion_form"] = opinion or OpinionForm(auto_id="id_opinion_%s", initial={"key": uuid.uuid4()})
    if going and user.role == Role.CENTRE:
        context["end_form"] = end or EndForm(auto_id="id_end_%s")
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/assignment.html", context, status=status_of(refusal) if failed else 200)


STEPS = Steps(_fetch, _show)


def _opened(request: UserRequest, row: Assignment) -> dict[str, Any]:
    """What the assignment shows of the station, masked."""
    day, roster, visits = today(), queries.roster_of(row), queries.visits_of(row)
    page = page_of(request, roster) if roster is not None else None
    return {
        "area": area_text(row.station),
        "liaison": row.station.liaisons.filter(since__lte=day).exclude(until__lt=day).first(),
        "shares": queries.shares_of(row),
        "page_obj": page,
        "lines": [(one, PROVINCES.get(one.hukou_province, "未识别")) for one in page or ()],
        "visits": visits[: queries.MOST] if visits is not None else None,
        "findings": queries.findings_of(row),
        "activities": queries.activities_of(row),
    }


@require_GET
@allow(*OFFICES, Role.ASSOCIATION)
def assignment(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


@keeps_typed()
@require_POST
@allow(Role.ASSOCIATION)
def assignment_opinion(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提交意见."""
    return STEPS.take(
        request,
        pk,
        "opinion",
        OpinionForm,
        lambda data: services.give_opinion(assignment_id=pk, by=request.user, **data),
        "意见已提交，区就业服务中心已收到消息。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def assignment_end(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """结束委托."""
    return STEPS.take(
        request,
        pk,
        "end",
        EndForm,
        lambda data: services.end(assignment_id=pk, by=request.user, **data),
        "委托已结束，协会不能再查看该工作站的材料。",
    )
