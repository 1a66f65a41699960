"""留用统计 of a station: what is due, answers for several rows at once, corrections, the printed and exported list."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.registry.views.tabs import station_tabs
from stations.roster import tasks_station
from stations.roster.enums import RetentionResult
from stations.roster.forms_station import CorrectionForm, RetentionListForm
from stations.roster.models import RetentionCheck
from stations.roster.queries import retention as queries
from stations.roster.retention import finding, is_retained
from stations.roster.services import retention, retention_list

from .common import EXPORTERS, READERS, Counted, attachment, items, status_of

PER_PAGE = 50
CHOICES = (("", "暂不统计"), *RetentionResult.choices)


def fetch_station(request: UserRequest, pk: uuid.UUID) -> Station:
    """The station, or 404 for somebody else's."""
    return get_object_or_404(Station.objects.visible_to(request.user).select_related("operator"), pk=pk)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def show(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The checks of a station; its operator answers the page in one go."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        return _page(request, station)
    if request.user.role != Role.OPERATOR:
        raise PermissionDenied
    given = {
        key: retention.Answer(
            RetentionResult(value), note=request.POST.get(f"note_{key}", "").replace("\x00", "").strip()
        )
        for key, value in _given(request)
    }
    if not given:
        messages.warning(request, "还没有选择结果。请在每行选择留用、未留用或无法核实。")
        return redirect(_back(request, station))
    done = retention.answer(station=station, answers=given, by=request.user)
    if done.taken:
        messages.success(request, f"已统计 {done.taken} 人并锁定。")
    if done.refused:
        typed = {str(key): (answer.result.value, answer.note) for key, answer in given.items() if key in done.refused}
        return _page(request, station, refused=done.refused, typed=typed, status=422)
    return redirect(_back(request, station))


def _given(request: UserRequest) -> list[tuple[uuid.UUID, str]]:
    """(check, result) of the rows for which a result was chosen; what is no check or result is left out."""
    found = []
    for name, value in request.POST.items():
        if name.startswith("result_") and value in RetentionResult.values:
            try:
                found.append((uuid.UUID(name.removeprefix("result_")), str(value)))
            except ValueError:
                continue
    return found[: PER_PAGE * 2]


def _filters(request: UserRequest) -> dict[str, str]:
    shown = request.GET.get("show", "")
    result = request.GET.get("result", "")
    return {
        "show": shown if shown in queries.SHOWN else "",
        "q": request.GET.get("q", "").replace("\x00", "").strip()[:50],
        "result": result if result in RetentionResult.values else "",
    }


def _back(request: UserRequest, station: Station) -> str:
    kept = {name: value for name, value in _filters(request).items() if value}
    return f"{queries.path_of(station)}{'?' + urlencode(kept) if kept else ''}"


def _page(
    request: UserRequest,
    station: Station,
    *,
    refused: Any = None,
    typed: dict[str, tuple[str, str]] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    day, filters = today(), _filters(request)
    numbers = queries.overview(station, day)
    shown = filters["show"] or (queries.OPEN if numbers.open else queries.ALL)
    rows = queries.listed(station, shown, day, q=filters["q"], result=filters["result"])
    narrowed = filters["q"] or filters["result"]
    page = Counted(rows, PER_PAGE, None if narrowed else numbers.of(shown)).get_page(request.GET.get("page"))
    checks = list(page)
    mine = request.user.role == Role.OPERATOR
    context = {
        "station": station,
        "tabs": station_tabs(station, request.user, here="roster:retention"),
        "chips": [
            {"label": label, "url": f"?show={key}", "active": key == shown, "count": numbers.of(key)}
            for key, label in queries.SHOWN.items()
        ],
        "numbers": numbers,
        "shown": shown,
        "filters": filters,
        "page_obj": page,
        "rows": _rows(station, checks, mine, typed or {}, refused or {}),
        "choices": CHOICES,
        "results": RetentionResult.choices,
        "can_answer": mine and any(not check.locked for check in checks),
        "can_correct": request.user.role == Role.CENTRE,
        "can_export": request.user.role in EXPORTERS,
        "list_form": RetentionListForm(auto_id="list_%s"),
        "today": day,
        "problems": [{"text": text, "url": f"#result_{key}"} for key, text in (refused or {}).items()],
        **more,
    }
    return render(request, "roster/retention.html", context, status=status)


def _rows(
    station: Station,
    checks: list[RetentionCheck],
    mine: bool,
    typed: dict[str, tuple[str, str]],
    refused: dict[uuid.UUID, str],
) -> list[dict[str, Any]]:
    """Each check with what the data suggest where it is open, what was typed where it came back."""
    day = today()
    open_checks = [check for check in checks if not check.locked]
    facts, local = queries.facts_of(station, open_checks) if open_checks and mine else ({}, frozenset())
    policy = policy_on(day).policy
    found = []
    for check in checks:
        known = None
        if check.pk in facts:
            known = finding(facts[check.pk], policy=policy, as_of=day, local_employers=local)
        suggested = known.result.value if known is not None and known.result is not None else ""
        chosen, note = typed.get(str(check.pk), (suggested, ""))
        found.append(
            {
                "check": check,
                "delivery": check.delivery,
                "chosen": chosen,
                "note": note,
                "suggested": suggested,
                "month_ok": known.month_ok if known is not None else check.si_month_ok,
                "late": not check.locked and check.due_on < day,
                "counts": is_retained(check.result, check.si_month_ok),
                "refused": refused.get(check.pk, ""),
            }
        )
    return found


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(*READERS)
def check(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One result with what stood there before; the centre corrects it here, with a reason."""
    rows = RetentionCheck.objects.visible_to(request.user).select_related(
        "delivery__employer", "delivery__person", "delivery__station__operator", "employer_on_check", "checked_by"
    )
    found = get_object_or_404(rows, pk=pk, delivery__station__isnull=False)
    centre = request.user.role == Role.CENTRE
    form, refusal = (
        CorrectionForm(request.POST or None, request.FILES or None, initial={"revision": found.revision}),
        None,
    )
    if request.method == "POST" and centre and form.is_valid():
        data = form.cleaned_data
        try:
            retention.correct(
                check=found,
                result=RetentionResult(data["result"]),
                reason=data["reason"],
                revision=data["revision"],
                proof=data["proof"],
                by=request.user,
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, "已更正，原结果保留在经过中，并已告知工作站。")
            return redirect("roster:retention_check", found.pk)
    context = {
        "check": found,
        "delivery": found.delivery,
        "station": found.delivery.station,
        "form": form if centre and found.locked else None,
        "corrections": found.corrections.select_related("by", "before_employer", "after_employer", "proof"),
        "counts": is_retained(found.result, found.si_month_ok),
        "refusal": refusal,
        "problems": items(refusal),
    }
    status = 403 if request.method == "POST" and not centre else 200
    status = status_of(refusal) if refusal else 422 if form.errors and status == 200 else status
    return render(request, "roster/retention_check.html", context, status=status)


@require_POST
@allow(*EXPORTERS)
def hand_out(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """留用名册 as it is printed or as a workbook: full numbers, purpose asked, logged; a long one in the background."""
    station = fetch_station(request, pk)
    form = RetentionListForm(request.POST, auto_id="list_%s")
    if not form.is_valid():
        return _page(request, station, list_form=form, status=422)
    kind, purpose, span = form.cleaned_data["kind"], form.cleaned_data["purpose"], form.span
    if retention_list.number(station, span) > retention_list.AT_ONCE:
        job = start(
            kind="roster.retention_list",
            title=f"留用名册 {station.name}"[:100],
            by=request.user,
            task=tasks_station.make_retention_list,
            args={
                "station": str(station.pk),
                "kind": kind,
                "purpose": purpose,
                "span": [day.isoformat() if day else "" for day in span],
                "by": str(request.user.pk),
            },
            back_url=queries.path_of(station),
        )
        return redirect("jobs:detail", job.pk)
    data = retention_list.make(station=station, kind=kind, span=span, purpose=purpose, by=request.user)
    return attachment(data, retention_list.file_name(station, kind), retention_list.TYPES[kind])
