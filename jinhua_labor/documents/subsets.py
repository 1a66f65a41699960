"""Fonts cut down to the characters of a print, remembered where the characters are the same again.

Cutting a Chinese font costs about 20 ms, and a form has the same title and headings each time. WeasyPrint has no
setting for it, so its one function is wrapped; what it makes depends on the face and the glyphs alone.
"""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from weasyprint.pdf.fonts import Font

_MOST_GLYPHS = 60  # of titles and headings; the text itself is different each time
_MOST_KEPT = 64  # a few dozen kB each


def remember_subsets() -> None:
    """Makes WeasyPrint take a small subset it has cut before instead of cutting it again."""
    if not hasattr(Font.subset, "__wrapped__"):
        Font.subset = _remembering(Font.subset)


def _remembering(cut: Callable[..., None]) -> Callable[..., None]:
    kept: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()

    @functools.wraps(cut)
    def subset(font: Font, to_unicode: dict[int, str], hinting: bool) -> None:
        if len(to_unicode) > _MOST_GLYPHS:
            cut(font, to_unicode, hinting)
            return
        key = (font.name, font.index, len(font.file_content), frozenset(to_unicode), bool(font.missing), hinting)
        if key not in kept:
            cut(font, to_unicode, hinting)
            kept[key] = font.file_content
            if len(kept) > _MOST_KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        font.file_content = kept[key]

    return subset
