"""What the pages of a draft need: the word that belongs to a name."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(words: Mapping[str, str], name: object) -> str:
    """The entry of a mapping under a name; empty when there is none."""
    return words.get(str(name), "")
