"""满意度调查 for those who work with it: the list, a station's surveys, one survey with its cards."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.surveys import queries, rules, services
from assessments.surveys.enums import LINES, QUESTIONS, Kind
from assessments.surveys.forms import OpenForm, PrintForm
from assessments.surveys.models import Survey
from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.oversight.views.common import PAGE, READERS, as_file, attempt, fetch_station, on_station, status_of
from stations.registry.views.tabs import register_tabs

OFFICES = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@require_GET
@allow(*OFFICES)
def index(request: UserRequest) -> HttpResponse:
    """满意度调查 of all stations, and the years that still need one."""
    filters = queries.SurveyFilters(*(request.GET.get(name, "").strip() for name in ("q", "kind", "state")))
    page = Paginator(queries.surveys(request.user, filters), PAGE).get_page(request.GET.get("page"))
    owed = queries.owed(day=today()) if request.user.role in OFFICE_ROLES else []
    context = {
        "tabs": register_tabs(request.user, here="surveys:index"),
        "page_obj": page,
        "rows": queries.progress_of(page.object_list),
        "filters": filters,
        "kinds": Kind.choices,
        "states": [(queries.OPEN, "进行中"), (queries.CLOSED, "已结束")],
        "owed": owed[:PAGE],
        "owed_more": max(0, len(owed) - PAGE),
        "may_open": request.user.role == Role.CENTRE,
    }
    return render(request, "surveys/index.html", context)


@require_GET
@allow(*READERS)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """满意度 of a station; its own people read what was closed: rate, sample and points."""
    row = fetch_station(request, pk)
    office = request.user.role != Role.OPERATOR
    rows = Survey.objects.visible_to(request.user).filter(station=row).select_related("station")
    page = Paginator(rows.order_by("-period_no", "-kind"), PAGE).get_page(request.GET.get("page"))
    context = {
        **on_station(request, row, "surveys:station"),
        "page_obj": page,
        "rows": queries.progress_of(page.object_list),
        "owed": queries.owed(day=today(), station=row) if office else [],
        "is_operator": not office,
        "may_open": request.user.role == Role.CENTRE,
    }
    return render(request, "surveys/station.html", context)


@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def open_year(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """开展调查 of a year: says first how many will be drawn, then draws them."""
    row, day = fetch_station(request, pk), today()
    period = queries.year_of(row, number, on=day)
    if period is None:
        return redirect("surveys:station", pk=pk)
    settings = policy_on(period.end).policy.settings
    days = rules.closing_range(day, settings=settings)
    form = OpenForm(request.POST or None, initial={"number": number, "closes_on": days[0]}, days=days)
    refusal = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _, refusal = attempt(
            lambda: services.open_surveys(station_id=pk, number=number, closes_on=data["closes_on"], by=request.user)
        )
        if refusal is None:
            messages.success(request, "样本已抽取。下一步：打印二维码卡和发放名单，由中心发到本人手中。")
            return redirect("surveys:station", pk=pk)
    people = queries.population(row, period)
    numbers = {Kind.WORKERS: len(people.workers), Kind.EMPLOYERS: len(people.employers)}
    context = {
        "station": row,
        "period": period,
        "form": form,
        "days": days,
        "refusal": refusal or _too_early(period, day, settings),
        "frozen": people.frozen,
        "draws": [
            {
                "label": kind.label,
                "population": number,
                "required": rules.required(kind, number, settings=settings),
                "cards": rules.cards(kind, number, settings=settings),
            }
            for kind, number in numbers.items()
        ],
    }
    status = 200 if request.method == "GET" else status_of(refusal)
    return render(request, "surveys/open.html", context, status=status)


def _too_early(period: Any, day: Any, settings: Any) -> Refused | None:
    problem = rules.opening_problem(period, on=day, settings=settings)
    return Refused(problem) if problem else None


@never_cache
@require_GET
@allow(*OFFICES)
def survey(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


def _fetch(request: UserRequest, pk: uuid.UUID) -> Survey:
    rows = Survey.objects.visible_to(request.user).select_related("station__operator", "drawn_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: UserRequest,
    row: Survey,
    *,
    bound: dict[str, PrintForm] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    bound = bound or {}
    running = not row.is_closed and row.closes_on >= today()
    may_print = running and request.user.role == Role.CENTRE
    context = {
        "survey": row,
        "progress": queries.progress_of([row])[0],
        "running": running,
        "findings": queries.findings(row, user=request.user, questions=QUESTIONS[row.kind]),
        "line": LINES[Kind(row.kind)],
        "refusal": refusal,
        "is_office": request.user.is_office,
        "cards_form": bound.get("cards") or _print_form(row, "cards") if may_print else None,
        "handout_form": bound.get("handout") or _print_form(row, "handout") if may_print else None,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "surveys/survey.html", context, status=status_of(refusal) if failed else 200)


def _print_form(row: Survey, name: str, data: Any = None) -> PrintForm:
    return PrintForm(data, parts=services.parts(row), auto_id=f"id_{name}_%s")


def _print(request: UserRequest, pk: uuid.UUID, name: str, make: Any) -> HttpResponse:
    row = _fetch(request, pk)
    form = _print_form(row, name, request.POST)
    if not form.is_valid():
        return _show(request, row, bound={name: form})
    made, refusal = attempt(
        lambda: make(
            survey_id=pk, part=form.cleaned_data["part"], purpose=form.cleaned_data["purpose"], by=request.user
        )
    )
    if refusal:
        return _show(request, row, refusal=refusal)
    return as_file(made.content, "application/pdf", made.name)


@never_cache
@require_POST
@allow(Role.CENTRE)
def cards(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """打印二维码卡."""
    return _print(request, pk, "cards", services.print_cards)


@never_cache
@require_POST
@allow(Role.CENTRE)
def handout(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """打印发放名单."""
    return _print(request, pk, "handout", services.print_handout)
