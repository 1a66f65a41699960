"""A page as a browser parses it. lxml alone: a sweep reads thousands, and a soup takes longer than the page."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from lxml import etree, html

SILENT = {"script", "style", "code", "pre", "svg"}


@functools.lru_cache(maxsize=1)
def parsed(text: str) -> html.HtmlElement | None:
    """The page; None for an empty one, which a redirect has. To be read only: the same page may be asked for again."""
    return html.document_fromstring(text) if text.strip() else None


def elements(page: html.HtmlElement | None) -> list[html.HtmlElement]:
    return [] if page is None else list(page.iter("*"))


def source(tag: html.HtmlElement) -> str:
    """The beginning of an element, for a message."""
    return etree.tostring(tag, encoding="unicode", method="html", with_tail=False)[:80]


def _words(tag: html.HtmlElement) -> Iterator[str]:
    if not isinstance(tag.tag, str) or tag.tag in SILENT or tag.get("translate") == "no":
        return
    yield tag.text or ""
    for child in tag:
        yield from _words(child)
        yield child.tail or ""


def text_of(page: html.HtmlElement | None) -> str:
    """What a reader reads, code and what is marked as not to be translated left out."""
    return "" if page is None else " ".join(_words(page))
