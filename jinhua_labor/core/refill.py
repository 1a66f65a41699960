"""Puts what somebody typed back into the form of a page that has been made anew.

The page is edited where it stands, not parsed and written out again: everything else of it stays byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.html import escape

# What a page brings along by itself: it is taken from the new page, and does not tell one form from another.
OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "key", "version", "before"})
LEFT_ALONE = frozenset({"hidden", "password", "file", "submit", "button", "image", "reset"})
Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class _Form:
    """A form of the page as far as it has been read: where it may be sent, what its hidden fields say, what to edit."""

    begins: int  # behind its start tag
    sent_to: set[str]
    hidden: dict[str, str] = field(default_factory=dict)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    folds: list[tuple[int, int, str]] = field(default_factory=list)
    files: bool = False


class _Forms(HTMLParser):
    """Finds the forms of a page and what to change so that each would show what was typed."""

    def __init__(self, html: str, here: str, typed: QueryDict, only: Collection[str]) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self._here, self._typed, self._only = here, typed, only
        self._form: _Form | None = None
        self._folds: list[tuple[int, int, str] | None] = []  # the <details> around; None: open already
        self._select = ""
        self._textarea: tuple[str, int] | None = None  # its name, and where its text begins
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()

    def _kept(self, name: str) -> bool:
        return bool(name) and (not self._only or name in self._only)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        begins, raw, given = self._at(), self.get_starttag_text() or "", dict(attrs)
        ends = begins + len(raw)
        if tag == "details":
            self._folds.append(None if "open" in given else (begins, ends, _tag(tag, [*attrs, ("open", None)])))
        elif tag == "form" and (given.get("method") or "").lower() == "post":
            self._form = _Form(ends, {self._path(given.get("action"))}, folds=[one for one in self._folds if one])
            self.found.append(self._form)
        elif (form := self._form) is None:
            return
        elif tag == "button" and given.get("formaction"):
            form.sent_to.add(self._path(given["formaction"]))
        elif tag == "textarea":
            self._textarea = (given.get("name") or "", ends)
        elif tag == "select":
            self._select = given.get("name") or ""
        elif tag == "option" and self._select in self._typed and self._kept(self._select):
            chosen = (given.get("value") or "") in self._typed.getlist(self._select)
            form.edits.append((begins, ends, _tag(tag, _with(attrs, "selected", None if chosen else False))))
        elif tag == "input":
            self._input(form, begins, ends, attrs)

    def _input(self, form: _Form, begins: int, ends: int, attrs: Attributes) -> None:
        given = dict(attrs)
        name, kind = given.get("name") or "", (given.get("type") or "text").lower()
        if kind == "hidden":
            form.hidden[name] = given.get("value") or ""
        form.files = form.files or kind == "file"
        if not self._kept(name) or kind in LEFT_ALONE:
            return
        if kind in ("checkbox", "radio"):
            chosen = (given.get("value") or "on") in self._typed.getlist(name)
            form.edits.append((begins, ends, _tag("input", _with(attrs, "checked", None if chosen else False))))
        elif name in self._typed:
            form.edits.append((begins, ends, _tag("input", _with(attrs, "value", self._typed[name]))))

    def handle_endtag(self, tag: str) -> None:
        if tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea and self._form:
            name, begins = self._textarea
            if name in self._typed and self._kept(name):  # the line break behind the tag is not part of the text
                self._form.edits.append((begins, self._at(), "\n" + escape(self._typed[name])))
            self._textarea = None

    def _path(self, address: str | None) -> str:
        return urlsplit(address or "").path or self._here


def refill(
    html: str, typed: QueryDict, *, sent_to: str, here: str, told: str, told_files: str, only: Collection[str] = ()
) -> str | None:
    """The page with what was typed in the form that is sent to this path; None where it has no such form any more.

    `told` stands on top of the form afterwards, `told_files` where files have to be chosen anew. Of several such forms
    the one is taken whose hidden fields are those that were sent; `only` names the fields that are filled in. Passwords
    and hidden fields stay as the page has them; a `<details>` around the form is opened.
    """
    fitting = [
        form
        for form in _Forms(html, here, typed, only).found
        if sent_to in form.sent_to
        and all(
            typed[name] == value for name, value in form.hidden.items() if name in typed and name not in OF_THE_PAGE
        )
    ]
    if not fitting:
        return None
    form = max(fitting, key=lambda one: len(one.edits))  # the first of them, unless another one takes more of it
    words = told_files if form.files else told
    return _edited(html, [*form.folds, (form.begins, form.begins, words), *form.edits])


def _edited(html: str, edits: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for begins, ends, text in sorted(edits):
        parts += [html[at:begins], text]
        at = ends
    return "".join([*parts, html[at:]])


def _with(attrs: Attributes, name: str, value: str | bool | None) -> Attributes:
    """The attributes with this one set; None: without a value, False: not there at all."""
    others = [(key, text) for key, text in attrs if key != name]
    return others if isinstance(value, bool) else [*others, (name, value)]


def _tag(name: str, attrs: Attributes) -> str:
    written = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attrs)
    return f"<{name}{written}>"
