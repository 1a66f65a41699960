"""变更报备: the list, a station's 专人 and changes, the report and its page, what each side does with it."""

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
from stations.oversight.enums import ChangeKind, ChangeState
from stations.oversight.forms.changes import ChangeForm, FileForm, HandoverForm, ReturnForm
from stations.oversight.models import ChangeReport
from stations.oversight.queries import changes as queries
from stations.oversight.queries.activities import running_period
from stations.oversight.services import changes as services
from stations.oversight.services import handing_over
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import READERS, Bound, Steps, attempt, fetch_station, on_station, page_of, status_of
from .takeover_panel import panel


@require_GET
@allow(*READERS)
def changes(request: UserRequest) -> HttpResponse:
    """变更报备 of all stations this person sees."""
    filters = queries.ChangeFilters(*(request.GET.get(name, "").strip() for name in ("q", "kind", "state", "late")))
    page = page_of(request, queries.listed(request.user, filters))
    context = {
        "tabs": register_tabs(request.user, here="oversight:changes"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, request.user)} for row in page.object_list],
        "filters": filters,
        "kinds": ChangeKind.choices,
        "states": ChangeState.choices,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/changes.html", context)


@require_GET
@allow(*READERS)
def station_changes(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """专人与变更 of a station: who serves, the days nobody did, every change and what it counts."""
    station, day = fetch_station(request, pk), today()
    liaisons = list(station.liaisons.all())
    period = running_period(station, day=day)
    serving = queries.liaison_on(station, day)
    settings = policy_on(day).policy.settings
    rows = ChangeReport.objects.visible_to(request.user).filter(station=station)
    page = page_of(request, rows.select_related("operator", "new_operator", "review"))
    context = {
        **on_station(request, station, "oversight:station_changes"),
        "liaison": serving,
        "liaisons": liaisons,
        "gaps": [
            {"gap": gap, "long": gap.is_long(settings=settings)} for gap in queries.station_gaps(station, day=day)
        ],
        "elsewhere": queries.same_person_elsewhere(station, name=serving.name, phone=serving.phone, day=day)
        if serving and request.user.is_office
        else [],
        "period": period,
        "late": queries.late_changes(station, period),
        "deduct": policy_on(day).policy.indicator("A3").deduct,
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, request.user)} for row in page.object_list],
        "may_report": request.user.role == Role.OPERATOR and request.user.organisation_id == station.operator_id,
        "may_find": request.user.role == Role.CENTRE,
        "kinds": ChangeKind.choices,
    }
    return render(request, "oversight/station_changes.html", context)


def _kind(request: UserRequest, *, found: bool) -> str:
    kind = (request.POST or request.GET).get("kind", "")
    if kind not in ChangeKind.values or (found and kind == ChangeKind.OPERATOR):
        return ""
    return kind


def _form_page(
    request: UserRequest, station: Station, form: ChangeForm | None, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    failed = refusal is not None or (form is not None and form.is_bound)
    context = {
        "station": station,
        "form": form,
        "refusal": refusal,
        "kind_label": ChangeKind(form.kind).label if form else "",
        "now": queries.present(station, form.kind, day=today()) if form else {},
        "now_rows": _now(station, form.kind) if form else [],
        "limits": limits_text(),
        "kinds": ChangeKind.choices,
        **more,
    }
    return render(request, "oversight/change_form.html", context, status=status_of(refusal) if failed else 200)


def _now(station: Station, kind: str) -> list[tuple[str, str]]:
    there = queries.present(station, kind, day=today())
    return [(label, there[name]) for name, label in queries.FIELDS[kind] if there.get(name)]


@keeps_typed("reason", "effective_on")
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def change_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """报备变更: first what, then the form of that kind."""
    station, kind = fetch_station(request, pk), _kind(request, found=False)
    if not kind:
        return _form_page(request, station, None)
    if request.method == "GET":
        return _form_page(request, station, ChangeForm(initial={"key": uuid.uuid4()}, station=station, kind=kind))
    form = ChangeForm(request.POST, request.FILES, station=station, kind=kind)
    if not form.is_valid():
        return _form_page(request, station, form)
    change, refusal = attempt(
        lambda: services.report(
            station_id=pk,
            kind=ChangeKind(kind),
            content=form.content(),
            by=request.user,
            key=form.cleaned_data["key"],
        )
    )
    if refusal:
        return _form_page(request, station, form, refusal)
    messages.success(request, f"已报备，编号{change.number}。")
    return redirect(change)


@keeps_typed("reason", "effective_on")
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def change_found(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """登记未报备的变更, found by the centre."""
    station, kind = fetch_station(request, pk), _kind(request, found=True)
    if not kind:
        return _form_page(request, station, None, found=True)
    if request.method == "GET":
        form = ChangeForm(initial={"key": uuid.uuid4()}, station=station, kind=kind, found=True)
        return _form_page(request, station, form, found=True)
    form = ChangeForm(request.POST, station=station, kind=kind, found=True)
    if not form.is_valid():
        return _form_page(request, station, form, found=True)
    content = form.content()
    change, refusal = attempt(
        lambda: services.record_found(
            station_id=pk,
            kind=ChangeKind(kind),
            new=content.new,
            reason=content.reason,
            effective_on=content.effective_on,
            by=request.user,
            key=form.cleaned_data["key"],
        )
    )
    if refusal:
        return _form_page(request, station, form, refusal, found=True)
    messages.success(request, f"已登记，编号{change.number}。")
    return redirect(change)


# --- one change -------------------------------------------------------------------------------------------------------


def fetch(request: UserRequest, pk: uuid.UUID) -> ChangeReport:
    """The change, or 404 for somebody else's."""
    rows = ChangeReport.objects.visible_to(request.user).select_related(
        "station__operator", "operator", "new_operator", "review", "filed_by", "submitted_by", "accepted_by"
    )
    return get_object_or_404(rows, pk=pk)


def show(
    request: UserRequest,
    change: ChangeReport,
    *,
    bound: Bound | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    """The page of a change with what this person may do now; forms of a failed post stand in `bound`."""
    user, bound = request.user, bound or {}
    unit = user.organisation_id if user.role == Role.OPERATOR else None
    mine = unit is not None and unit == change.operator_id
    at_centre = user.role == Role.CENTRE and change.state == ChangeState.SUBMITTED and change.review is None
    hands_over = (
        unit in {change.operator_id, change.new_operator_id}
        and unit is not None
        and change.state == ChangeState.FILED
        and change.needs_handover
        and change.handover_on is None
    )
    context = {
        "change": change,
        # The unit that takes over does not see the station yet, the former one no longer.
        "opens_station": Station.objects.visible_to(user).filter(pk=change.station_id).exists(),
        "pill": queries.shown_state(change, user),
        "content": queries.rows_of(change),
        "papers": change.papers.filter(superseded_at__isnull=True).select_related("attachment"),
        "findings": change.findings.all(),
        "refusal": refusal,
        "file_form": (bound.get("file") or FileForm(initial={"answer": "同意备案。"})) if at_centre else None,
        "return_form": (bound.get("return") or ReturnForm(auto_id="id_return_%s")) if at_centre else None,
        "handover_form": (bound.get("handover") or HandoverForm()) if hands_over else None,
        "may_amend": mine and change.state == ChangeState.RETURNED,
        "may_withdraw": mine and change.is_open,
        "late_handover": bool(
            change.handover_due_on and change.handover_on is None and change.state == ChangeState.FILED
            and change.handover_due_on < today()
        ),
        "limits": limits_text(),
        **panel(request, change, bound),
    }  # fmt: skip
    failed = refusal is not None or bool(bound)
    return render(request, "oversight/change.html", context, status=status_of(refusal) if failed else 200)


STEPS = Steps(fetch, show)


@require_GET
@allow(*READERS)
def change(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    return show(request, fetch(request, pk))


@keeps_typed("reason", "effective_on")
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def change_amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A returned report, mended."""
    row = fetch(request, pk)
    if row.operator_id != request.user.organisation_id:
        raise Http404
    more = {"change": row}
    if request.method == "GET":
        initial = {
            **row.new,
            "key": row.pk,
            "reason": row.reason,
            "effective_on": row.effective_on,
            "old_account": row.old_account_id,
            "new_account": row.new_account_id,
            "agreement_from": row.agreement_from,
            "agreement_to": row.agreement_to,
            "credit_code": row.new_operator.credit_code if row.new_operator else "",
        }
        form = ChangeForm(initial=initial, station=row.station, kind=row.kind, change=row)
        return _form_page(request, row.station, form, **more)
    form = ChangeForm(request.POST, request.FILES, station=row.station, kind=row.kind, change=row)
    if not form.is_valid():
        return _form_page(request, row.station, form, **more)
    _, refusal = attempt(lambda: services.amend(change_id=pk, content=form.content(), by=request.user))
    if refusal:
        return _form_page(request, row.station, form, refusal, **more)
    messages.success(request, "已修改并重新报备。")
    return redirect(row)


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def change_withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    if fetch(request, pk).operator_id != request.user.organisation_id:
        raise Http404
    return STEPS.take(
        request,
        pk,
        "withdraw",
        PortalForm,
        lambda _data: services.withdraw(change_id=pk, by=request.user),
        "已撤回。",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def change_file(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """备案."""
    return STEPS.take(
        request,
        pk,
        "file",
        FileForm,
        lambda data: services.file(change_id=pk, answer=data["answer"], by=request.user),
        "已备案。",
        auto_id="id_%s",
    )


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def change_return(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回修改."""
    return STEPS.take(
        request,
        pk,
        "return",
        ReturnForm,
        lambda data: services.send_back(change_id=pk, answer=data["answer"], by=request.user),
        "已退回。",
    )


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def change_handover(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """工作交接清单."""
    row = fetch(request, pk)
    if request.user.organisation_id not in {row.operator_id, row.new_operator_id}:
        raise Http404
    return STEPS.take(
        request,
        pk,
        "handover",
        HandoverForm,
        lambda data: handing_over.hand_over(change_id=pk, by=request.user, **data),
        "工作交接已登记。",
        auto_id="id_%s",
    )
