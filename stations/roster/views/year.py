"""The roster of a station: one year a page, with filters, clocks and marks; adding, importing, exporting; the frozen
year beside what changed since."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from jinhua_labor.policy.periods import Period
from stations.registry.enums import StationState
from stations.registry.models import Station
from stations.registry.views.tabs import station_tabs
from stations.roster import consent, tasks
from stations.roster.enums import ContractTiming, CountStatus
from stations.roster.forms import ExportForm, SearchIdForm, UploadForm
from stations.roster.forms_year import YearRowForm
from stations.roster.models import Delivery, ImportBatch
from stations.roster.queries import year as queries
from stations.roster.queries.access import may_keep
from stations.roster.queries.listing import find_person
from stations.roster.queries.year_facets import facets
from stations.roster.queries.years import attribution_words, day_of
from stations.roster.services import exporting, freezing, reading, station_list, year_rows
from stations.roster.yearly import year_of

from .common import EXPORTERS, READERS, WRITERS, Counted, attachment, items, status_of
from .importing import STEPS, begin
from .rows import row_fields

PER_PAGE = 50
CHANGES_SHOWN = 200


def fetch_station(request: UserRequest, pk: uuid.UUID) -> Station:
    """The station, or 404 for somebody else's."""
    return get_object_or_404(Station.objects.visible_to(request.user).select_related("operator", "roster"), pk=pk)


def station_context(station: Station, request: UserRequest, **more: Any) -> dict[str, Any]:
    """What every page of a station's roster shows above its content."""
    return {
        "station": station,
        "tabs": station_tabs(station, request.user, here="roster:station"),
        "can_keep": may_keep(station, request.user) and station.state != StationState.REVOKED,
        "can_export": request.user.role in EXPORTERS,
        "is_centre": request.user.role == Role.CENTRE,
        **more,
    }


def _period(station: Station, number: int | None) -> tuple[tuple[Period, ...], Period]:
    """(the years that have begun, the one asked for; the running one when none is)."""
    years = queries.years_of(station)
    if number is None:
        return years, years[0]
    found = next((year for year in years if year.number == number), None)
    if found is None:
        raise Http404
    return years, found


@require_GET
@allow(*READERS)
def show(request: UserRequest, pk: uuid.UUID, number: int | None = None) -> HttpResponse:
    """The rows of a year; the running year under the station's own address."""
    station = fetch_station(request, pk)
    years, period = _period(station, number)
    return _page(request, station, years, period)


def _page(
    request: UserRequest, station: Station, years: tuple[Period, ...], period: Period, *, status: int = 200, **more: Any
) -> HttpResponse:
    filters = queries.YearFilters.read(request.GET)
    found = queries.filtered(station, period, filters).select_related("person", "employer")
    numbers = queries.tally(station, period)
    page = Counted(found, PER_PAGE, numbers.of(filters)).get_page(request.GET.get("page"))
    url = reverse("roster:year", args=[station.pk, period.number])
    skilled, waiting = queries.skilled_count(station, period)
    narrowing = facets(station, period) if numbers.raw else None
    context = station_context(
        station,
        request,
        period=period,
        title=queries.named(period),
        years=[
            {
                "label": queries.named(year),
                "url": reverse("roster:year", args=[station.pk, year.number]),
                "active": year.number == period.number,
            }
            for year in years
        ],
        url=url,
        numbers=numbers,
        skilled=skilled,
        skilled_waiting=waiting,
        frozen=queries.frozen_year(station, period.number),
        filters=filters,
        facets=narrowing,
        narrowed=narrowing.words(filters) if narrowing else [],
        page_obj=page,
        rows=queries.marked(list(page)),
        statuses=CountStatus.choices,
        contracts=ContractTiming.choices,
        batches=_open_imports(request, station),
        by_day=attribution_words(today()),
        search_form=more.pop("search_form", None) or SearchIdForm(auto_id="find_%s"),
        **more,
    )
    return render(request, "roster/year.html", context, status=status)


def _open_imports(request: UserRequest, station: Station) -> list[ImportBatch]:
    roster = getattr(station, "roster", None)
    if roster is None or request.user.role != Role.OPERATOR:
        return []
    open_ones = ImportBatch.objects.visible_to(request.user).filter(roster_list=roster, state__in=reading.OPEN_STATES)
    return list(open_ones.select_related("file")[:5])


@require_POST
@allow(*READERS)
def find(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """One person of the station by his full number: on to the year he belongs to, narrowed to him."""
    station = fetch_station(request, pk)
    form = SearchIdForm(request.POST, auto_id="find_%s")
    years, period = _period(station, None)
    if not form.is_valid():
        return _page(request, station, years, period, status=422, search_form=form)
    rows = find_person(user=request.user, number=form.cleaned_data["id_number"].text).filter(station=station)
    row = rows.order_by("-entry_on").first()
    if row is None:
        messages.warning(request, "该工作站的名册中没有这个身份证号。")
        return redirect("roster:station", station.pk)
    there = year_of(day_of(row), years) or period
    url = reverse("roster:year", args=[station.pk, there.number])
    return redirect(f"{url}?{urlencode({'person': row.person_id})}#rows")


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def upload(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """① a file for this station: its rows become the station's."""
    station = fetch_station(request, pk)
    form, refusal = UploadForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            roster = station_list.list_of(station=station, by=request.user)
            batch = reading.upload(roster_list=roster, file=form.cleaned_data["file"], by=request.user)
            return begin(request, batch)
        except Refused as error:
            refusal = error
    context = station_context(
        station,
        request,
        form=form,
        refusal=refusal,
        problems=items(refusal),
        limits=reading.limits().told(),
        max_bytes=reading.limits().file_bytes,
        by_day=attribution_words(today()),
        steps=[(label, "current" if not place else "todo") for place, label in enumerate(STEPS)],
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/station_upload.html", context, status=status)


@keeps_typed("reason")
@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def add(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """A row by hand."""
    station = fetch_station(request, pk)
    form, refusal = YearRowForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            row = year_rows.add(
                station=station,
                fields=row_fields(request, form, station.operator),
                consented=form.cleaned_data["consented"],
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, f"已添加{row.name}。")
            return redirect("roster:station_add" if "another" in request.POST else "roster:station", station.pk)
    form.fields["reason"].help_text = "只在入职时间属于已冻结的年度时填写"
    context = station_context(
        station, request, form=form, refusal=refusal, problems=items(refusal), consent=consent.text_of(consent.CURRENT)
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/year_row_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allow(*EXPORTERS)
def export(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Asks what for, then hands the file over; a long one is made in the background."""
    station = fetch_station(request, pk)
    _, period = _period(station, number)
    filters = queries.YearFilters.read(request.POST if request.method == "POST" else request.GET)
    rows = queries.filtered(station, period, filters)
    count = rows.count()
    form, refusal = ExportForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        kind, purpose = form.cleaned_data["kind"], form.cleaned_data["purpose"]
        if count > exporting.AT_ONCE:
            job = start(
                kind="roster.export",
                title=f"导出{exporting.LABELS[kind]}",
                by=request.user,
                task=tasks.export_year,
                args={
                    "station": str(station.pk),
                    "number": number,
                    "kind": kind,
                    "purpose": purpose,
                    "by": str(request.user.pk),
                    "filters": filters.as_dict(),
                },
                back_url=reverse("roster:year", args=[station.pk, number]),
            )
            return redirect("jobs:detail", job.pk)
        try:
            data = exporting.export_year(
                station=station, period=period, rows=rows, kind=kind, purpose=purpose, by=request.user
            )
            return attachment(data, exporting.year_file_name(station, period, kind))
        except Refused as error:
            refusal = error
    context = station_context(
        station,
        request,
        period=period,
        title=queries.named(period),
        form=form,
        filters=filters,
        count=count,
        at_once=exporting.AT_ONCE,
        refusal=refusal,
        problems=items(refusal),
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/year_export.html", context, status=status)


@require_GET
@allow(*READERS)
def frozen(request: UserRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """The year as it was frozen, its hash computed anew, and 快照后变更."""
    station = fetch_station(request, pk)
    year = queries.frozen_year(station, number)
    if year is None:
        raise Http404
    changes = queries.changes_since(year)
    shown = changes[:CHANGES_SHOWN]
    rows = Delivery.objects.visible_to(request.user).filter(pk__in=[one.delivery for one in shown])
    by_key = {str(row.pk): row for row in rows.select_related("person", "employer")}
    context = station_context(
        station,
        request,
        year=year,
        title=f"第{number}年度名册（冻结）",
        intact=freezing.verify(year),
        changes=[(one, by_key.get(one.delivery)) for one in shown],
        changed=len(changes),
        corrections=year.corrections.select_related("delivery", "by__organisation").order_by("-at", "-id")[:50],
        today=today(),
    )
    return render(request, "roster/frozen.html", context)
