"""The people of an organisation, kept by its administrators; of every organisation, by the system administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinhua_labor.accounts import services, signin
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.forms import InviteForm, ReasonForm
from jinhua_labor.accounts.models import Invitation, Organisation, User
from jinhua_labor.accounts.permissions import EVERYONE, UserRequest, allow
from jinhua_labor.core.errors import Refused


def _organisation(request: UserRequest, pk: UUID | str | None) -> Organisation:
    """The organisation whose people are shown; a stranger's is 404, not managing one's own is 403."""
    if not (request.user.is_org_admin or request.user.role == Role.ADMIN):
        raise PermissionDenied
    chosen = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk or request.user.organisation_id)
    if not services.manages(request.user, chosen):
        raise PermissionDenied
    return chosen


def _person(request: UserRequest, pk: UUID) -> User:
    if not (request.user.is_org_admin or request.user.role == Role.ADMIN):
        raise PermissionDenied
    return get_object_or_404(User.objects.visible_to(request.user).select_related("organisation"), pk=pk)


def _open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    return organisation.invitations.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )


@require_GET
@allow(*EVERYONE)
def people(request: UserRequest) -> HttpResponse:
    try:
        wanted = UUID(request.GET["organisation"]) if request.GET.get("organisation") else None
    except ValueError:
        wanted = None
    organisation = _organisation(request, wanted)
    is_admin = request.user.role == Role.ADMIN
    context = {
        "organisation": organisation,
        "people": organisation.people.order_by("-is_active", "name"),
        "invitations": _open_invitations(organisation),
        "form": InviteForm(by=request.user, organisation=organisation),
        "organisations": Organisation.objects.visible_to(request.user).order_by("kind", "name") if is_admin else None,
    }
    return render(request, "accounts/people.html", context)


@require_POST
@allow(*EVERYONE)
def invite(request: UserRequest, pk: UUID) -> HttpResponse:
    """Makes the invitation and shows its link, this once."""
    organisation = _organisation(request, pk)
    form = InviteForm(request.POST, by=request.user, organisation=organisation)
    context: dict[str, Any] = {"organisation": organisation, "form": form}
    if form.is_valid():
        try:
            invitation, token = services.invite(by=request.user, organisation=organisation, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            link = request.build_absolute_uri(reverse("accounts:join", args=[token]))
            return render(request, "accounts/link.html", {"link": link, "name": invitation.name, "what": "邀请"})
    context |= {
        "people": organisation.people.order_by("-is_active", "name"),
        "invitations": _open_invitations(organisation),
    }
    return render(request, "accounts/people.html", context, status=422)


@require_POST
@allow(*EVERYONE)
def withdraw(request: UserRequest, pk: UUID) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.user)
    invitation = get_object_or_404(Invitation.objects.filter(organisation__in=visible), pk=pk)
    _organisation(request, invitation.organisation_id)
    try:
        services.withdraw_invitation(invitation, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "邀请已撤回，链接不再有效。")
    return redirect(f"{reverse('accounts:people')}?organisation={invitation.organisation_id}")


@require_http_methods(["GET"])
@allow(*EVERYONE)
def person(request: UserRequest, pk: UUID) -> HttpResponse:
    found = _person(request, pk)
    context = {
        "person": found,
        "locked_until": signin.locked_until(found.username),
        "form": ReasonForm(),
        "is_admin": request.user.role == Role.ADMIN,
        "kept": services.keeps(request.user, found),
        "events": found.login_events.all()[:10],
    }
    return render(request, "accounts/person.html", context)


@require_POST
@allow(*EVERYONE)
def change(request: UserRequest, pk: UUID, step: str) -> HttpResponse:
    """One step on one account: disable, enable, admin, member, unlock, reset, second-factor."""
    found = _person(request, pk)
    reason = ReasonForm(request.POST)
    if step in {"disable", "reset", "second-factor"} and not reason.is_valid():
        messages.error(request, "请填写原因。")
        return redirect("accounts:person", pk=pk)
    try:
        match step:
            case "disable":
                services.disable_user(found, by=request.user, reason=reason.cleaned_data["reason"])
                messages.success(request, f"已停用{found.name}的账号，其所有登录已退出。")
            case "enable":
                services.enable_user(found, by=request.user)
                messages.success(request, f"已启用{found.name}的账号。")
            case "admin" | "member":
                services.set_org_admin(found, by=request.user, value=step == "admin")
                messages.success(request, "管理员设置已保存。")
            case "unlock":
                services.unlock(found, by=request.user)
                messages.success(request, "已解除登录限制。")
            case "reset":
                _row, token = services.issue_password_reset(
                    found, by=request.user, reason=reason.cleaned_data["reason"]
                )
                link = request.build_absolute_uri(reverse("accounts:reset", args=[token]))
                return render(request, "accounts/link.html", {"link": link, "name": found.name, "what": "重置密码"})
            case "second-factor":
                services.reset_second_factor(found, by=request.user, reason=reason.cleaned_data["reason"])
                messages.success(request, "已清除动态口令，本人下次登录时重新设置。")
            case _:
                raise Http404
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("accounts:person", pk=pk)
