"""补正: marking, rewording and removing marks; sending the notice."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.errors import Refused
from stations.applications.enums import TargetKind
from stations.applications.forms.office import MarkForm, ReturnForm, RewordForm
from stations.applications.services import defects

from .common import fetch
from .office import Bound, again, attempt, back_to, onward


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def mark(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """有问题: one line on a field, a material or a roster row."""
    application = fetch(request, pk)
    form = MarkForm(request.POST)
    bound: Bound = {"mark": form}
    if not form.is_valid():
        return again(request, application, bound, Refused(_first(form)))
    data = form.cleaned_data
    failed = attempt(
        request,
        application,
        bound,
        lambda: defects.mark(
            application_id=pk,
            kind=TargetKind(data["kind"]),
            target=data["target"],
            text=data["text"],
            by=request.user,
            version=data["version"],
        ),
    )
    return failed or back_to(request, application, _anchor(data["target"]))


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def reword(request: UserRequest, pk: uuid.UUID, defect: uuid.UUID) -> HttpResponse:
    """修改标记."""
    application = fetch(request, pk)
    form = RewordForm(request.POST)
    bound: Bound = {f"reword-{defect}": form}
    if not form.is_valid():
        return again(request, application, bound, Refused(_first(form)))
    text = form.cleaned_data["text"]
    failed = attempt(
        request,
        application,
        bound,
        lambda: defects.reword(application_id=pk, defect_id=defect, text=text, by=request.user),
    )
    return failed or back_to(request, application, "tray")


@require_POST
@allow(Role.CENTRE)
def unmark(request: UserRequest, pk: uuid.UUID, defect: uuid.UUID) -> HttpResponse:
    """删除标记."""
    application = fetch(request, pk)
    failed = attempt(
        request, application, {}, lambda: defects.unmark(application_id=pk, defect_id=defect, by=request.user)
    )
    return failed or back_to(request, application, "tray")


@keeps_typed()
@require_POST
@allow(Role.CENTRE)
def send(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """退回补正: the tray becomes one 补正通知书."""
    application = fetch(request, pk)
    form = ReturnForm(request.POST, auto_id="id_return_%s")
    bound: Bound = {"return": form}
    if not form.is_valid():
        return again(request, application, bound)
    failed = attempt(
        request,
        application,
        bound,
        lambda: defects.return_for_supplement(application_id=pk, by=request.user, **form.cleaned_data),
    )
    return failed or onward(request, application.review, "已退回补正，补正通知书已送达申请单位")


def _first(form: MarkForm | RewordForm) -> str:
    return next((str(error) for errors in form.errors.values() for error in errors), "请写明问题和要求。")


def _anchor(target: str) -> str:
    return "mark-" + target.replace(":", "-")
