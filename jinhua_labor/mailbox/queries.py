"""Reads of the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .models import Message

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User


def unread_count(user: User) -> int:
    """Unread messages of this person; one index-only count, asked on every page."""
    return Message.objects.visible_to(user).unread().count()
