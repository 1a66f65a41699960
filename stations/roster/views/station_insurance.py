"""参保查询 of a station and of the district, the centre's: the list that goes out, what comes in, its lines."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Func, IntegerField, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import add_to_month, month_of
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from stations.registry.models import Station
from stations.registry.views.tabs import register_tabs, station_tabs
from stations.roster import tasks_station
from stations.roster.enums import RecountCause
from stations.roster.forms import InsuranceForm
from stations.roster.forms_station import QueryForm
from stations.roster.models import Headcount, InsuranceExtract, Recount
from stations.roster.services import insurance
from stations.roster.services import station_query as queries
from stations.roster.services.insurance import Asked
from stations.roster.services.insurance_lines import NOTE_KINDS
from stations.roster.workbook.limits import INSURANCE

from .common import attachment, items, status_of
from .retention import fetch_station

OFFICE = (Role.CENTRE, Role.BUREAU, Role.AUDITOR)
SHOWN = 20
LINES_PAGE = 50


@require_http_methods(["GET", "POST"])
@allow(*OFFICE)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What was asked for a station so far; for the centre the way to ask and to bring the result in."""
    return _both(request, fetch_station(request, pk))


@require_http_methods(["GET", "POST"])
@allow(*OFFICE)
def district(request: UserRequest) -> HttpResponse:
    """The same for all stations at once."""
    return _both(request, None)


def _both(request: UserRequest, whose: Station | None) -> HttpResponse:
    if request.method == "GET" or request.user.role != Role.CENTRE:
        return _page(request, whose, status=200 if request.method == "GET" else 403)
    form = InsuranceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, whose, form=form, status=422)
    data = form.cleaned_data
    asked = Asked(data["month_from"], data["month_to"], data["source"])
    try:
        insurance.check_months(asked)
        stored = insurance.keep(file=data["file"], by=request.user)
        return _bring_in(request, whose, stored, asked)
    except Refused as refusal:
        return _page(request, whose, form=form, refusal=refusal, status=status_of(refusal))


def _bring_in(request: UserRequest, whose: Station | None, stored: Attachment, asked: Asked) -> HttpResponse:
    if stored.size > insurance.AT_ONCE_BYTES or queries.is_long(whose):
        job = start(
            kind="roster.station_insurance",
            title=f"导入参保明细 {stored.name}"[:100],
            by=request.user,
            task=tasks_station.bring_in,
            args={
                "station": str(whose.pk) if whose is not None else "",
                "file": str(stored.pk),
                "month_from": asked.month_from,
                "month_to": asked.month_to,
                "source": asked.source,
                "by": str(request.user.pk),
            },
            back_url=request.path,
        )
        return redirect("jobs:detail", job.pk)
    found = insurance.bring_in_for_station(station=whose, file=stored, asked=asked, by=request.user)
    messages.success(request, f"已导入：查询 {found.asked} 人，查到 {found.found} 人，人数已重新核算。")
    return redirect("roster:extract", found.pk)


def _page(
    request: UserRequest, whose: Station | None, *, status: int = 200, refusal: Refused | None = None, **more: Any
) -> HttpResponse:
    month = month_of(today())
    seen = InsuranceExtract.objects.visible_to(request.user)
    rows = seen.filter(station=whose) if whose else seen.filter(district=True)
    if whose is not None:
        here, base, tabs = "roster:station_insurance", [whose.pk], station_tabs
    else:
        here, base, tabs = "roster:district_insurance", [], register_tabs
    own = (whose, request.user) if whose is not None else (request.user,)
    page = Paginator(_listed(rows), SHOWN).get_page(request.GET.get("page"))
    context = {
        "station": whose,
        "tabs": tabs(*own, here=here),  # type: ignore[operator]
        "query_url": reverse("roster:station_query" if whose else "roster:district_query", args=base),
        **_people(request, whose),
        "page_obj": page,
        "is_centre": request.user.role == Role.CENTRE,
        "limits": INSURANCE.told(),
        "max_bytes": INSURANCE.file_bytes,
        "refusal": refusal,
        "problems": items(refusal),
        "form": InsuranceForm(initial={"month_from": add_to_month(month, -6), "month_to": month}),
        "query_form": QueryForm(auto_id="query_%s"),
        **more,
    }
    return render(request, "roster/station_insurance.html", context, status=status)


def _listed(rows: QuerySet[InsuranceExtract]) -> QuerySet[InsuranceExtract]:
    """With the number of their notes; of a whole district these are thousands, and the list shows none of them."""
    count = Func(F("notes"), function="jsonb_array_length", output_field=IntegerField())
    return rows.select_related("by", "file").defer("notes").annotate(noted=count).order_by("-at")


def _people(request: UserRequest, whose: Station | None) -> dict[str, Any]:
    """Whom the list would name: counted for a station; for the district as added up last, with the moment."""
    if whose is not None:
        number = queries.number(whose)
        return {"people": number, "anybody": bool(number)}
    found = Headcount.objects.visible_to(request.user).first()
    return {
        "people": found.people if found else None,
        "people_as_of": found.as_of if found else None,
        "anybody": queries.deliveries(None).exists(),
    }


@require_POST
@allow(Role.CENTRE)
def station_query(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The list to ask with, for a station."""
    return _query(request, fetch_station(request, pk))


@require_POST
@allow(Role.CENTRE)
def district_query(request: UserRequest) -> HttpResponse:
    """The list to ask with, for all stations."""
    return _query(request, None)


def _query(request: UserRequest, whose: Station | None) -> HttpResponse:
    form = QueryForm(request.POST, auto_id="query_%s")
    if not form.is_valid():
        return _page(request, whose, query_form=form, status=422)
    if queries.is_long(whose):
        job = start(
            kind="roster.station_query",
            title="生成社保查询名单",
            by=request.user,
            task=tasks_station.make_query,
            args={
                "station": str(whose.pk) if whose is not None else "",
                "purpose": form.cleaned_data["purpose"],
                "by": str(request.user.pk),
            },
            back_url=request.path.removesuffix("query/"),
        )
        return redirect("jobs:detail", job.pk)
    data = queries.make(station=whose, purpose=form.cleaned_data["purpose"], by=request.user)
    return attachment(data, queries.file_name(whose))


@require_GET
@allow(*OFFICE)
def extract(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """What one result brought, and every line of it that was not taken or says two things."""
    rows = InsuranceExtract.objects.visible_to(request.user).select_related("by", "file", "station")
    found = get_object_or_404(rows, pk=pk)
    kind = request.GET.get("kind", "")
    notes = [(note[0], note[1], note[2] if len(note) > 2 else "UNREAD") for note in found.notes]
    counts = {key: len(list(group)) for key, group in groupby(sorted(note[2] for note in notes))}
    shown = [note for note in notes if kind not in NOTE_KINDS or note[2] == kind]
    context = {
        "extract": found,
        "station": found.station,
        "chips": [
            {"label": "全部", "url": "?", "active": kind not in NOTE_KINDS, "count": len(notes)},
            *(
                {"label": label, "url": f"?kind={key}", "active": key == kind, "count": counts.get(key, 0)}
                for key, label in NOTE_KINDS.items()
            ),
        ],
        "page_obj": Paginator(
            [(row_no, NOTE_KINDS.get(key, key), text) for row_no, text, key in shown], LINES_PAGE
        ).get_page(request.GET.get("page")),
        "back_url": reverse("roster:station_insurance", args=[found.station_id])
        if found.station_id
        else reverse("roster:district_insurance"),
        "months": found.months.count(),
        "recount": _recount_after(found, request),
    }
    return render(request, "roster/extract.html", context)


def _recount_after(found: InsuranceExtract, request: UserRequest) -> Recount | None:
    """The recount that this result led to."""
    rows = Recount.objects.visible_to(request.user).filter(cause=RecountCause.INSURANCE, started_at__gte=found.at)
    return rows.filter(station=found.station_id).order_by("started_at").first()
