"""What the pages of the ledger share: who reads, which station, which year."""

from __future__ import annotations

import uuid

from django.http import Http404
from django.shortcuts import get_object_or_404

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.policy.periods import Period
from stations.registry.models import Station
from stations.registry.queries.papers import numbered_period

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
PRINTERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU)


def fetch_station(request: UserRequest, pk: uuid.UUID) -> Station:
    return get_object_or_404(Station.objects.visible_to(request.user).select_related("operator"), pk=pk)


def fetch_year(request: UserRequest, pk: uuid.UUID, number: int) -> tuple[Station, Period]:
    """The station and its year; a year that has not begun is not found."""
    station = fetch_station(request, pk)
    period = numbered_period(station, number, until=max(today(), station.established_on))
    if period is None:
        raise Http404
    return station, period


def status_of(refusal: Refused) -> int:
    return 409 if isinstance(refusal, Conflict) else 422
