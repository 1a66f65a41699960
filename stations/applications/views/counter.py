"""窗口录入: the centre enters a paper application for an operator, registered or new."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.accounts.services import register_at_counter
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from stations.applications.forms.steps import CounterForm, NewOperatorForm
from stations.applications.queries.facts import intake_closed
from stations.applications.queries.standing import standing
from stations.applications.services import counter


@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def start(request: UserRequest) -> HttpResponse:
    """Asks for the credit code: a registered operator's file is opened, an unknown one goes on to registration."""
    form = CounterForm(request.POST or None)
    context = {"form": form, "closed": intake_closed(today())}
    if request.method == "GET" or not form.is_valid():
        return render(request, "applications/counter.html", context, status=422 if form.errors else 200)
    code = form.cleaned_data["credit_code"]
    operator = counter.operator_of(code)
    if operator is None:
        new = NewOperatorForm(initial={"credit_code": code})
        return render(request, "applications/counter_new.html", {"form": new})
    context["operator"], context["standing"] = operator, standing(operator, day=today())
    if "open" not in request.POST:
        return render(request, "applications/counter.html", context)
    try:
        application, new_one = counter.open_for(operator=operator, by=request.user)
    except Refused as refusal:
        return render(request, "applications/counter.html", {**context, "refusal": refusal}, status=422)
    messages.success(request, "已新建窗口申请。" if new_one else "已打开该单位正在录入的申请。")
    return redirect(application)


@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def register(request: UserRequest) -> HttpResponse:
    """Registers a unit at the counter; the one-time link of its administrator is shown on the answer, once."""
    form = NewOperatorForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return render(request, "applications/counter_new.html", {"form": form}, status=422 if form.errors else 200)
    data = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
    try:
        organisation, token = register_at_counter(**data, by=request.user)
    except Refused as refusal:
        return render(request, "applications/counter_new.html", {"form": form, "refusal": refusal}, status=422)
    return render(
        request,
        "applications/counter_registered.html",
        {"organisation": organisation, "token": token, "active": OrganisationState.ACTIVE},
    )
