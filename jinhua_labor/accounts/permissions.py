"""Who may open which page: login everywhere by middleware, the role by `@allow`, the row by `visible_to()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

from jinhua_labor.core.access import allow, background_poll, keeps_typed, public

from .enums import Role

if TYPE_CHECKING:
    from .models import User

__all__ = ["EVERYONE", "UserRequest", "allow", "background_poll", "keeps_typed", "public"]


class UserRequest(HttpRequest):
    """A request that passed the sign-in middleware: its user is one of ours."""

    user: User  # type: ignore[assignment]


EVERYONE = tuple(role for role in Role if role != Role.SYSTEM)
"""Every role that can sign in."""
