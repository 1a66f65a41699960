"""The fonts of official print: which family stands in for which, and what none of them can draw.

The licensed families of GB/T 9704-2012 are named first and win where an office has installed them; free ones follow.
"""

from __future__ import annotations

import functools
import os
import threading

import cffi
from django.conf import settings

# Only the checkout's own configuration: script/setup writes it beside FandolFang. It includes the system's fonts, and
# must be named before fontconfig wakes up, that is before WeasyPrint is imported.
_FONTS_CONF = settings.BASE_DIR / ".state" / "fonts" / "fonts.conf"
if _FONTS_CONF.exists():
    os.environ.setdefault("FONTCONFIG_FILE", str(_FONTS_CONF))

# Rare characters of names (GB 18030-2022, planes 2 and 3) come last in every stack.
_RARE = ("Noto Serif CJK SC", "HanaMinA", "HanaMinB", "LXGW WenKai")
FANGSONG = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FandolFang", *_RARE)  # 仿宋: body
TITLE_LICENSED = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK")
TITLE = (*TITLE_LICENSED, *_RARE)  # 小标宋: title and red head
HEI = ("SimHei", "黑体", "Noto Sans CJK SC", *_RARE)  # 黑体: headings of the first level
KAI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "LXGW WenKai", *_RARE)  # 楷体: headings of the second level
SONG = ("SimSun", "宋体", *_RARE)  # 宋体: page numbers

_ffi = cffi.FFI()
_ffi.cdef(
    """
    typedef struct PangoFontMap PangoFontMap; typedef struct PangoContext PangoContext;
    typedef struct PangoLayout PangoLayout; typedef struct PangoFontFamily PangoFontFamily;
    typedef struct PangoFontDescription PangoFontDescription;
    PangoFontMap* pango_ft2_font_map_new(void);
    PangoContext* pango_font_map_create_context(PangoFontMap*);
    void pango_font_map_list_families(PangoFontMap*, PangoFontFamily***, int*);
    const char* pango_font_family_get_name(PangoFontFamily*);
    PangoFontDescription* pango_font_description_from_string(const char*);
    PangoLayout* pango_layout_new(PangoContext*);
    void pango_layout_set_font_description(PangoLayout*, const PangoFontDescription*);
    void pango_layout_set_text(PangoLayout*, const char*, int);
    int pango_layout_get_unknown_glyphs_count(PangoLayout*);
    void pango_layout_get_size(PangoLayout*, int*, int*);
    void pango_font_description_set_absolute_size(PangoFontDescription*, double);
    void g_free(void*);
    """
)


_EM = 1000 * 1024  # font size for measuring, in Pango units: large, so that rounding to pixels does not count


LOCK = threading.RLock()
"""Pango's layout and font map are not made for two threads at once: two prints at the same moment end the process."""


class _Pango:
    """Pango asked directly, for what WeasyPrint has no question: families installed, glyphs missing."""

    def __init__(self) -> None:
        self._ft2 = _ffi.dlopen("libpangoft2-1.0.so.0")
        self._pango = _ffi.dlopen("libpango-1.0.so.0")
        self._glib = _ffi.dlopen("libglib-2.0.so.0")
        self._map = self._ft2.pango_ft2_font_map_new()
        self._layout = self._pango.pango_layout_new(self._pango.pango_font_map_create_context(self._map))
        families = ",".join(FANGSONG).encode()
        font = self._pango.pango_font_description_from_string(families)
        self._pango.pango_font_description_set_absolute_size(font, _EM)
        self._pango.pango_layout_set_font_description(self._layout, font)

    def families(self) -> frozenset[str]:
        found, count = _ffi.new("PangoFontFamily***"), _ffi.new("int*")
        self._pango.pango_font_map_list_families(self._map, found, count)
        names = (self._pango.pango_font_family_get_name(found[0][i]) for i in range(count[0]))
        result = frozenset(_ffi.string(name).decode() for name in names)
        self._glib.g_free(found[0])
        return result

    def unknown_glyphs(self, text: str) -> int:
        data = text.encode()
        with LOCK:
            self._pango.pango_layout_set_text(self._layout, data, len(data))
            return int(self._pango.pango_layout_get_unknown_glyphs_count(self._layout))

    def width(self, text: str) -> float:
        data = text.encode()
        size = _ffi.new("int*")
        with LOCK:
            self._pango.pango_layout_set_text(self._layout, data, len(data))
            self._pango.pango_layout_get_size(self._layout, size, _ffi.NULL)
        return float(size[0]) / _EM


@functools.cache
def _made() -> _Pango:
    return _Pango()


def _pango() -> _Pango:
    with LOCK:
        return _made()


@functools.cache
def installed_families() -> frozenset[str]:
    """Names of the font families this machine can draw with."""
    return _pango().families()


@functools.lru_cache(maxsize=20_000)
def advance(char: str) -> float:
    """How wide the body font, or the font that stands in for it, draws one character, in em."""
    return _pango().width(char)


def missing_glyphs(text: str) -> str:
    """The characters of `text` that no installed font can draw (they would print as boxes), each once, in order.

    Empty when all is well. A lone surrogate cannot be drawn either and counts as missing.
    """
    once = dict.fromkeys(c for c in text if not c.isspace())
    drawable = "".join(c for c in once if _encodable(c))
    if len(drawable) == len(once) and not _pango().unknown_glyphs(drawable):
        return ""
    return "".join(c for c in once if not _encodable(c) or _pango().unknown_glyphs(c))


def _encodable(char: str) -> bool:
    return not "\ud800" <= char <= "\udfff"


def _stack(families: tuple[str, ...]) -> str:
    """The installed ones of a stack as a CSS value: an absent family costs a search at every piece of text."""
    return ",".join(f'"{name}"' for name in families if name in installed_families()) or "serif"


@functools.cache
def css_variables() -> str:
    """A style rule with the font stacks of this machine as CSS variables, for every print stylesheet.

    The free stand-in for 小标宋 is a bold Song; the licensed face has one weight and must not be thickened.
    """
    weight = 400 if installed_families().intersection(TITLE_LICENSED) else 700
    return (
        f":root{{--fang:{_stack(FANGSONG)};--title:{_stack(TITLE)};--title-weight:{weight};"
        f"--hei:{_stack(HEI)};--kai:{_stack(KAI)};--song:{_stack(SONG)}}}"
    )
