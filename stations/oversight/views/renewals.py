"""续期: the list, a station's term with what was asked before, the short application and its 补正."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.attachments.reading import limits_text
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RenewalState
from stations.oversight.forms.renewals import NOTHING, SOMETHING, RenewalForm
from stations.oversight.models import Renewal
from stations.oversight.queries import renewals as queries
from stations.oversight.rules.renewals import window
from stations.oversight.services import renewals as services
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs

from .common import READERS, attempt, fetch_station, on_station, page_of, status_of
from .renewal_steps import fetch

OFFICES = (Role.CENTRE, Role.BUREAU)


@require_GET
@allow(*READERS)
def renewals(request: UserRequest) -> HttpResponse:
    """续期 of all stations this person sees."""
    filters = queries.RenewalFilters(*(request.GET.get(name, "").strip() for name in ("q", "state")))
    page = page_of(request, queries.listed(request.user, filters))
    context = {
        "tabs": register_tabs(request.user, here="oversight:renewals"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, request.user)} for row in page.object_list],
        "filters": filters,
        "states": RenewalState.choices,
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "oversight/renewals.html", context)


@require_GET
@allow(*READERS)
def station_renewals(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """经营期限 of a station: until when, from when a renewal may be asked for, what was asked before."""
    station, user, day = fetch_station(request, pk), request.user, today()
    rows = Renewal.objects.visible_to(user).filter(station=station)
    page = page_of(request, rows.select_related("station", "operator", "review", "document"))
    standing = _standing(station)
    mine = user.role == Role.OPERATOR and user.organisation_id == station.operator_id
    context = {
        **on_station(request, station, "oversight:station_renewals"),
        "page_obj": page,
        "rows": [{"row": row, "pill": queries.shown_state(row, user)} for row in page.object_list],
        **standing,
        "days_left": (station.term_to - day).days,
        "may_ask": mine and not standing["problems"] and not standing["open"],
        "mine": mine,
    }
    return render(request, "oversight/station_renewals.html", context)


def _standing(station: Station) -> dict[str, Any]:
    """Whether a renewal may be asked for today: what is open, what stands in the way, from when and until when."""
    day = today()
    opens, closes = window(station.term_to, settings=policy_on(day).policy.settings)
    return {
        "open": station.renewals.open().first(),
        "problems": queries.asking_problems(station, day=day),
        "opens": opens,
        "closes": closes,
    }


def _form_page(
    request: UserRequest,
    station: Station,
    form: RenewalForm,
    refusal: Refused | None = None,
    renewal: Renewal | None = None,
) -> HttpResponse:
    failed = refusal is not None or form.is_bound
    context = {"station": station, "form": form, "refusal": refusal, "renewal": renewal, "limits": limits_text()}
    return render(request, "oversight/renewal_form.html", context, status=status_of(refusal) if failed else 200)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def renewal_new(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """申请续期; where none may be asked for now the page says why, and until when that holds."""
    station = fetch_station(request, pk)
    if request.method == "GET":
        standing = _standing(station)
        if standing["open"] or standing["problems"]:
            return render(request, "oversight/renewal_closed.html", {"station": station, **standing})
        earlier = queries.last_agreement(station)
        initial = {"key": uuid.uuid4(), "party": earlier.party if earlier else station.partner_name}
        return _form_page(request, station, RenewalForm(initial=initial))
    form = RenewalForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, station, form)
    row, refusal = attempt(
        lambda: services.submit(station_id=pk, content=form.content(), by=request.user, key=form.cleaned_data["key"])
    )
    if refusal:
        return _form_page(request, station, form, refusal)
    messages.success(request, f"已提交续期申请，受理编号{row.number}。")
    return redirect(row)


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.OPERATOR)
def renewal_amend(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """补正."""
    row = fetch(request, pk)
    if row.operator_id != request.user.organisation_id:
        raise Http404
    if row.state != RenewalState.RETURNED:
        return redirect(row)
    if request.method == "GET":
        initial = {
            "key": row.pk,
            "term_to": row.term_to,
            "party": row.agreement.party,
            "valid_from": row.agreement.valid_from,
            "valid_to": row.agreement.valid_to,
            "statement": NOTHING if row.unchanged else SOMETHING,
            "changes": row.changes,
        }
        return _form_page(request, row.station, RenewalForm(initial=initial, amended=True), renewal=row)
    form = RenewalForm(request.POST, request.FILES, amended=True)
    if not form.is_valid():
        return _form_page(request, row.station, form, renewal=row)
    _, refusal = attempt(lambda: services.amend(renewal_id=pk, content=form.content(), by=request.user))
    if refusal:
        return _form_page(request, row.station, form, refusal, renewal=row)
    messages.success(request, "已补正并重新提交。")
    return redirect(row)
