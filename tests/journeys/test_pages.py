"""Every page of every role, found by following its own links: readable by all, on a phone and in 大字版."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from jinhua_labor.accounts.enums import Role
from jinhua_labor.demo.accounts import ACCOUNTS, PASSWORD, Account

from .visitor import Visitor

Window = Callable[..., Visitor]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|/\d+/")
FILES = re.compile(
    r"/(print|pdf|docx|receipt|supplement|refusal|template|files|export|static)/|logout|large-text|\.(pdf|txt|xlsx|docx)$"
)
DEPTH = {Role.OPERATOR: 2, Role.CENTRE: 2}
"""How many links from home; what the others see beyond their navigation these two see too, or the journeys show."""
ROLES = {one.role: one for one in reversed(ACCOUNTS) if one.username not in ("wu", "ji")}
"""One person of each role: the first in the table of demo accounts."""
WAITING = next(one for one in ACCOUNTS if one.username == "wu")


def kind(address: str) -> str:
    """Pages of one kind differ only by the object they show; a tab is another kind."""
    parts = urlsplit(address)
    tab = "".join(re.findall(r"tab=\w+", parts.query))
    return UUID.sub("*", parts.path) + tab


def walk(window: Visitor, start: str, *, depth: int) -> list[str]:
    """Looks at the pages that can be reached from here, one of each kind; their kinds."""
    home, seen = window.portal.url, [kind(start)]
    todo = [(start, 0)]
    while todo:
        path, away = todo.pop(0)
        response = window.page.goto(f"{home}{path}")
        assert response is not None
        assert response.status == 200, f"{response.status} {path}"
        if "html" not in response.headers.get("content-type", ""):
            continue
        window.look(kind(path))
        if away == depth:
            continue
        for link in window.page.locator("a[href]").evaluate_all("all => all.map(a => a.href)"):
            if not link.startswith(home) or FILES.search(link):
                continue
            found = link.removeprefix(home).split("#")[0] or "/"
            if kind(found) not in seen:
                seen.append(kind(found))
                todo.append((found, away + 1))
    return seen


@pytest.mark.parametrize("account", [*ROLES.values(), WAITING], ids=lambda one: f"{one.role.label}{one.username}")
def test_工作台每一页(visitor: Window, account: Account) -> None:
    window = visitor(account.role.label).sign_in(account.username, PASSWORD)
    assert len(walk(window, "/home/", depth=DEPTH.get(account.role, 1))) > (1 if account == WAITING else 4)


def test_公开网站每一页(visitor: Window) -> None:
    assert {"/notices/", "/stations/directory/", "/guide/", "/policy/", "/account/login/"} <= set(
        walk(visitor("公众"), "/", depth=2)
    )
