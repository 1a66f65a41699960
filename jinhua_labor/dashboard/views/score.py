"""评分测算: the running year of a station line by line as the data stand, 仅供参考."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.clock import today
from jinhua_labor.dashboard.queries.meters import meter_for
from stations.registry.models import Station
from stations.registry.views.tabs import station_tabs

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)


@require_GET
@allow(*READERS)
def station_score(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The meter of one station with its thirteen lines; says so where no year runs."""
    station = get_object_or_404(Station.objects.visible_to(request.user).select_related("operator"), pk=pk)
    context = {
        "station": station,
        "tabs": station_tabs(station, request.user, here="dashboard:station_score"),
        "shown": meter_for(station, day=today()),
    }
    return render(request, "dashboard/station_score.html", context)
