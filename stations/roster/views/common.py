"""What the pages of this room share: the list its reader may see, who may look, how a refusal is answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Conflict, Refused
from stations.roster.models import RosterList

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
WRITERS = (Role.OPERATOR, Role.CENTRE)
"""The centre stands here for its counter; whether a clerk may touch this list is the service's question."""
EXPORTERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Counted(Paginator):  # type: ignore[type-arg]
    """A paginator that is told how many rows there are, where somebody has counted them already.

    The keys of a page are found first and its rows are read by them: the last of six hundred pages would otherwise sort
    thirty thousand whole rows with their persons and employers to show fifty.
    """

    def __init__(self, rows: QuerySet[Any], per_page: int, known: int | None) -> None:
        super().__init__(rows, per_page)
        self._rows, self._known = rows, known

    @cached_property
    def count(self) -> int:
        return super().count if self._known is None else self._known

    def page(self, number: int | str) -> Page[Any]:
        valid = self.validate_number(number)
        first = (valid - 1) * self.per_page
        keys = self._rows.select_related(None).values("pk")[first : first + self.per_page]
        return self._get_page(self._rows.filter(pk__in=keys), valid, self)


def fetch_list(request: UserRequest, pk: uuid.UUID) -> RosterList:
    """The list, or 404 for somebody else's."""
    rows = RosterList.objects.visible_to(request.user).select_related("operator", "application", "station")
    return get_object_or_404(rows, pk=pk)


def home_of(roster_list: RosterList) -> tuple[str, str]:
    """(label, address) of the file the list belongs to, else of the list itself."""
    try:
        application = roster_list.application  # type: ignore[attr-defined]  # the room above names this one
    except ObjectDoesNotExist:
        return "名册", reverse("roster:list", args=[roster_list.pk])
    return "申请", application.get_absolute_url()


def status_of(refusal: Refused) -> int:
    """409 where somebody was quicker, else 422."""
    return 409 if isinstance(refusal, Conflict) else 422


def items(refusal: Refused | None) -> list[dict[str, str]]:
    """The refusal as lines of an error summary."""
    if refusal is None:
        return []
    if not refusal.problems:
        return [{"text": refusal.message}]
    return [{"text": text, "url": url} for text, url in refusal.problems]


def page_context(roster_list: RosterList, **more: Any) -> dict[str, Any]:
    """What every page around a list shows above its content."""
    label, url = ("", "") if roster_list.station_id is not None else home_of(roster_list)
    return {
        "roster_list": roster_list,
        "operator": roster_list.operator,
        "file_url": url if label == "申请" else "",
        "list_url": roster_list.get_absolute_url(),
        **more,
    }


def attachment(data: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file that is saved, never shown."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
