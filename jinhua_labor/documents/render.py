"""HTML to PDF, the one place where WeasyPrint is called.

One font configuration and one parsed stylesheet per kind and process: a fresh one copies and rescans fonts each time.
"""

from __future__ import annotations

import functools
import gc
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from django.conf import settings
from django.template import Engine, Template
from django.template.context import Context

from . import fonts  # first: names the fonts before WeasyPrint wakes fontconfig up

# isort: split
import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from .subsets import remember_subsets

_CSS_DIR = Path(__file__).parent / "css"
_VARIANT = "pdf/a-2u"  # archived for good: fonts embedded, every glyph with its character
_LOCK = fonts.LOCK
remember_subsets()


class _NothingFetched(URLFetcher):
    """Refuses every address: our print has no pictures and links no file, so what asks for one was smuggled in."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> NoReturn:
        raise FatalURLFetchingError(f"打印件不得引用外部资源：{url[:80]}")


@functools.cache
def _font_config() -> FontConfiguration:
    return FontConfiguration()


@functools.cache
def _fetcher() -> _NothingFetched:
    return _NothingFetched()


@functools.cache
def _stylesheet(name: str) -> CSS:
    text = fonts.css_variables() + (_CSS_DIR / "base.css").read_text() + (_CSS_DIR / f"{name}.css").read_text()
    return CSS(string=text, font_config=_font_config(), url_fetcher=_fetcher())


@functools.cache
def _engine() -> Engine:
    # Not the site's engine: print needs no components, no request, no menu, and works in a bare process.
    return Engine(dirs=[str(settings.BASE_DIR / "templates")], libraries={}, autoescape=True)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Boxes hang together until the print is done; the collector would walk all of them again and again meanwhile."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _filled(page: Template, values: Mapping[str, object]) -> str:
    # Figures stand as they are, in every language of the site.
    return str(page.render(Context(dict(values), use_l10n=False)))


def _pack_lightly(_document: Document, pdf: pydyf.PDF) -> None:
    """Compresses the parts of a print at zlib's quickest level: most of it are outlines of glyphs, which hardly shrink;
    the thorough level WeasyPrint takes costs a fifth of the time for 4 % of the size."""
    for part in pdf.objects:
        if isinstance(part, pydyf.Stream) and part.compress:
            part.compress = False
            _, _, plain = part.data.partition(b"\nstream\n")
            part.stream = [zlib.compress(plain.removesuffix(b"\nendstream"), 1)]
            part.extra["Filter"] = "/FlateDecode"


def _layout(html: str, style: str) -> Document:
    source = HTML(string=html, url_fetcher=_fetcher())
    return source.render(stylesheets=[_stylesheet(style)], font_config=_font_config())


def render(
    template: str,
    context: Mapping[str, object],
    *,
    style: str,
    again: Callable[[Document], Mapping[str, object] | None] | None = None,
) -> tuple[bytes, int]:
    """The PDF of a template under `templates/documents/`, and its number of pages.

    `again` looks at the finished layout and may return more context for a second one (where something stands depends
    on where the text ended). Characters no font can draw are named at the foot (`missing` in the context), so that a
    person writes them in by hand.
    """
    page = _engine().get_template(f"documents/{template}")
    values: dict[str, object] = {**context}
    html = _filled(page, values)
    if missing := fonts.missing_glyphs(html):
        values["missing"] = "、".join(f"{c}（U+{ord(c):04X}）" for c in missing)
        html = _filled(page, values)
    with _LOCK, _without_collecting():
        document = _layout(html, style)
        if again is not None and (more := again(document)) is not None:
            document = _layout(_filled(page, {**values, **more}), style)
        with warnings.catch_warnings():
            # WeasyPrint leaves closing the colour profile of PDF/A to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            return document.write_pdf(finisher=_pack_lightly, pdf_variant=_VARIANT), len(document.pages)
