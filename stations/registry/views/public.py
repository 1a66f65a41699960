"""The public directory (工作站名录): no sign-in, no data of any person."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.permissions import public
from stations.registry.models import Station
from stations.registry.queries.directory import Filters, area_text
from stations.registry.queries.directory import directory as listing


@public
@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """名录: by area and operator, the search in the address."""
    filters = Filters(request.GET.get("province", ""), request.GET.get("q", ""))
    found = listing(filters, page=request.GET.get("page"))
    context = {
        "page_obj": found.page,
        "rows": [{"row": row, "area": area_text(row)} for row in found.page],
        "filters": filters,
        "provinces": found.provinces,
    }
    return render(request, "registry/directory.html", context)


@public
@require_GET
def entry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One station as everybody may see it; a procedure that is not decided does not show."""
    rows = Station.objects.public().select_related("operator", "document__signed_file")
    row = get_object_or_404(rows, pk=pk)
    return render(request, "registry/entry.html", {"station": row, "area": area_text(row)})
