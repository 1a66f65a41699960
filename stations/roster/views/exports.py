"""导出: exactly the rows the filter shows, their number told first, the purpose kept."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.core.errors import Refused
from jinhua_labor.jobs.services import start
from stations.roster import tasks
from stations.roster.forms import ExportForm
from stations.roster.queries.listing import Filters, filtered
from stations.roster.services import exporting

from .common import EXPORTERS, attachment, fetch_list, items, page_context, status_of


@require_http_methods(["GET", "POST"])
@allow(*EXPORTERS)
def export(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks what for, then hands the file over; a long one is made in the background."""
    roster_list = fetch_list(request, pk)
    filters = Filters.read(request.POST if request.method == "POST" else request.GET)
    rows = filtered(roster_list, filters)
    count = rows.count()
    form, refusal = ExportForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        kind, purpose = form.cleaned_data["kind"], form.cleaned_data["purpose"]
        if count > exporting.AT_ONCE:
            job = start(
                kind="roster.export",
                title=f"导出{exporting.LABELS[kind]}",
                by=request.user,
                task=tasks.export_list,
                args={
                    "roster_list": str(roster_list.pk),
                    "kind": kind,
                    "purpose": purpose,
                    "by": str(request.user.pk),
                    "filters": filters.as_dict(),
                },
                back_url=roster_list.get_absolute_url(),
            )
            return redirect("jobs:detail", job.pk)
        try:
            data = exporting.export(roster_list=roster_list, rows=rows, kind=kind, purpose=purpose, by=request.user)
            return attachment(data, exporting.file_name(roster_list, kind))
        except Refused as error:
            refusal = error
    context = page_context(
        roster_list, form=form, filters=filters, count=count, refusal=refusal, problems=items(refusal)
    )
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render(request, "roster/export.html", context, status=status)
