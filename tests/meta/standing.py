"""A world that stands for many tests, and that nobody else sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.test import override_settings

from tests.meta.browser import close_sessions, open_sessions
from tests.meta.world import World, build


@contextmanager
def standing(media: Path, *words: str) -> Iterator[World]:
    """The world in a transaction that is never committed, its people signed in; the words are its two operators'."""
    frame = transaction.atomic()
    frame.__enter__()
    people = []
    try:
        with override_settings(MEDIA_ROOT=media):
            made = build(*words)
        people = [made.own.user, made.own.colleague, made.other.user, made.other.colleague, made.pending]
        people += made.people.values()
        open_sessions(people)
        connection.check_constraints()  # or each test would check the foreign keys of all these rows at its end
        yield made
    finally:
        close_sessions(people)
        transaction.set_rollback(True)
        frame.__exit__(None, None, None)
