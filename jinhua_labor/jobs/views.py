"""How far a background job is: a page, and the part of it that asks again by itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow, background_poll

from .models import Job

HTMX_STOP_POLLING = 286


def _job(request: UserRequest, pk: UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("result", "created_by"), pk=pk)


@require_GET
@allow(*EVERYONE)
def detail(request: UserRequest, pk: UUID) -> HttpResponse:
    return render(request, "jobs/detail.html", {"job": _job(request, pk)})


@background_poll
@require_GET
@allow(*EVERYONE)
def progress(request: UserRequest, pk: UUID) -> HttpResponse:
    """The fragment htmx asks for every two seconds; 286 ends the asking."""
    job = _job(request, pk)
    return render(request, "jobs/progress.html", {"job": job}, status=200 if job.is_open else HTMX_STOP_POLLING)
