"""For the watch of the machine: is the process alive, can it work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jinhua_labor.accounts.permissions import public
from jinhua_labor.attachments import storage

NO_STORE = {"Cache-Control": "no-store"}


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """200 while the process answers; asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain", headers=NO_STORE)


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  the same for everybody
    """200 while the database answers too, else 503; a second line warns while the disk of the files is nearly full."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain", headers=NO_STORE)
    # A full disk stops uploads and nothing else: the machine stays in service.
    warning = f"warning: disk below {storage.WARN_BELOW:.0%}\n" if storage.free_share() < storage.WARN_BELOW else ""
    return HttpResponse(f"ready\n{warning}", content_type="text/plain", headers=NO_STORE)
