"""Whatever a page lets somebody write is not lost when the session has run out before it was sent (design §1.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.test import Client
from django.urls import resolve

from jinhua_labor.accounts import sessions
from jinhua_labor.accounts.middleware import HELD
from jinhua_labor.accounts.models import User
from jinhua_labor.accounts.permissions import EVERYONE
from tests.meta.addresses import ADDRESSES, url
from tests.meta.browser import ask, browser
from tests.meta.world import World

pytestmark = pytest.mark.slow  # every page as every role

NAMES = sorted(name for name, address in ADDRESSES.items() if address.roles is not None and "styleguide" not in name)
WRITTEN = "超时之前写下的话"
NEVER_KEPT = {"name", "phone", "contact", "id_number", "liaison", "liaison_phone", "credit_code", "password"}
"""Who somebody is, and numbers: they do not lie in a session, and are typed again."""


@dataclass
class Written:
    """A form of a page in which somebody writes, and where it is sent."""

    page: str
    action: str
    form: Tag

    @property
    def texts(self) -> list[str]:
        return [str(one["name"]) for one in self.form.find_all("textarea") if not one.has_attr("readonly")]

    def sent(self) -> dict[str, str]:
        found = {str(one["name"]): str(one.get("value") or "") for one in self.form.select("input[type=hidden][name]")}
        return {**found, "name": "测试某人", "phone": "13000000000", **dict.fromkeys(self.texts, WRITTEN)}


def written_on(client: Client, page: str) -> Iterator[Written]:
    response = ask(client, "GET", page)
    if response.streaming or response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return
    for form in BeautifulSoup(response.content, "html.parser").select("form[method=post]"):
        one = Written(page, urlsplit(str(form.get("action") or page)).path, form)
        if one.texts:
            yield one


def run_out(client: Client) -> None:
    session = client.session
    session[sessions.SEEN_AT] = 0
    session.save()


def again(client: Client, user: User, one: Written) -> str:
    """Sends the form when the session has run out, signs in, and gives the page that comes then."""
    run_out(client)
    answer = client.post(one.action, one.sent(), headers={"referer": f"http://testserver{one.page}"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(settings.LOGIN_URL if settings.LOGIN_URL.startswith("/") else "/account/")
    kept = client.session[HELD]
    assert not NEVER_KEPT & {part.partition("=")[0] for part in kept["form"].split("&")} or not kept["only"]
    client.force_login(user)
    return client.get(kept["page"]).content.decode()


@pytest.mark.parametrize("role", EVERYONE)
def test_写了字的表单_超时之后登录回来还在(role: str, world: World) -> None:
    """Once for each view a form is sent to; every page on which this role can write something."""
    user, wrong, done = world.actor(role), [], set()
    for name in NAMES:
        if role not in (ADDRESSES[name].roles or ()):
            continue
        for one in written_on(browser(user), url(name, world.own, world)):
            match = resolve(one.action)
            if match.view_name in done:
                continue
            done.add(match.view_name)
            if not hasattr(match.func, "keeps_typed"):
                wrong.append(f"{name}：{match.view_name} 没有写明 @keeps_typed（{one.texts}）")
                continue
            client = Client(raise_request_exception=False)
            client.force_login(user)  # a session of its own: it ends
            page = BeautifulSoup(again(client, user, one), "html.parser")
            kept = match.func.keeps_typed.only
            shown = {str(area.get("name")) for area in page.find_all("textarea") if WRITTEN in area.get_text()}
            if missing := {text for text in one.texts if not kept or text in kept} - shown:
                wrong.append(f"{name}：{match.view_name} 登录回来没有 {missing}")
    assert not wrong, "\n".join(wrong)
