"""Who may open a page: sign-in is required everywhere by middleware, the role by `@allow`, the row by `visible_to()`.

Roles are known here as text only, so that rooms below `accounts` can guard their pages too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


class Kept(NamedTuple):
    """What of a form is kept, and which address shows it again; empty: everything, the page it stood on."""

    only: tuple[str, ...]
    page: str


def allow(*roles: str) -> Callable[[View], View]:
    """Lets only these roles open the view; everyone else gets 403 (the row check is `visible_to`, and says 404)."""
    allowed = frozenset(str(role) for role in roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request.user, "role", None) not in allowed:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.allowed_roles = allowed  # type: ignore[attr-defined]  # the sweep over all URLs reads it
        return guarded

    return decorate


def public(view: View) -> View:
    """Marks a page that needs no sign-in; the sweep lists these."""
    view = login_not_required(view)
    view.allowed_roles = None  # type: ignore[attr-defined]
    return view


def keeps_typed(*only: str, page: str = "") -> Callable[[View], View]:
    """Marks a form whose text is not lost when the session has run out: it is filled in again where it stood.

    `only` names the fields that are kept where not all may be. Only what may lie in a session: never rosters, numbers,
    accounts. `page` names another address, of the same `pk`, that shows the text again in its own way.
    """

    def decorate(view: View) -> View:
        view.keeps_typed = Kept(only, page)  # type: ignore[attr-defined]
        return view

    return decorate


def background_poll(view: View) -> View:
    """Marks a page that a script asks again and again by itself: it does not count as the person being there."""
    view.background_poll = True  # type: ignore[attr-defined]
    return view
