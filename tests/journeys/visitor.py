"""A person before a browser: goes to pages, signs in, and has every page looked at on the way."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.pageerrors import is_ours

from .portal import Portal

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
# Where a finger must hit: what carries a page forward, and the bar at the foot of the phone.
MAIN_ACTIONS = ".btn-primary, .btn-danger, .bottombar a, .bottombar summary, .tabs a"
TOO_SMALL = """([selector, large]) => [...document.querySelectorAll(selector)].map(e => [e, e.getBoundingClientRect()])
  .filter(([e, r]) => r.width && r.height && e.checkVisibility() && r.height < (large ? 59.5 : 43.5))
  .map(([e, r]) => e.textContent.trim().slice(0, 20) + ' ' + Math.round(r.width) + '×' + Math.round(r.height))"""
WIDER = """() => { const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility())
    .filter(e => e.getBoundingClientRect().right > edge + 1).slice(0, 5)
    .map(e => e.tagName + '.' + e.className + ' → ' + Math.round(e.getBoundingClientRect().right)); }"""
LARGE = "on => document.documentElement.classList.toggle('large-text', on)"
VIOLATIONS = {"resultTypes": ["violations"], "selectors": False}
"""All rules are asked; what passed is not listed, and no path to each place is worked out, which takes long."""
LOOKED_AT: set[str] = set()
SHOTS = os.environ.get("JOURNEY_SHOTS", "")


def said(result: Any) -> list[str]:
    """What axe found: rule, and the first places."""
    return [
        f"{found['id']}（{len(found['nodes'])} 处）：" + "；".join(node["html"][:160] for node in found["nodes"][:3])
        for found in result.response["violations"]
    ]


@dataclass
class Visitor:
    """One browser window of one person."""

    portal: Portal
    context: BrowserContext
    name: str
    page: Page = field(init=False)
    username: str = ""
    scripts: bool = True  # nothing can be measured in a page without scripts
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab of the same window."""
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.faults.append(f"脚本错误：{error}") if is_ours(error) else None)
        page.on("console", self._console)
        return page

    def _asked(self, request: Request) -> None:
        address = request.url
        if address.startswith(("http", "ws")) and not address.startswith(self.portal.url):  # not data:, blob:
            self.faults.append(f"请求了外部地址：{address}")

    def _console(self, line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text or "Refused to" in line.text:
            self.faults.append(line.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.request.method} {urlsplit(response.url).path}")

    # --- moving about -------------------------------------------------------------------------------------------------
    def open(self, path: str) -> Page:
        """A page of the portal by its path or full address; it must answer 200."""
        response = self.page.goto(path if path.startswith("http") else f"{self.portal.url}{path}")
        assert response is not None
        assert response.status == 200, f"{response.status} {path}"
        return self.page

    def sign_in(self, username: str, password: str) -> Visitor:
        self.username = username
        self.open("/account/login/")
        self.page.get_by_label("登录账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.press("登录")
        expect(self.page.locator(".topbar-person")).to_be_visible()
        return self

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """A button by the words on it."""
        place = within or self.page.locator("#main")
        place.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """A link by its words."""
        place = within or self.page.locator("#main")
        place.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    # --- looking ------------------------------------------------------------------------------------------------------
    def look(self, name: str) -> None:
        """This page at a desk, on a phone, in 大字版: axe finds nothing, nothing runs over the edge, targets are big.

        What axe says of a page does not depend on its reader: it is asked once for each name, at the desk and where
        the page is narrowest and its letters largest; asking takes it a second.
        """
        if name in self.seen or not self.scripts or os.environ.get("JQUICK"):
            return
        self.seen.add(name)
        self.page.wait_for_load_state("load")
        fresh = name not in LOOKED_AT
        LOOKED_AT.add(name)
        own = self.page.viewport_size or DESKTOP
        touch = self.context.new_cdp_session(self.page)
        for label, size, large in (("桌面", DESKTOP, False), ("手机", PHONE, False), ("手机大字版", PHONE, True)):
            touch.send("Emulation.setTouchEmulationEnabled", {"enabled": size is PHONE})
            self.page.set_viewport_size(size)
            self.page.evaluate(LARGE, large)
            wrong = [f"横向溢出 {line}" for line in self._wider()]
            if size is PHONE:
                wrong += [f"触控目标过小 {line}" for line in self.page.evaluate(TOO_SMALL, [MAIN_ACTIONS, large])]
            if fresh and (size is DESKTOP or large):
                wrong += said(Axe().run(self.page, options=VIOLATIONS))
            self.faults += [f"「{name}」{label}：{line}" for line in wrong]
            self._shoot(f"{name}-{label}")
        touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        touch.detach()
        self.page.evaluate(LARGE, False)
        self.page.set_viewport_size(own)

    def _wider(self) -> list[str]:
        """What runs over the right edge; charts are given a moment to follow the new width."""
        for _ in range(10):
            if not (found := self.page.evaluate(WIDER)):
                return []
            self.page.wait_for_timeout(100)
        return found

    def _shoot(self, name: str) -> None:
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            file = re.sub(r"[^\w-]+", "_", f"{self.name}-{name}")
            self.page.evaluate("window.scrollTo(0, 0)")
            self.page.screenshot(path=folder / f"{file}.png", full_page=True)
