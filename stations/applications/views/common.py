"""What every view of a file needs: the row its reader may see, and the way back."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Conflict
from stations.applications.forms.typed import typed
from stations.applications.models import Application

READERS = (Role.OPERATOR, Role.CENTRE, Role.BUREAU, Role.AUDITOR)
WRITERS = (Role.OPERATOR, Role.CENTRE)
"""The centre stands here for its counter; whether a clerk may touch this file is the service's question."""


def fetch(request: UserRequest, pk: uuid.UUID) -> Application:
    """The file, or 404 for somebody else's."""
    rows = Application.objects.visible_to(request.user).prefetch_related("sites__checked_by")
    rows = rows.select_related(
        "review__organisation",
        "review__created_by__organisation",
        "operator",
        "roster_list",
        "station",
        "batch__document",
        "filed_by",
    )
    return get_object_or_404(rows, pk=pk)


def to_tab(application: Application, tab: str, anchor: str = "") -> HttpResponse:
    """Back to a tab of the file."""
    url = f"{reverse('applications:file', args=[application.pk])}?tab={tab}"
    return redirect(f"{url}#{anchor}" if anchor else url)


def moved_on(request: HttpRequest, application: Application, conflict: Conflict) -> HttpResponse:
    """409 for a plain form: what happened meanwhile, and what was typed, so that nothing is lost."""
    context = {
        "application": application,
        "message": conflict.message,
        "problems": conflict.problems,
        "typed": typed(application, request.POST),
    }
    return render(request, "applications/conflict.html", context, status=409)
