"""What the pages of this room share: rows by the one door, the steps posted to a page, how a refusal is answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.forms import PortalForm
from stations.registry.models import Station
from stations.registry.views.tabs import station_tabs

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
PAGE = 20
Bound = dict[str, PortalForm]
"""Forms of a failed post by the name of their step."""
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


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps posted to the page of one kind of row: how the row is found by the one door, and how its page is shown
    again with a form that failed (`bound`) and with what the service refused (`refusal`)."""

    fetch: Callable[[UserRequest, uuid.UUID], Any]
    show: Callable[..., HttpResponse]

    def take(
        self,
        request: UserRequest,
        pk: uuid.UUID,
        name: str,
        form_class: type[PortalForm],
        call: Callable[[dict[str, Any]], object],
        words: str,
        *,
        auto_id: str = "",
    ) -> HttpResponse:
        """One step: its form, its service, then the row's page with `words`, or again with what is wrong."""
        row = self.fetch(request, pk)
        form = form_class(request.POST, request.FILES, auto_id=auto_id or f"id_{name}_%s")
        if not form.is_valid():
            return self.show(request, row, bound={name: form})
        _, refusal = attempt(lambda: call(form.cleaned_data))
        if refusal:
            return self.show(request, self.fetch(request, pk), bound={name: form}, refusal=refusal)
        messages.success(request, words)
        return redirect(row)


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
