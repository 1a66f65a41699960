"""What the pages of this room share: rows by the one door, how a refusal is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Conflict, Refused
from stations.registry.models import Station
from stations.registry.views.tabs import station_tabs

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
PAGE = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def fetch_station(request: UserRequest, pk: uuid.UUID) -> Station:
    """The station, or 404 for somebody else's."""
    return get_object_or_404(Station.objects.visible_to(request.user).select_related("operator"), pk=pk)


def attempt(call: Callable[[], object]) -> tuple[Any, Refused | None]:
    """(what the service gave, None), or (None, its refusal)."""
    try:
        return call(), None
    except Refused as refusal:
        return None, refusal


def status_of(refusal: Refused | None) -> int:
    """409 where somebody was quicker, 422 for what the person can mend."""
    return 409 if isinstance(refusal, Conflict) else 422


def page_of(request: UserRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def on_station(request: UserRequest, station: Station, here: str) -> dict[str, Any]:
    """The frame of a page of a station."""
    return {"station": station, "tabs": station_tabs(station, request.user, here=here)}


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """A document made for this answer: a PDF opens in the browser, a DOCX is saved."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(kind == DOCX, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response
