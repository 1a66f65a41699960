"""Our part of allauth's sign-in: no self-registration, lock-out with its end, journalled outcomes, encrypted seeds."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest

from jinhua_labor.core.crypto import key_ring

from . import sessions, signin
from .models import LoginEvent, User

SEED_CONTEXT = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "登录账号或密码不正确。",  # the same for an account nobody has
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: operators register their organisation, everyone else is invited."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person, or None. Five failures within 15 minutes close the account for 15 minutes, on every machine."""
        username = str(credentials.get("username", ""))
        locked: ValidationError | None = None
        user = None
        with transaction.atomic():  # kept short: the lock is held for one password check
            signin.one_at_a_time(username)
            until = signin.locked_until(username)
            if until is not None:
                locked = ValidationError(signin.locked_message(until), code="locked")
            else:
                try:
                    user = super().authenticate(request, **credentials)
                except ValidationError:
                    locked = ValidationError("登录尝试过于频繁，请 15 分钟后再试。", code="locked")
            if locked is not None:
                signin.note(username=username, outcome=LoginEvent.Outcome.LOCKED)
            elif user is None:
                signin.note(
                    username=username,
                    outcome=LoginEvent.Outcome.FAILED,
                    user=User.objects.filter(username=signin.normalised(username)).first(),
                )
        if locked is not None:
            raise locked
        return user

    def login(self, request: HttpRequest, user: Any) -> None:
        """Signs in with a new session key, ends the oldest beyond the limit."""
        super().login(request, user)
        signin.note(username=user.username, outcome=LoginEvent.Outcome.OK, user=user)
        ended = sessions.end_oldest(user, keep=request.session.session_key)
        if ended:
            messages.warning(request, f"同一账号最多同时登录 {settings.SESSIONS_MAX} 处，已退出最早登录的 {ended} 处。")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The caller's address; what comes over a socket without a proxy has none, which must not stop the sign-in."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return UNKNOWN_ADDRESS

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            signin.note(username=request.user.username, outcome=LoginEvent.Outcome.LOGOUT, user=request.user)
        super().logout(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """allauth's own chatter (「您已登录」) is left out; what must be said has our words."""
        if message_template in QUIET_MESSAGES:
            return
        super().add_message(request, level, message_template, *args, **kwargs)


UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104  nothing listens here
QUIET_MESSAGES = frozenset({"account/messages/logged_in.txt"})


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of one-time codes and recovery codes are encrypted with the key ring of the secret columns."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(key_ring().encrypt(text, SEED_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return key_ring().decrypt(base64.b64decode(encrypted_text), SEED_CONTEXT)

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Where the second factor is required it is reset by an administrator, never switched off by the person."""
        return authenticator.user.role not in settings.SECOND_FACTOR_ROLES
