"""X1: hostile text, once it is stored, is shown as text on every page and paper of every role."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from jinhua_labor.accounts.enums import Role
from tests.meta.addresses import ADDRESSES, SEES, url
from tests.meta.browser import ask, browser
from tests.meta.page import parsed, source
from tests.meta.standing import standing
from tests.meta.test_headers import problems_of_page
from tests.meta.world import World

pytestmark = pytest.mark.slow  # every page as everybody

NAMES = sorted(ADDRESSES)
EXECUTED = "qzzq"  # letters that stand in no request id
ELEMENT_AND_TEMPLATE = "\"><img src=x onerror=x()>{{'qz'|add:'zq'}}"
SCRIPT_AND_ATTRIBUTE = "</script><script>x()' onfocus=x() a='{%x%}"
"""With what the world puts behind them they still fit the names of 50 characters."""
SPEAKS_NOT = {"account_logout"}


@pytest.fixture(scope="module")
def _hostile(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[World, Any]]:
    media = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), standing(media, ELEMENT_AND_TEMPLATE, SCRIPT_AND_ATTRIBUTE) as made:
        yield made, media


@pytest.fixture
def hostile(_hostile: tuple[World, Any], db: None, settings: Any) -> World:
    made, settings.MEDIA_ROOT = _hostile
    return made


def pages(name: str, world: World) -> Iterator[tuple[str, Any]]:
    """What each reader gets of an operator's object; both operators, as each wrote one half of the probes."""
    address = ADDRESSES[name]
    roles = sorted(SEES.get(name, address.roles)) if address.roles is not None else []
    readers = [(world.actor(role), world.own) for role in roles] or [(None, world.own), (None, world.other)]
    if Role.OPERATOR in roles:
        readers.append((world.other.user, world.other))
    for user, party in readers:
        for method in ("GET", "POST"):
            yield f"{method} {user.role if user else '公开'}", ask(browser(user), method, url(name, party, world))


ALIVE = """//img[@src='x'] | //*[@onerror or @onfocus]
    | //script[contains(., 'x()') and not(@type = 'application/json')]"""


def elements_alive(html: str) -> list[Any]:
    """What the probes would be if a page let them through."""
    page = parsed(html)
    return [] if page is None else page.xpath(ALIVE)


@pytest.mark.parametrize("probe", ["<img src=x>", "<p ONERROR=x()>", "<a onfocus=x()>", "<script>x()</script>"])
def test_活的探针认得出来(probe: str) -> None:
    assert len(elements_alive(f"<main>{probe}</main>")) == 1


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SPEAKS_NOT])
def test_页面把输入当文字显示(name: str, hostile: World) -> None:
    found = []
    for who, response in pages(name, hostile):
        assert response.status_code < 500, who
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        html = response.content.decode()
        found += [f"{who}：{problem}" for problem in problems_of_page(html) if "未渲染" not in problem]
        alive = elements_alive(html)
        found += [f"{who}：变成了元素 {source(tag)}" for tag in alive]
        if EXECUTED in html:
            found.append(f"{who}：模板被执行")
    if found:
        pytest.fail("\n".join(dict.fromkeys(found)), pytrace=False)


def test_探针确实出现在页面上(hostile: World) -> None:
    """Escaped, in pages of every kind: a probe that never arrives proves nothing."""
    seen = set()
    for name in ("applications:file", "applications:list", "roster:list", "registry:station", "dashboard:home"):
        for _who, response in pages(name, hostile):
            if response.get("Content-Type", "").startswith("text/html"):
                page = parsed(response.content.decode())
                text = "" if page is None else page.text_content()
                seen |= {(name, party.word) for party in (hostile.own, hostile.other) if party.word in text}
    wanted = ("applications:file", "applications:list", "roster:list", "registry:station")
    assert {(name, word) for name in wanted for word in (hostile.own.word, hostile.other.word)} <= seen


def test_打印件里也是文字(hostile: World) -> None:
    """An address in a name would fetch something; a tag would be drawn instead of printed."""
    response = ask(browser(hostile.own.user), "GET", url("applications:annex1_pdf", hostile.own, hostile))
    body = getattr(response, "body", None) or response.content  # type: ignore[attr-defined]
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/OpenAction" not in pdf.Root
