from __future__ import annotations

from allauth.account.forms import LoginForm as BaseLoginForm


class LoginForm(BaseLoginForm):  # type: ignore[misc]
    pass
