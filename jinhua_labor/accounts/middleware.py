"""Between the session and the pages: time limits, a second factor where required, organisations not confirmed yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from jinhua_labor.core.access import Kept
from jinhua_labor.core.refill import refill

from . import sessions, signin
from .enums import OrganisationState
from .models import LoginEvent, User

SIGNED_OUT = "登录已超时，请重新登录，未保存内容仍在本页"
HELD = "portal_held_form"
HELD_MAX = 60_000
WRITTEN = re.compile(r"[\u3400-\u9fff]")  # somebody's words, unlike the values of choices
SECOND_FACTOR_OK = "portal_second_factor"
# What a person may open before the second factor is set up or the organisation is confirmed.
ACCOUNT_PAGES = frozenset(
    {
        *("account_logout", "account_reauthenticate", "account_change_password"),
        *(
            "mfa_index",
            "mfa_activate_totp",
            "mfa_reauthenticate",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
        ),
        *("usersessions_list", "accounts:waiting", "accounts:me"),
    }
)


def asked_by_script(request: HttpRequest) -> bool:
    """A fragment asked for by htmx or fetch, where a redirect to a whole page would land inside another page."""
    return request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") in {
        "fetch",
        "XMLHttpRequest",
    }


def way_back(request: HttpRequest) -> str:
    """The page to return to after signing in: this one, or for a form the page it was sent from."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(referer)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return reverse(settings.LOGIN_REDIRECT_URL)


def hold(request: HttpRequest, kept: Kept, pk: object, user: User) -> HttpResponse:
    """Keeps the text of a form that was sent after the session had run out, until the same person is back at its page.

    What scripts keep in the browser, a browser without scripts cannot: the new, not yet signed-in session does.
    """
    page = reverse(kept.page, args=[pk]) if kept.page else way_back(request)
    typed = request.POST.copy()
    for name in [*typed]:
        if name == "csrfmiddlewaretoken" or (kept.only and name not in kept.only):
            del typed[name]
    text = typed.urlencode()
    if len(text) <= HELD_MAX:
        sent_to = "" if kept.page else request.path
        request.session[HELD] = {
            "page": page, "user": str(user.pk), "form": text, "sent_to": sent_to, "only": [*kept.only]
        }  # fmt: skip
    return redirect_to_login(page)


def held(request: HttpRequest) -> QueryDict | None:
    """What was kept for this person and this page, once."""
    kept = request.session.get(HELD)
    if not kept or kept.get("sent_to") or kept["page"] != request.path:
        return None
    del request.session[HELD]
    return QueryDict(kept["form"]) if kept["user"] == str(request.user.pk) else None


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """401 for a script, which then says so on the page and keeps what was typed; else the way to the sign-in page."""
    if not asked_by_script(request):
        return redirect_to_login(way_back(request))
    login = reverse(settings.LOGIN_URL)
    if request.headers.get("HX-Request") == "true":
        body = format_html('<p role="alert">{}。<a href="{}" target="_blank">重新登录</a></p>', SIGNED_OUT, login)
        return HttpResponse(body, status=401)
    return JsonResponse(
        {"message": f"{SIGNED_OUT}。", "login": login}, status=401, json_dumps_params={"ensure_ascii": False}
    )


class SessionLimitsMiddleware:
    """Ends sessions that were idle or open too long, and answers scripts with 401 instead of a sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if not sessions.expired(request):
                if not getattr(view, "background_poll", False):
                    sessions.touch(request)
                return None
            user = cast(User, request.user)
            signin.note(username=user.username, outcome=LoginEvent.Outcome.EXPIRED, user=user)
            logout(request)
            kept = getattr(view, "keeps_typed", None)
            # Only where a session has run out: what strangers post fills no table.
            if kept and request.method == "POST" and not asked_by_script(request):
                return hold(request, kept, kwargs.get("pk"), user)
        if not getattr(view, "login_required", True) or request.user.is_authenticated:
            return None
        return sign_in_again(request)


class TypedAgainMiddleware:
    """Fills in the form a person had sent when the session had run out, once that person is back at its page.

    Where the page has no such form any more (a colleague was quicker, the matter has moved on), it says what was
    written instead, to be copied.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A page that has not looked at its session does not begin to depend on it here.
        kept = request.session.get(HELD) if request.method == "GET" and request.session.accessed else None
        if not kept or not kept.get("sent_to") or kept["page"] != request.get_full_path():
            return response
        if response.status_code not in (200, 302) or not request.user.is_authenticated:
            return response
        del request.session[HELD]
        if kept["user"] != str(request.user.pk):
            return response
        typed, page = QueryDict(kept["form"]), None
        if response.status_code == 200 and isinstance(response, HttpResponse):
            told = {
                f"told{more}": render_to_string("accounts/_typed_again.html", {"files": bool(more)})
                for more in ("", "_files")
            }
            html = response.content.decode(response.charset)
            page = refill(html, typed, sent_to=kept["sent_to"], here=request.path, only=kept["only"], **told)
        if page is not None:
            response.content = page.encode(response.charset)  # type: ignore[attr-defined]
            return response
        if words := "；".join(text for values in typed.lists() for text in values[1] if WRITTEN.search(text)):
            messages.warning(request, f"登录超时前写的内容没有提交，现在这一页不再需要它，可以复制后另用：{words}")
        return response if response.status_code == 302 else redirect(request.get_full_path())


class SecondFactorMiddleware:
    """Sends people to what they must settle first: the second factor of their role, the centre's confirmation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        user = cast(User, request.user)
        page = request.resolver_match.view_name if request.resolver_match else ""
        if page in ACCOUNT_PAGES:
            return None
        if user.role in settings.SECOND_FACTOR_ROLES and not request.session.get(SECOND_FACTOR_OK):
            if not is_mfa_enabled(user):
                messages.warning(request, "您的岗位需要启用第二重验证（动态口令），启用后即可继续。")
                return redirect("mfa_activate_totp")
            request.session[SECOND_FACTOR_OK] = True
        if user.organisation is not None and user.organisation.state != OrganisationState.ACTIVE:
            return redirect("accounts:waiting")
        return None
