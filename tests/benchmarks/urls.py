"""The portal's addresses and one bare view to compare its pages with."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import allow
from jinhua_labor.review.models import Review

_PAGE = engines["django"].from_string(
    "<!doctype html><html lang=zh><title>{{ count }}</title><table>{% for row in rows %}"
    "<tr><td>{{ row.number }}</td><td>{{ row.title }}</td><td>{{ row.organisation.name }}</td>"
    "<td>{{ row.due_on }}</td></tr>"
    "{% endfor %}</table></html>"
)


@allow(Role.CENTRE)
def bare(request: HttpRequest) -> HttpResponse:
    """Two queries, twenty rows, a table: what a page costs before it is of use to anybody."""
    count = Review.objects.aggregate(count=Count("pk"))["count"]
    rows = Review.objects.select_related("organisation").order_by("due_on", "id")[:20]
    return HttpResponse(_PAGE.render({"count": count, "rows": rows}, request))


urlpatterns = [path("bench/bare/", bare), path("", include("jinhua_labor.urls"))]
handler404 = "jinhua_labor.dashboard.errors.handler404"
