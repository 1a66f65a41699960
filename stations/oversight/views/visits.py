"""走访检查: lists, planning, the record made on the spot, problems, 整改 and 复查."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import FindingState, VisitKind, VisitState
from stations.oversight.forms.visits import CancelForm, PhotoForm, PlanForm, RecheckForm, RecordForm, RectifyForm
from stations.oversight.models import Finding, Visit
from stations.oversight.queries import visits as queries
from stations.oversight.services import visits as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import READERS, Bound, Steps, attempt, fetch_station, on_station, page_of, status_of

PHOTOS = ("jpeg", "png")


# --- lists ------------------------------------------------------------------------------------------------------------


@require_GET
@allow(*READERS)
def visits(request: UserRequest) -> HttpResponse:
    """走访检查 of all stations this person sees; for the offices, which stations are short of visits."""
    filters = queries.VisitFilters(*(request.GET.get(name, "").strip() for name in ("q", "kind", "state")))
    day, office = today(), request.user.is_office
    context = {
        "tabs": register_tabs(request.user, here="oversight:visits"),
        "page_obj": page_of(request, queries.visits(request.user, filters)),
        "filters": filters,
        "kinds": VisitKind.choices,
        "states": VisitState.choices if office or request.user.role == Role.AUDITOR else (),
        "short": list(queries.stations_short(request.user, day=day)[:10]) if office else [],
        "wanted": policy_on(day).policy.settings.visit_min_per_year,
        "year": day.year,
        "may_visit": request.user.role == Role.CENTRE,
    }
    return render(request, "oversight/visits.html", context)


@require_GET
@allow(*READERS)
def findings(request: UserRequest) -> HttpResponse:
    """问题整改, what is due first on top."""
    filters, day = queries.FindingFilters(*(request.GET.get(name, "").strip() for name in ("q", "state"))), today()
    page = page_of(request, queries.findings(request.user, filters, day=day))
    context = {
        "tabs": register_tabs(request.user, here="oversight:findings"),
        "page_obj": page,
        "rows": [{"row": row, "overdue": queries.overdue_of(row, day=day)} for row in page.object_list],
        "filters": filters,
        "states": [(queries.OVERDUE, "逾期未整改"), *FindingState.choices],
        "names": queries.line_names(day),
    }
    return render(request, "oversight/findings.html", context)


@require_GET
@allow(*READERS)
def station_visits(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """走访与整改 of a station."""
    station, day = fetch_station(request, pk), today()
    rows = queries.visits(request.user, queries.VisitFilters()).filter(station=station)
    open_ = Finding.objects.visible_to(request.user).filter(station=station).unsettled()
    context = {
        **on_station(request, station, "oversight:station_visits"),
        "page_obj": page_of(request, rows),
        "findings": [{"row": row, "overdue": queries.overdue_of(row, day=day)} for row in open_],
        "lacking": queries.visits_lacking(station, year=day.year) if request.user.is_office else 0,
        "wanted": policy_on(day).policy.settings.visit_min_per_year,
        "year": day.year,
        "may_visit": request.user.role == Role.CENTRE,
    }
    return render(request, "oversight/station_visits.html", context)


# --- planning and recording -------------------------------------------------------------------------------------------


def _page(
    request: UserRequest, template: str, station: Station, form: PortalForm, refusal: Refused | None, **more: Any
) -> HttpResponse:
    context = {"station": station, "form": form, "refusal": refusal, "limits": limits_text(PHOTOS), **more}
    failed = refusal is not None or form.is_bound
    return render(request, template, context, status=status_of(refusal) if failed else 200)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def visit_plan(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """计划走访."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        form = PlanForm(initial={"key": uuid.uuid4(), "lead": request.user.pk, "planned_on": today()})
        return _page(request, "oversight/visit_plan.html", station, form, None)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _page(request, "oversight/visit_plan.html", station, form, None)
    data = {**form.cleaned_data, "kind": VisitKind(form.cleaned_data["kind"])}
    row, refusal = attempt(lambda: services.plan(station_id=pk, by=request.user, **data))
    if refusal:
        return _page(request, "oversight/visit_plan.html", station, form, refusal)
    messages.success(request, f"已列入计划，编号{row.number}。")
    return redirect(row)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def visit_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记走访 that was not planned."""
    station, day = fetch_station(request, pk), today()
    if request.method == "GET":
        initial = {"key": uuid.uuid4(), "lead": request.user.pk, "visited_on": day, "place": station.address}
        return _page(request, "oversight/visit_record.html", station, RecordForm(initial=initial, day=day), None)
    form = RecordForm(request.POST, day=day)
    if not form.is_valid():
        return _page(request, "oversight/visit_record.html", station, form, None)
    seen = form.seen(request.FILES.getlist("photos"))
    row, refusal = attempt(
        lambda: services.record_adhoc(
            station_id=pk,
            kind=VisitKind(form.cleaned_data["kind"]),
            seen=seen,
            by=request.user,
            key=form.cleaned_data["key"],
        )
    )
    if refusal:
        return _page(request, "oversight/visit_record.html", station, form, refusal)
    messages.success(request, f"走访已登记，编号{row.number}。")
    return redirect(row)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Visit:
    rows = Visit.objects.visible_to(request.user).select_related("station__operator", "lead", "second", "recorded_by")
    return get_object_or_404(rows, pk=pk)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def visit_record(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The record of a planned visit."""
    visit, day = _fetch(request, pk), today()
    if request.method == "GET":
        if visit.state != VisitState.PLANNED:
            return redirect(visit)
        initial = {
            "key": visit.pk,
            "kind": visit.kind,
            "lead": visit.lead_id,
            "second": visit.second_id,
            "visited_on": day,
            "place": visit.station.address,
        }
        return _page(
            request,
            "oversight/visit_record.html",
            visit.station,
            RecordForm(initial=initial, day=day),
            None,
            visit=visit,
        )
    form = RecordForm(request.POST, day=day)
    if not form.is_valid():
        return _page(request, "oversight/visit_record.html", visit.station, form, None, visit=visit)
    seen = form.seen(request.FILES.getlist("photos"))
    kind = VisitKind(form.cleaned_data["kind"])
    _, refusal = attempt(lambda: services.record_planned(visit_id=pk, kind=kind, seen=seen, by=request.user))
    if refusal:
        return _page(request, "oversight/visit_record.html", visit.station, form, refusal, visit=visit)
    messages.success(request, "走访记录已登记。")
    return redirect(visit)


# --- one visit --------------------------------------------------------------------------------------------------------


def _show(
    request: UserRequest, visit: Visit, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    bound, day = bound or {}, today()
    centre = request.user.role == Role.CENTRE
    names = queries.line_names(visit.visited_on or day)
    context = {
        "visit": visit,
        "refusal": refusal,
        "checks": [{"row": row, "name": names.get(row.line, row.line)} for row in visit.checks.all()],
        "findings": [{"row": row, "overdue": queries.overdue_of(row, day=day)} for row in visit.findings.all()],
        "photos": visit.photos.select_related("attachment"),
        "is_operator": request.user.role == Role.OPERATOR,
        "cancel_form": (bound.get("cancel") or CancelForm(auto_id="id_cancel_%s"))
        if centre and visit.state == VisitState.PLANNED
        else None,
        "photo_form": (bound.get("photo") or PhotoForm()) if centre and visit.state == VisitState.DONE else None,
        "limits": limits_text(PHOTOS),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/visit.html", context, status=status_of(refusal) if failed else 200)


VISIT = Steps(_fetch, _show)


@require_GET
@allow(*READERS)
def visit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def visit_cancel(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return VISIT.take(
        request,
        pk,
        "cancel",
        CancelForm,
        lambda data: services.cancel(visit_id=pk, by=request.user, **data),
        "走访已取消。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def visit_photo(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One more photograph."""
    return VISIT.take(
        request,
        pk,
        "photo",
        PhotoForm,
        lambda data: services.add_photo(visit_id=pk, by=request.user, **data),
        "照片已添加。",
        auto_id="id_%s",
    )


# --- one problem ------------------------------------------------------------------------------------------------------


def _finding(request: UserRequest, pk: uuid.UUID) -> Finding:
    rows = Finding.objects.visible_to(request.user)
    rows = rows.select_related("station__operator", "visit", "change", "raised_by")
    return get_object_or_404(rows, pk=pk)


def _show_finding(
    request: UserRequest, row: Finding, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    bound, day, user = bound or {}, today(), request.user
    mine = user.role == Role.OPERATOR and user.organisation_id == row.station.operator_id
    context = {
        "finding": row,
        "line": queries.line_names(day).get(row.line, ""),
        "overdue": queries.overdue_of(row, day=day),
        "rounds": row.rectifications.select_related("submitted_by", "checked_by").prefetch_related(
            "papers__attachment"
        ),
        "refusal": refusal,
        "rectify_form": (bound.get("rectify") or RectifyForm(initial={"done_on": day}))
        if mine and row.state == FindingState.OPEN
        else None,
        "recheck_form": (bound.get("recheck") or RecheckForm())
        if user.role == Role.CENTRE and row.state == FindingState.ANSWERED
        else None,
        "is_operator": user.role == Role.OPERATOR,
        "limits": limits_text(),
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/finding.html", context, status=status_of(refusal) if failed else 200)


FINDING = Steps(_finding, _show_finding)


@require_GET
@allow(*READERS)
def finding(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show_finding(request, _finding(request, pk))


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def finding_rectify(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提交整改."""
    if _finding(request, pk).station.operator_id != request.user.organisation_id:
        raise Http404
    papers = request.FILES.getlist("papers")
    return FINDING.take(
        request,
        pk,
        "rectify",
        RectifyForm,
        lambda data: services.rectify(finding_id=pk, papers=papers, by=request.user, **data),
        "整改已提交，等待复查。",
        auto_id="id_%s",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def finding_recheck(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记复查."""
    return FINDING.take(
        request,
        pk,
        "recheck",
        RecheckForm,
        lambda data: services.recheck(finding_id=pk, by=request.user, **data),
        "复查已登记。",
        auto_id="id_%s",
    )
