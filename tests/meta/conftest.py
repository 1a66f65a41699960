"""One world for all sweeps; what a test does to it is undone after the test."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jinhua_labor.documents import render
from tests.meta.browser import forget_tables
from tests.meta.standing import standing
from tests.meta.world import World


@pytest.fixture(scope="package", autouse=True)
def _printed_once() -> Iterator[None]:
    """The same text is set in type once: the sweeps ask for each paper as everybody, and setting takes a second."""
    layout = render._layout

    @functools.lru_cache(maxsize=32)
    def once(html: str, style: str) -> Any:
        document = layout(html, style)
        document.write_pdf = functools.cache(document.write_pdf)
        return document

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "_layout", once)
        yield


@pytest.fixture(scope="package")
def _district(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), standing(media) as made:
        yield made, media


@pytest.fixture
def world(_district: tuple[World, Path], db: None, settings: Any) -> World:
    """The district as it was built; the test may do to it what it likes, `db` undoes it."""
    made, settings.MEDIA_ROOT = _district
    forget_tables()
    return made
