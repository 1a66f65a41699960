"""审核: approve, refuse, send back, several at once; the paper of a refusal."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.documents.letters import refusal_pdf
from jinhua_labor.review.queries import inbox
from stations.applications.forms.office import ApproveForm, ApproveSeveralForm, RejectForm, SendBackForm
from stations.applications.models import Application
from stations.applications.queries.decision import refusal_letter, refusal_of
from stations.applications.services import decision

from .common import READERS, fetch
from .office import Bound, again, attempt, onward


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def approve(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """审核通过."""
    application = fetch(request, pk)
    form = ApproveForm(request.POST, auto_id="id_approve_%s")
    bound: Bound = {"approve": form}
    if not form.is_valid():
        return again(request, application, bound)
    failed = attempt(
        request,
        application,
        bound,
        lambda: decision.approve(application_id=pk, by=request.user, **form.cleaned_data),
    )
    return failed or onward(request, application.review, "已审核通过，待发文")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def reject(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予设立."""
    application = fetch(request, pk)
    form = RejectForm(request.POST, auto_id="id_reject_%s")
    bound: Bound = {"reject": form}
    if not form.is_valid():
        return again(request, application, bound)
    failed = attempt(
        request, application, bound, lambda: decision.reject(application_id=pk, by=request.user, **form.cleaned_data)
    )
    return failed or onward(request, application.review, "已作出不予设立决定")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def send_back(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回初审."""
    application = fetch(request, pk)
    form = SendBackForm(request.POST, auto_id="id_back_%s")
    bound: Bound = {"back": form}
    if not form.is_valid():
        return again(request, application, bound)
    failed = attempt(
        request, application, bound, lambda: decision.send_back(application_id=pk, by=request.user, **form.cleaned_data)
    )
    return failed or onward(request, application.review, "已退回初审")


@keeps_typed()
@require_POST
@allow(Role.BUREAU)
def approve_several(request: UserRequest) -> HttpResponse:
    """批量审核通过: each file checked by itself, one line of outcome for each."""
    form = ApproveSeveralForm(request.POST)
    chosen = _chosen(request.POST.getlist("ids"))
    ids = list(chosen)
    files = Application.objects.visible_to(request.user).filter(pk__in=ids)
    if len(ids) != files.count():
        raise Http404
    if not form.is_valid() or not ids:
        rows = [(file, chosen[file.pk]) for file in files.select_related("review", "operator")]
        context = {"form": form, "files": rows, "chosen": bool(ids)}
        return render(request, "applications/approve_several.html", context, status=422)
    outcomes = decision.approve_several(
        application_ids=ids,
        opinion=form.cleaned_data["opinion"],
        by=request.user,
        key=form.cleaned_data["key"],
        versions={pk: version for pk, version in chosen.items() if version is not None},
    )
    context = {
        "outcomes": outcomes,
        "approved": sum(outcome.approved for outcome in outcomes),
        "waiting": inbox(request.user).count(),
    }
    return render(request, "applications/approved.html", context)


def _chosen(texts: list[str]) -> dict[uuid.UUID, int | None]:
    """The ticked files with the version the list showed of each: `<uuid>:<version>`."""
    found: dict[uuid.UUID, int | None] = {}
    try:
        for text in texts:
            pk, _, version = text.partition(":")
            found[uuid.UUID(pk)] = int(version) if version else None
    except ValueError as error:
        raise Http404 from error
    return found


@require_GET
@allow(*READERS)
def refusal(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """不予设立决定书 as PDF, for the applicant too."""
    application = fetch(request, pk)
    found = refusal_of(application)
    if found is None:
        raise Http404
    response = HttpResponse(refusal_pdf(refusal_letter(application, found)), content_type="application/pdf")
    name = f"不予设立决定书-{application.review.number}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
