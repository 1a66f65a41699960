"""提交、承诺、撤回: the page that lists what is missing, and the steps themselves."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.review.states import State
from stations.applications.forms.steps import PledgeForm, StepForm, SubmitForm, WithdrawForm
from stations.applications.models import Application
from stations.applications.queries.editable import may_act
from stations.applications.queries.progress import progress, promise_stands
from stations.applications.queries.standing import bar_of_unit
from stations.applications.queries.targets import area_text
from stations.applications.services import submission

from .common import WRITERS, fetch, moved_on
from .file import show


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def submit(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """核对与提交: what is missing with links; when nothing is, the promise and the button."""
    application = fetch(request, pk)
    operator = request.user.role == Role.OPERATOR
    form_class = SubmitForm if operator else StepForm
    if request.method == "GET":
        if application.review.state not in (State.DRAFT, State.RETURNED) or not may_act(application, request.user):
            return redirect(application)
        initial = {"key": uuid.uuid4(), "version": application.review.version}
        return _page(request, application, form_class(initial=initial))
    form = form_class(request.POST)
    if not form.is_valid():
        return _page(request, application, form, status=422)
    data = form.cleaned_data
    try:
        submission.submit(
            application_id=pk,
            by=request.user,
            version=data["version"],
            key=data["key"],
            signer=data.get("signer", ""),
            pledged=data.get("pledged", False),
        )
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return _page(request, application, form, status=422, refusal=refusal)
    application.review.refresh_from_db()
    messages.success(request, f"申请已提交，受理编号 {application.review.number}。收件回执可在“沿革”下载。")
    return redirect(application)


def _page(
    request: UserRequest,
    application: Application,
    form: StepForm,
    *,
    status: int = 200,
    refusal: Refused | None = None,
) -> HttpResponse:
    day = today()
    check, gate = submission.readiness(application, day=day)
    told = progress(application) if application.review.state == State.RETURNED else None
    context = {
        "application": application,
        "review": application.review,
        "area": area_text(application),
        "check": check,
        "gate": gate,
        "told": told,
        "ready": check.complete and (told is None or told.complete),
        "form": form,
        "refusal": refusal,
        "bar": bar_of_unit(application.operator.credit_code, day=day),
        "is_operator": request.user.role == Role.OPERATOR,
        "promised": promise_stands(application),
    }
    return render(request, "applications/submit.html", context, status=status)


@require_POST
@allow(Role.OPERATOR)
def pledge(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """确认承诺: the unit's own promise on a file the counter entered."""
    application = fetch(request, pk)
    form = PledgeForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, pledge_form=form)
    try:
        submission.pledge(application_id=pk, signer=form.cleaned_data["signer"], by=request.user)
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return show(request, application, status=422, pledge_form=form, refusal=refusal)
    messages.success(request, "已确认承诺，窗口工作人员可以提交这件申请，您也可以自行提交。")
    return redirect(application)


@keeps_typed()
@require_POST
@allow(Role.OPERATOR)
def withdraw(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """撤回申请 with its reason."""
    application = fetch(request, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, withdraw_form=form)
    data = form.cleaned_data
    try:
        submission.withdraw(
            application_id=pk, by=request.user, reason=data["reason"], version=data["version"], key=data["key"]
        )
    except Conflict as conflict:
        return moved_on(request, application, conflict)
    except Refused as refusal:
        return show(request, application, status=422, withdraw_form=form, refusal=refusal)
    messages.success(request, "申请已撤回。需要时可以重新申请，填过的内容会自动带入。")
    return redirect("applications:list")
