"""Ways in without an account: registering an operator, an invitation, a reset link."""

from __future__ import annotations

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from jinhua_labor.accounts import services
from jinhua_labor.accounts.forms import JoinForm, RegisterForm, ResetForm
from jinhua_labor.accounts.permissions import public
from jinhua_labor.core.errors import Refused

UNPROCESSABLE = 422
TOO_MANY = 429


def _limited(request: HttpRequest, form: forms.Form) -> bool:
    """Too many of these from one address within a minute; says so on the form."""
    if ratelimit.consume(request, action="signup"):
        return False
    form.add_error(None, "提交过于频繁，请一分钟后再试。")
    return True


def _status(form: forms.Form) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


@public
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _limited(request, form):
            return render(request, "accounts/register.html", {"form": form}, status=TOO_MANY)
        data = {key: value for key, value in form.cleaned_data.items() if key not in {"consent", "password_again"}}
        try:
            services.register_operator(**data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "注册已提交，请登录查看进度。区就业服务中心确认后即可办理业务。")
            return redirect("account_login")
    return render(request, "accounts/register.html", {"form": form}, status=_status(form))


@public
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person makes the account."""
    invitation = services.find_invitation(token)
    if invitation is None:
        return render(request, "accounts/link_spent.html", {"what": "邀请链接"}, status=404)
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        data = {key: value for key, value in form.cleaned_data.items() if key != "password_again"}
        try:
            services.accept_invitation(token, **data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "账号已建立，请用它登录。")
            return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/join.html", context, status=_status(form))


@public
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """A new password by a link of the administrator; the second factor is asked at sign-in as ever."""
    found = services.find_password_reset(token)
    if found is None:
        return render(request, "accounts/link_spent.html", {"what": "重置链接"}, status=404)
    form = ResetForm(request.POST or None, user=found.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.reset_password(token, password=form.cleaned_data["password"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "密码已修改，请用新密码登录。")
            return redirect("account_login")
    return render(request, "accounts/reset.html", {"form": form, "person": found.user}, status=_status(form))
