"""What every view of a file needs: the row its reader may see, and the way back."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest
from jinhua_labor.core.errors import Conflict
from stations.applications.fields import FIELDS, SITE_FIELD, full_label
from stations.applications.forms.annex1 import known
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


_WORDS = {
    "answer": "情况说明",
    "comment": "退回意见",
    "credit_note": "核查说明",
    "note": "核查方式和情况",
    "opinion": "意见",
    "override_reason": "再次告知旧问题的理由",
    "reason": "理由",
    "remedy": "救济途径",
    "signer": "机构法人签名",
    "text": "问题与要求",
    "words": "内部备注",
}


def _label(name: str) -> str:
    """What the page calls a field that somebody types into; empty for what a form carries beside it."""
    own = SITE_FIELD.get(name.rsplit("-", 1)[-1])
    return full_label(name) if name in FIELDS else own.label if own else _WORDS.get(name, "")


def moved_on(request: HttpRequest, application: Application, conflict: Conflict) -> HttpResponse:
    """409 for a plain form: what happened meanwhile, and what was typed, so that nothing is lost."""
    shown = known(request.POST.get("before", ""))
    typed = [
        (label, value)
        for name, values in request.POST.lists()
        if (label := _label(name))
        for value in values
        if value.strip() and value.replace("\r\n", "\n") != shown.get(name)
    ]
    context = {"application": application, "message": conflict.message, "problems": conflict.problems, "typed": typed}
    return render(request, "applications/conflict.html", context, status=409)
