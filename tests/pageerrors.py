"""Errors of scripts on a page, told apart from those of the browser's own PDF viewer."""

from __future__ import annotations

from playwright.sync_api import Error


def is_ours(error: Error) -> bool:
    """False for what the browser's PDF viewer says of itself: it stumbles when its paper goes while it loads."""
    return "chrome-extension://" not in (error.stack or "")
