from typing import Any

from django.apps import AppConfig


def _note_second_factor(*, user: Any, method: str, **_: Any) -> None:
    """allauth has no adapter hook for the second step, only this signal."""
    if method == "mfa":
        from .models import LoginEvent
        from .signin import note

        note(username=user.username, outcome=LoginEvent.Outcome.SECOND_FACTOR, user=user)


def _start_clocks(*, request: Any, **_: Any) -> None:
    """Whichever way somebody is signed in, the session has its limits."""
    from .sessions import start

    start(request)


class AccountsConfig(AppConfig):
    name = "jinhua_labor.accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from allauth.account.signals import authentication_step_completed
        from django.contrib.auth.signals import user_logged_in

        from . import checks  # noqa: F401  registers itself on import

        user_logged_in.connect(_start_clocks, dispatch_uid="accounts.start_clocks")
        authentication_step_completed.connect(_note_second_factor, dispatch_uid="accounts.second_factor")
