"""Every template: compiles, is used, escapes, asks for the token, speaks Chinese."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template.loader import get_template

from tests.meta.test_models import sources

ROOT = Path(settings.BASE_DIR) / "templates"
PATHS = sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.suffix in {".html", ".txt", ".xml"}
)
PAGES = [name for name in PATHS if name.endswith(".html")]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in PATHS}


@pytest.mark.parametrize("name", PATHS)
def test_模板可以编译(name: str) -> None:
    get_template(name)


# --- used -------------------------------------------------------------------------------------------------------------

BY_NAME = {
    "429.html": "allauth renders it when somebody tries too often",
    "forms/errors.html": "named by PortalRenderer",
    "forms/field.html": "named by PortalRenderer",
    "forms/form.html": "named by PortalRenderer",
    "components/icon.html": "the component's name for pages that have no `look` loaded",
}
HOMES = "dashboard/home_"  # one a role, named by the view from the role
OVERRIDDEN = ("allauth", "django.contrib.auth")


def _overrides(name: str) -> bool:
    """A page of a package that we replace by one of the same name."""
    for package in OVERRIDDEN:
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or []) if found else []:
            if any(Path(folder).rglob(f"templates/{name}")):
                return True
    return False


def test_没有不用的模板() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources())
    code += Path(settings.BASE_DIR, "jinhua_labor", "settings.py").read_text(encoding="utf-8")
    markup = "\n".join(TEXTS.values())
    unused = []
    for name in PATHS:
        if name in BY_NAME or name.startswith(HOMES) or _overrides(name):
            continue
        if name.startswith("components/"):
            tag = name.removeprefix("components/").removesuffix(".html").replace("/", ".").replace("_", "-")
            used = re.search(rf"<c-{re.escape(tag)}[\s/>]", markup) is not None
        else:
            inner = name.removeprefix("documents/")  # printed: documents.render names the file in its folder
            used = any(f"{quote}{word}" in text for quote in "\"'" for word in (name, inner) for text in (code, markup))
        if not used:
            unused.append(name)
    assert unused == []


# --- safe -------------------------------------------------------------------------------------------------------------

UNESCAPED = {
    "components/dropzone.html": "a number of bytes, kept from becoming 20,971,520",
}


def test_只有写明原因的地方不转义() -> None:
    bare = {name for name, text in TEXTS.items() if re.search(r"\|\s*safe\b|autoescape off|\|\s*safeseq\b", text)}
    assert bare - {name for name in bare if name.endswith(".txt")} == set(UNESCAPED)


MARKED_SAFE = {
    # Hundreds a page: built from numbers, our own words and escaped text only (tests/look/test_components.py).
    "jinhua_labor/dashboard/templatetags/look.py",
}


def test_代码里没有标记为安全的文字() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in sources()
        if re.search(
            r"\bmark_safe\(|\bSafeString\(|\bSafeText\(|is_safe=True|needs_autoescape", path.read_text("utf-8")
        )
    }
    assert found == MARKED_SAFE


@pytest.mark.parametrize("name", PAGES)
def test_提交的表单都带令牌(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", TEXTS[name], re.DOTALL | re.IGNORECASE):
        head = form[: form.index(">")]
        method = re.search(r'method="(\w+)"', head)
        assert method, f"表单没有写明 method：{head[:80]}"
        if method[1].lower() == "post":
            assert "{% csrf_token %}" in form, head[:120]
        else:
            assert "csrf_token" not in form, "令牌会进入地址"


@pytest.mark.parametrize("name", PAGES)
def test_图片有替代文字_按钮有类型(name: str) -> None:
    page = BeautifulSoup(TEXTS[name], "html.parser")
    assert [str(tag)[:80] for tag in page.select("img:not([alt])")] == []
    assert [str(tag)[:80] for tag in page.select("button:not([type])")] == []
    assert [str(tag)[:80] for tag in page.select("iframe:not([title])")] == []


PLACES = re.compile(r"(?:src|href|action|data-[a-z-]+|hx-[a-z]+)=[\"'](https?:)?//")
ABROAD = {"documents/": "addresses printed on paper"}


@pytest.mark.parametrize("name", PAGES)
def test_页面不向别处取东西(name: str) -> None:
    """Nothing is loaded from another host; a link to the ministry's filing register is a link, not a load."""
    for tag in re.findall(r"<(?!a\b)[a-z-]+\b[^>]*>", TEXTS[name]):
        assert not PLACES.search(tag), tag


# --- words ------------------------------------------------------------------------------------------------------------

LATIN = re.compile(r"[A-Za-z]{2,}")
WORDS = {
    *("PDF", "DOCX", "Word", "Excel", "WPS", "JPG", "JPEG", "PNG", "HEIC", "xls", "xlsx", "MB", "KB", "CSV"),
    *("IP", "SHA", "SM", "ICP", "TOTP", "URL", "GB", "ID", "SL", "JD", "Esc", "Enter", "Ctrl", "Tab"),
    *("PNG", "OFD", "VIII", "Cookie", "nbsp", "ods"),
}
VISIBLE = re.compile(r'\b(?:title|label|placeholder|aria-label|alt|hint|text|empty|value|heading|summary)="([^"]*)"')


def _without_code(text: str) -> str:
    text = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{% block \w*(?:class|name) %\}.*?\{% endblock %\}", " ", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    return re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)


def english(text: str) -> set[str]:
    """Words a reader would see that are not Chinese and not on the list of names that have no Chinese."""
    bare = _without_code(text)
    shown = [re.sub(r"<[^>]*>", " ", bare)]
    for tag in re.findall(r"<[^>]*>", bare):
        if not tag.startswith(('<input type="hidden"', "<meta", "<link", "<c-vars", "<option", "<button")):
            shown += [value for value in VISIBLE.findall(tag) if re.search(r"[\u4e00-\u9fff ]", value)]
    return {word for piece in shown for word in LATIN.findall(piece)} - WORDS


MAY_SPEAK = {
    "styleguide.html": "shown on one's own machine only, to those who write pages",
}


@pytest.mark.parametrize("name", [name for name in PATHS if name not in MAY_SPEAK])
def test_页面上没有英文单词(name: str) -> None:
    assert english(TEXTS[name]) == set()
