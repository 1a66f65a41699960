"""All assessed years, the calendar of all stations, and the years of one station."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from assessments.sheets.models import Assessment
from assessments.sheets.queries import calendar, listing
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from stations.oversight.views.common import fetch_station, on_station, page_of

from .common import READERS, tabs_of


@require_GET
@allow(*READERS)
def years(request: UserRequest) -> HttpResponse:
    """评估 of all stations this person sees, by stage, those that are late."""
    user, day = request.user, today()
    filters = listing.Filters(*(request.GET.get(name, "").strip() for name in ("q", "stage", "late")))
    page = page_of(request, listing.listed(user, filters, day=day))
    counts = listing.counts(user, day=day)
    kept = {"q": filters.q} if filters.q else {}
    chips = [
        {
            "label": f"{label}（{counts[stage or 'all']}）",
            "url": f"?{urlencode(kept | ({'stage': stage} if stage else {}))}",
            "active": filters.stage == stage and not filters.late,
        }
        for stage, label in (("", "全部"), *listing.stages_for(user))
        if not stage or counts[stage]
    ]
    if counts["late"] and user.role != Role.OPERATOR:
        chips.append(
            {
                "label": f"超过办理期限（{counts['late']}）",
                "url": f"?{urlencode(kept | {'late': listing.LATE})}",
                "active": bool(filters.late),
            }
        )
    context = {
        "tabs": tabs_of(user, "assessments:list"),
        "page_obj": page,
        "rows": _rows(page.object_list, user, day),
        "filters": filters,
        "chips": chips,
        "is_operator": user.role == Role.OPERATOR,
    }
    return render(request, "assessments/years.html", context)


def _rows(years: Iterable[Assessment], user: User, day: dt.date) -> list[dict[str, object]]:
    """Lines of the table of years (`_rows.html`)."""
    return [
        {"row": one, "pill": listing.shown(one, user), "late": one.late_by(day), "result": listing.result_of(one)}
        for one in years
    ]


@require_GET
@allow(*READERS)
def plan(request: UserRequest) -> HttpResponse:
    """评估日历: for every station the year that is open and the day the next one opens."""
    day = today()
    filters = calendar.CalendarFilters(*(request.GET.get(name, "").strip() for name in ("q", "month")))
    page = page_of(request, calendar.stations_of(request.user, filters))
    lines = calendar.lines(list(page.object_list), day=day)
    current = [year.pk for line in lines for year in line.current]
    visible = set(Assessment.objects.visible_to(request.user).filter(pk__in=current).values_list("pk", flat=True))
    rows = [
        {
            "line": line,
            "years": [
                {"row": year, "pill": listing.shown(year, request.user), "late": year.late_by(day)}
                if year.pk in visible
                else {"row": year, "other": True}  # of the unit that had the station before
                for year in line.current
            ],
        }
        for line in lines
    ]
    context = {
        "tabs": tabs_of(request.user, "assessments:calendar"),
        "page_obj": page,
        "rows": rows,
        "filters": filters,
        "months": [(f"{month:02d}", f"{month}月") for month in range(1, 13)],
        "is_operator": request.user.role == Role.OPERATOR,
    }
    return render(request, "assessments/calendar.html", context)


@require_GET
@allow(*READERS)
def station(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """年度评估 of one station: its years, and when the next one opens."""
    row, user, day = fetch_station(request, pk), request.user, today()
    years = Assessment.objects.visible_to(user).filter(station=row).select_related("station", "operator")
    page = page_of(request, listing.with_results(years).order_by("-period_no"))
    closed = calendar.closed_days([row.pk]).get(row.pk)
    context = {
        **on_station(request, row, "assessments:station"),
        "page_obj": page,
        "rows": _rows(page.object_list, user, day),
        "next": calendar.next_period(row, day, closed),
        "closed_on": closed,
    }
    return render(request, "assessments/station.html", context)
