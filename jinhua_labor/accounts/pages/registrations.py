"""Registrations of operators, decided by the centre (区就业服务中心)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from jinhua_labor.accounts import services
from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.forms import RefuseForm
from jinhua_labor.accounts.models import Organisation
from jinhua_labor.accounts.permissions import UserRequest, allow, keeps_typed
from jinhua_labor.core.errors import Refused

PAGE = 20
CONFLICT = 409


@require_GET
@allow(Role.CENTRE)
def registrations(request: UserRequest) -> HttpResponse:
    state = request.GET.get("state", OrganisationState.PENDING)
    if state not in OrganisationState.values:
        state = OrganisationState.PENDING
    rows = Organisation.objects.visible_to(request.user).operators().filter(state=state).order_by("registered_at", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tabs = [{"url": f"?state={s.value}", "label": s.label, "active": s.value == state} for s in OrganisationState]
    return render(request, "accounts/registrations.html", {"page": page, "tabs": tabs, "state": state})


@keeps_typed()
@require_http_methods(["GET", "POST"])
@allow(Role.CENTRE)
def registration(request: UserRequest, pk: UUID) -> HttpResponse:
    """One registration; the centre confirms it, or refuses with a reason."""
    found = get_object_or_404(Organisation.objects.visible_to(request.user).operators(), pk=pk)
    form = RefuseForm(request.POST if request.POST.get("decision") == "refuse" else None)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("decision") == "confirm":
                services.confirm_registration(found, by=request.user)
                messages.success(request, f"已确认{found.name}，该单位现在可以办理业务。")
                return redirect("accounts:registrations")
            if form.is_valid():
                services.refuse_registration(found, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, f"已退回{found.name}的注册，对方登录后可看到原因并改正。")
                return redirect("accounts:registrations")
            status = 422
        except Refused as refusal:
            messages.error(request, refusal.message)
            found.refresh_from_db()
            status = CONFLICT
    context = {"organisation": found, "form": form, "people": found.people.all()}
    return render(request, "accounts/registration.html", context, status=status)
