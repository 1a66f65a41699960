"""投诉: the public page and its status, lists, one complaint with what each person may do."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed, public
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.forms import PortalForm
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ComplaintChannel, ComplaintState, Verdict
from stations.oversight.forms.safety import (
    CloseForm,
    ComplainForm,
    ExplainForm,
    RegisterForm,
    StatusForm,
    TellForm,
    TransferForm,
    VerifyForm,
)
from stations.oversight.models import Accident, Complaint
from stations.oversight.queries import safety as queries
from stations.oversight.rules.complaints import counts, lateness
from stations.oversight.services import complaints as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs
from stations.roster.forms import PurposeForm

from .common import READERS, Bound, Steps, attempt, fetch_station, on_station, page_of, status_of

TOO_MANY = 429


# --- for everyone -----------------------------------------------------------------------------------------------------


@public
@never_cache
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """投诉: a few an hour from one address; the code stands on the answer and nowhere else."""
    if request.method == "GET":
        initial: dict[str, Any] = {"key": uuid.uuid4()}
        number = request.GET.get("station", "")
        if number:
            initial["station"] = Station.objects.public().filter(number=number).first()
        return _complain(request, ComplainForm(initial=initial))
    form = ComplainForm(request.POST)
    if not form.is_valid():
        return _complain(request, form, status=422)
    if not ratelimit.consume(request, action="complaint"):
        slow = Refused("从您的网络提交的投诉过多，请一小时后再试，或直接向区就业服务中心反映。")
        return _complain(request, form, refusal=slow, status=TOO_MANY)
    received = services.complain(heard=form.heard(), key=form.cleaned_data["key"])
    return render(request, "oversight/complained.html", {"complaint": received.complaint, "code": received.code})


def _complain(
    request: HttpRequest, form: ComplainForm, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    settings = policy_on(today()).policy.settings
    context = {
        "form": form,
        "refusal": refusal,
        "notify_days": settings.complaint_notify_days,
        "finish_days": settings.complaint_finish_days,
    }
    return render(request, "oversight/complain.html", context, status=status)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def complaint_status(request: HttpRequest) -> HttpResponse:
    """查询投诉: the code goes in the body, never in an address; every code that finds nothing gets one answer."""
    form, status = StatusForm(), 200
    context: dict[str, Any] = {"found": None, "asked": False, "refusal": None}
    if request.method == "POST":
        if ratelimit.consume(request, action="complaint_status"):
            context |= {"asked": True, "found": queries.by_code(request.POST.get("code", "")[:100])}
        else:
            status, context["refusal"] = TOO_MANY, Refused("查询过于频繁，请稍后再试。")
    return render(request, "oversight/complaint_status.html", {"form": form, **context}, status=status)


# --- lists ------------------------------------------------------------------------------------------------------------


def _rows(rows: Any) -> list[dict[str, Any]]:
    day = today()
    return [{"row": row, "due": queries.due_of(row, day=day), "counts": counts(row.verdict)} for row in rows]


@require_GET
@allow(*READERS)
def complaints(request: UserRequest) -> HttpResponse:
    """投诉 of all stations this person sees."""
    filters = queries.ComplaintFilters(*(request.GET.get(name, "").strip() for name in ("q", "channel", "state")))
    page = page_of(request, queries.complaints(request.user, filters, day=today()))
    context = {
        "tabs": register_tabs(request.user, here="oversight:complaints"),
        "page_obj": page,
        "rows": _rows(page.object_list),
        "filters": filters,
        "channels": ComplaintChannel.choices if request.user.role != Role.OPERATOR else (),
        "states": [(queries.OVERDUE, "逾期"), *ComplaintState.choices, *Verdict.choices],
        "may_register": request.user.role == Role.CENTRE,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/complaints.html", context)


@require_GET
@allow(*READERS)
def station_safety(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """投诉与事故 of a station, with what they lead to before anyone scores."""
    station, day = fetch_station(request, pk), today()
    rows = queries.complaints(request.user, queries.ComplaintFilters(), day=day).filter(station=station)
    page = page_of(request, rows)
    context = {
        **on_station(request, station, "oversight:station_safety"),
        "outlook": queries.outlook(station, day=day),
        "page_obj": page,
        "rows": _rows(page.object_list),
        "accidents": Accident.objects.visible_to(request.user).filter(station=station).select_related("employer"),
        "may_register": request.user.role == Role.CENTRE,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/station_safety.html", context)


# --- registering ------------------------------------------------------------------------------------------------------


@never_cache
@keeps_typed("channel", "received_on", "from_kind", "station", "content")
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def complaint_new(request: UserRequest) -> HttpResponse:
    """登记投诉 heard by telephone, at the counter or handed on; the code is shown once, for its author."""
    if request.method == "GET":
        initial: dict[str, Any] = {"key": uuid.uuid4(), "received_on": today()}
        number = request.GET.get("station", "")
        if number:
            initial["station"] = Station.objects.visible_to(request.user).filter(number=number).first()
        return render(request, "oversight/complaint_new.html", {"form": RegisterForm(initial=initial)})
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return render(request, "oversight/complaint_new.html", {"form": form}, status=422)
    received, refusal = attempt(
        lambda: services.register(
            heard=form.heard(),
            channel=ComplaintChannel(form.cleaned_data["channel"]),
            received_on=form.cleaned_data["received_on"],
            key=form.cleaned_data["key"],
            by=request.user,
        )
    )
    if refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "oversight/complaint_new.html", context, status=status_of(refusal))
    if not received.code:
        return redirect(received.complaint)
    context = {"complaint": received.complaint, "code": received.code}
    return render(request, "oversight/complaint_registered.html", context)


# --- one complaint ----------------------------------------------------------------------------------------------------


def _fetch(request: UserRequest, pk: uuid.UUID) -> Complaint:
    rows = Complaint.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("station__operator", "told_by", "answered_by", "verified_by", "closed_by"), pk=pk
    )


def _show(
    request: UserRequest,
    row: Complaint,
    *,
    bound: Bound | None = None,
    refusal: Refused | None = None,
    revealed: services.Complainant | None = None,
) -> HttpResponse:
    bound, day, user = bound or {}, today(), request.user
    centre, operator = user.role == Role.CENTRE, user.role == Role.OPERATOR
    state = row.state
    telling = centre and state == ComplaintState.REGISTERED
    verifying = centre and state in (ComplaintState.TOLD, ComplaintState.VERIFIED)
    closing = centre and state == ComplaintState.VERIFIED
    explaining = operator and state == ComplaintState.TOLD and not row.answered_at
    transferring = centre and state != ComplaintState.CLOSED and not row.transferred_on
    context = {
        "complaint": row,
        "refusal": refusal,
        "due": queries.due_of(row, day=day),
        "late": lateness(queries.fact_of(row)),
        "counts": counts(row.verdict),
        "outlook": queries.outlook(row.station, day=day) if row.station else None,
        "is_operator": operator,
        "revealed": revealed,
        "tell_form": _form(
            bound, "tell", TellForm, telling, told_on=day, station=row.station_id, shown=row.content
        ),
        "explain_form": _form(bound, "explain", ExplainForm, explaining),
        "verify_form": _form(
            bound, "verify", VerifyForm, verifying, verified_on=row.verified_on or day, verdict=row.verdict,
            finding=row.finding, against_rights=row.against_rights, severe=row.severe,
        ),
        "transfer_form": _form(bound, "transfer", TransferForm, transferring, transferred_on=day),
        "close_form": _form(bound, "close", CloseForm, closing, closed_on=day),
        "purpose_form": _form(bound, "reveal", PurposeForm, user.is_office and not revealed),
    }  # fmt: skip
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/complaint.html", context, status=status_of(refusal) if failed else 200)


def _form(bound: Bound, name: str, kind: type[PortalForm], may: object, **initial: Any) -> PortalForm | None:
    if not may:
        return None
    return bound.get(name) or kind(initial=initial, auto_id=f"id_{name}_%s")


@never_cache
@require_GET
@allow(*READERS)
def complaint(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


STEPS = Steps(_fetch, _show)


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def complaint_tell(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记告知."""
    return STEPS.take(
        request,
        pk,
        "tell",
        TellForm,
        lambda data: services.tell(complaint_id=pk, by=request.user, **data),
        "已登记告知；写明站点的，已请站点说明情况。",
    )


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def complaint_explain(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """提交情况说明."""
    return STEPS.take(
        request,
        pk,
        "explain",
        ExplainForm,
        lambda data: services.explain(complaint_id=pk, by=request.user, **data),
        "情况说明已提交。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def complaint_verify(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记核实."""
    return STEPS.take(
        request,
        pk,
        "verify",
        VerifyForm,
        lambda data: services.verify(complaint_id=pk, by=request.user, **data),
        "核实结果已登记。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def complaint_transfer(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记转劳动保障监察."""
    return STEPS.take(
        request,
        pk,
        "transfer",
        TransferForm,
        lambda data: services.transfer(complaint_id=pk, by=request.user, **data),
        "已登记转劳动保障监察。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def complaint_close(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """答复办结."""
    return STEPS.take(
        request,
        pk,
        "close",
        CloseForm,
        lambda data: services.close(complaint_id=pk, by=request.user, **data),
        "投诉已办结，持查询码的人可以看到答复。",
    )


@never_cache
@require_POST
@allow(Role.CENTRE, Role.BUREAU)
def complaint_reveal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Who complained, on this one answer, after the purpose is in the journal."""
    row, form = _fetch(request, pk), PurposeForm(request.POST, auto_id="id_reveal_%s")
    if not form.is_valid():
        return _show(request, row, bound={"reveal": form})
    person = services.reveal(complaint_id=pk, purpose=form.cleaned_data["purpose"], by=request.user)
    return _show(request, row, revealed=person)
