"""One's own page, and the page of an organisation that waits for its confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jinhua_labor.accounts import services
from jinhua_labor.accounts.enums import OrganisationState
from jinhua_labor.accounts.forms import AmendForm, ProfileForm
from jinhua_labor.accounts.models import LoginEvent
from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow
from jinhua_labor.core.errors import Refused

RECENT = 10


@require_http_methods(["GET", "POST"])
@allow(*EVERYONE)
def me(request: UserRequest) -> HttpResponse:
    user = request.user
    initial = {"name": user.name, "phone": user.phone, "email": user.email, "large_text": user.large_text}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.update_profile(user, by=user, **form.cleaned_data)
        messages.success(request, "资料已保存。")
        return redirect("accounts:me")
    context = {"form": form, "events": LoginEvent.objects.filter(user=user)[:RECENT]}
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(*EVERYONE)
def waiting(request: UserRequest) -> HttpResponse:
    """What an operator sees until the centre has confirmed it; a refused one corrects and sends again."""
    user, organisation = request.user, request.user.organisation
    if organisation is None or organisation.state == OrganisationState.ACTIVE:
        return redirect("dashboard:home")
    initial = {
        "name": organisation.name,
        "contact_name": organisation.contact_name,
        "contact_phone": organisation.contact_phone,
        "licence_no": organisation.licence_no,
    }
    form = AmendForm(request.POST or None, initial=initial) if user.is_org_admin else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.amend_registration(organisation, by=user, **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "已重新提交，请等待确认。")
        return redirect("accounts:waiting")
    context = {"form": form, "organisation": organisation}
    return render(request, "accounts/waiting.html", context, status=422 if form is not None and form.errors else 200)
