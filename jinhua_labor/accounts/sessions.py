"""Signed-in sessions: idle and absolute limits, at most three a person, ended at once when a person is disabled."""

from __future__ import annotations

import time
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .models import User

SIGNED_IN_AT = "portal_signed_in_at"
SEEN_AT = "portal_seen_at"
REFRESH_SECONDS = 60  # writing the session on every request would cost an UPDATE each


def start(request: HttpRequest) -> None:
    """Starts both clocks; called at sign-in, under the new session key."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


def expired(request: HttpRequest) -> bool:
    """Idle longer than allowed, or signed in longer than allowed however busy."""
    now = time.time()
    idle = now - request.session.get(SEEN_AT, 0)
    whole = now - request.session.get(SIGNED_IN_AT, 0)
    return idle > settings.SESSION_IDLE_MINUTES * 60 or whole > settings.SESSION_ABSOLUTE_HOURS * 3600


def touch(request: HttpRequest) -> None:
    """Notes that the person is here, at most once a minute."""
    now = int(time.time())
    if now - request.session.get(SEEN_AT, 0) >= REFRESH_SECONDS:
        request.session[SEEN_AT] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def _end(sessions: list[UserSession]) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in sessions:
        store().delete(session.session_key)
        session.delete()
    return len(sessions)


def end_oldest(user: User, *, keep: str | None) -> int:
    """Ends the sessions beyond `SESSIONS_MAX`, the longest unused first, never `keep`; gives their number."""
    alive = [session for session in UserSession.objects.purge_and_list(user) if session.session_key != keep]
    alive.sort(key=lambda session: session.last_seen_at, reverse=True)
    return _end(alive[settings.SESSIONS_MAX - 1 :])


def end_all(user: User) -> int:
    """Ends every session of the person, on all machines; gives their number."""
    return _end(list(UserSession.objects.filter(user=user)))
