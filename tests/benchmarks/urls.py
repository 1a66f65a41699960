"""The portal's addresses and bare views to compare its pages with."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import allow
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.review.models import Review
from stations.roster.models import ID_PURPOSE, Delivery

_PAGE = engines["django"].from_string(
    "<!doctype html><html lang=zh><title>{{ count }}</title><table>{% for row in rows %}"
    "<tr><td>{{ row.number }}</td><td>{{ row.title }}</td><td>{{ row.organisation.name }}</td>"
    "<td>{{ row.due_on }}</td></tr>"
    "{% endfor %}</table></html>"
)
_ROWS = engines["django"].from_string(
    "<!doctype html><html lang=zh><title>{{ count }}</title><table>{% for row in rows %}"
    "<tr><td>{{ row.name }}</td><td>{{ row.person.last4 }}</td><td>{{ row.hukou_text }}</td>"
    "<td>{{ row.employer.name }}</td><td>{{ row.entry_on }}</td><td>{{ row.status }}</td></tr>"
    "{% endfor %}</table></html>"
)


@allow(Role.CENTRE)
def bare(request: HttpRequest) -> HttpResponse:
    """Two queries, twenty rows, a table: what a page costs before it is of use to anybody."""
    count = Review.objects.aggregate(count=Count("pk"))["count"]
    rows = Review.objects.select_related("organisation").order_by("due_on", "id")[:20]
    return HttpResponse(_PAGE.render({"count": count, "rows": rows}, request))


@allow(Role.CENTRE)
def bare_roster(request: HttpRequest, station: uuid.UUID, since: str) -> HttpResponse:
    """The same for a roster: how many rows since a day, and the first fifty with person and employer."""
    found = Delivery.objects.filter(station=station, entry_on__gte=dt.date.fromisoformat(since))
    count = found.count()
    rows = found.select_related("person", "employer").order_by("entry_on", "seq", "id")[:50]
    return HttpResponse(_ROWS.render({"count": count, "rows": rows}, request))


@require_POST
@allow(Role.CENTRE)
def bare_search(request: HttpRequest) -> HttpResponse:
    """A person by his number: one query by the keyed hash."""
    index = blind_index(ID_PURPOSE, request.POST["id_number"])
    rows = list(Delivery.objects.filter(person__id_index=index).select_related("person", "employer"))
    return HttpResponse(_ROWS.render({"count": len(rows), "rows": rows}, request))


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/roster/<uuid:station>/<str:since>/", bare_roster),
    path("bench/search/", bare_search),
    path("", include("jinhua_labor.urls")),
]
handler404 = "jinhua_labor.dashboard.errors.handler404"
