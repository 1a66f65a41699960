"""One world for all sweeps of a module; what a test does to it is undone after the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.meta.browser import close_sessions, forget_tables, open_sessions
from tests.meta.world import World, build


@pytest.fixture(scope="module")
def _district(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world in a transaction that is never committed: other modules do not see it."""
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock():
        frame = transaction.atomic()
        frame.__enter__()
        try:
            with override_settings(MEDIA_ROOT=media):
                made = build()
            open_sessions([made.own.user, made.own.colleague, made.other.user, made.other.colleague, made.pending])
            open_sessions(made.people.values())
            yield made, media
        finally:
            close_sessions()
            transaction.set_rollback(True)
            frame.__exit__(None, None, None)


@pytest.fixture
def world(_district: tuple[World, Path], db: None, settings: Any) -> World:
    """The district as it was built; the test may do to it what it likes, `db` undoes it."""
    made, settings.MEDIA_ROOT = _district
    forget_tables()
    return made
