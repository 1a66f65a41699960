"""For the watch of the machine: is the process alive, can it work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jinhua_labor.accounts.permissions import public

NO_STORE = {"Cache-Control": "no-store"}


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """200 while the process answers; asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain", headers=NO_STORE)


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """200 while the database answers too, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain", headers=NO_STORE)
    return HttpResponse("ready\n", content_type="text/plain", headers=NO_STORE)
