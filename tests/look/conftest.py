"""A real browser on a real server; the style guide itself needs no row."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.pageerrors import is_ours


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser reports an error (a refused script or style, an exception)."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)) if is_ours(error) else None)
    page.on(
        "console",
        lambda line: (
            faults.append(line.text) if "Content Security Policy" in line.text or "Refused to" in line.text else None
        ),
    )
    yield page
    context.close()
    assert faults == []
