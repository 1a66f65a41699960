"""劳务对接活动: lists, an entry and its evidence, what the centre says of it."""

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
from jinhua_labor.policy.scoring import CountFact, line_score
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import ActivityKind, ActivityMode, ActivityPaperSlot, ActivityRole, ActivityState
from stations.oversight.forms.activities import ActivityForm, ConfirmForm, ReturnForm
from stations.oversight.models import Activity
from stations.oversight.queries import activities as queries
from stations.oversight.services import activities as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import READERS, Bound, Steps, attempt, fetch_station, on_station, page_of, status_of

EDITABLE = (ActivityState.SUBMITTED, ActivityState.RETURNED)


@require_GET
@allow(*READERS)
def activities(request: UserRequest) -> HttpResponse:
    """对接活动 of all stations this person sees."""
    filters = queries.ActivityFilters(*(request.GET.get(name, "").strip() for name in ("q", "kind", "state")))
    context = {
        "tabs": register_tabs(request.user, here="oversight:activities"),
        "page_obj": page_of(request, queries.activities(request.user, filters)),
        "filters": filters,
        "kinds": ActivityKind.choices,
        "states": ActivityState.choices,
    }
    return render(request, "oversight/activities.html", context)


@require_GET
@allow(*READERS)
def station_activities(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """对接活动 of a station, and what they bring in the running year."""
    station, day = fetch_station(request, pk), today()
    period = queries.running_period(station, day=day)
    count = queries.events_of(station, period)
    policy = policy_on(period.end).policy
    context = {
        **on_station(request, station, "oversight:station_activities"),
        "page_obj": page_of(
            request, queries.activities(request.user, queries.ActivityFilters()).filter(station=station)
        ),
        "period": period,
        "count": count,
        "points": line_score("C3", CountFact(count), policy=policy).points,
        "weight": policy.indicator("C3").weight,
        "may_enter": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/station_activities.html", context)


def _form_page(
    request: UserRequest, station: Station, form: ActivityForm, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    failed = refusal is not None or form.is_bound
    context = {"station": station, "form": form, "refusal": refusal, "limits": limits_text(), **more}
    context["photo_limits"] = limits_text(("jpeg", "png"))
    return render(request, "oversight/activity_form.html", context, status=status_of(refusal) if failed else 200)


def _papers(request: UserRequest) -> dict[str, list[Any]]:
    return {slot: request.FILES.getlist(f"paper_{slot}") for slot in ActivityPaperSlot.values}


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def activity_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记活动."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        initial = {"key": uuid.uuid4(), "mode": ActivityMode.ONSITE, "role": ActivityRole.HOST}
        return _form_page(request, station, ActivityForm(initial=initial, station=station))
    form = ActivityForm(request.POST, station=station)
    if not form.is_valid():
        return _form_page(request, station, form)
    entry = form.entry(_papers(request))
    row, refusal = attempt(
        lambda: services.enter(station_id=pk, entry=entry, by=request.user, key=form.cleaned_data["key"])
    )
    if refusal:
        return _form_page(request, station, form, refusal)
    messages.success(request, "活动已登记，等待区就业服务中心确认。")
    return redirect(row)


def _fetch(request: UserRequest, pk: uuid.UUID) -> Activity:
    rows = Activity.objects.visible_to(request.user).select_related("station__operator", "confirmed_by")
    return get_object_or_404(rows, pk=pk)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def activity_amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """An entry mended before it is confirmed."""
    row = _fetch(request, pk)
    if request.method == "GET":
        organisers = list(row.organisers.all())
        own = next(one for one in organisers if one.station_id == row.station_id)
        initial = {
            **{name: getattr(row, name) for name in services.WORDS},
            "key": row.pk,
            "role": own.role,
            "first": organisers[0].station_id if own.position > 1 else None,
            "joint": [one.station_id for one in organisers if one.position > own.position],
        }
        form = ActivityForm(initial=initial, station=row.station)
        return _form_page(request, row.station, form, activity=row, papers=row.papers.select_related("attachment"))
    form = ActivityForm(request.POST, station=row.station)
    more = {"activity": row, "papers": row.papers.select_related("attachment")}
    if not form.is_valid():
        return _form_page(request, row.station, form, **more)
    entry = form.entry(_papers(request))
    _, refusal = attempt(lambda: services.amend(activity_id=pk, entry=entry, by=request.user))
    if refusal:
        return _form_page(request, row.station, form, refusal, **more)
    messages.success(request, "活动已修改。")
    return redirect(row)


def _show(
    request: UserRequest, row: Activity, *, bound: Bound | None = None, refusal: Refused | None = None
) -> HttpResponse:
    bound, centre = bound or {}, request.user.role == Role.CENTRE
    context = {
        "activity": row,
        "organisers": row.organisers.select_related("station"),
        "papers": row.papers.select_related("attachment"),
        "same": queries.same_event(row, request.user),
        "counts": queries.does_count(row),
        "refusal": refusal,
        "confirm_form": (bound.get("confirm") or ConfirmForm())
        if centre and row.state == ActivityState.SUBMITTED
        else None,
        "return_form": (bound.get("return") or ReturnForm(auto_id="id_return_%s"))
        if centre and row.state in {ActivityState.SUBMITTED, ActivityState.CONFIRMED}
        else None,
        "may_amend": request.user.role == Role.OPERATOR and row.state in EDITABLE,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/activity.html", context, status=status_of(refusal) if failed else 200)


STEPS = Steps(_fetch, _show)


@require_GET
@allow(*READERS)
def activity(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return _show(request, _fetch(request, pk))


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def activity_confirm(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认."""
    return STEPS.take(
        request,
        pk,
        "confirm",
        ConfirmForm,
        lambda data: services.confirm(activity_id=pk, by=request.user, **data),
        "活动已确认。",
        auto_id="id_%s",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def activity_return(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回."""
    return STEPS.take(
        request,
        pk,
        "return",
        ReturnForm,
        lambda data: services.send_back(activity_id=pk, by=request.user, **data),
        "活动已退回。",
    )


@require_POST
@allow(Role.OPERATOR)
def activity_withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return STEPS.take(
        request,
        pk,
        "withdraw",
        PortalForm,
        lambda _data: services.withdraw(activity_id=pk, by=request.user),
        "已撤回。",
    )


@require_POST
@allow(Role.OPERATOR)
def activity_paper_remove(request: UserRequest, pk: uuid.UUID, paper: uuid.UUID) -> HttpResponse:
    """A piece of evidence taken off before it is confirmed."""
    row = _fetch(request, pk)
    _, refusal = attempt(lambda: services.remove_paper(activity_id=pk, paper_id=paper, by=request.user))
    if refusal:
        return _show(request, _fetch(request, pk), refusal=refusal)
    messages.success(request, "佐证已移除。")
    return redirect("oversight:activity_amend", pk=row.pk)
