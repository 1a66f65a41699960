"""What every page needs around its content: names, navigation of the role, counters, standing notices.

Everything is computed when a template asks for it, so a page without navigation costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.http import urlencode

from jinhua_labor.core import clock
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.mailbox.queries import unread_count
from jinhua_labor.review.queries import waiting_count
from jinhua_labor.rulebook import policy_on

from .navigation import BELOW, PUBLIC_NAV, ROLE_NAV, USER_MENU, Entry

SITE_NAME = "金东区省外劳务协作工作站管理服务平台"
SITE_SHORT_NAME = "劳务协作工作站平台"
LARGE_TEXT_COOKIE = "large_text"
MAIN_ENTRIES = 4
"""Entries of the phone's bottom bar; the rest stand behind 更多."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation, ready to print."""

    label: str
    icon: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Banner:
    """A standing notice on top of every page: `kind` is info or warn."""

    kind: str
    text: str


def link_of(entry: Entry, role: str) -> Link | None:
    """The entry with its address, or None where this role may not open its page."""
    url = reverse(entry.name)
    allowed = getattr(resolve(url).func, "allowed_roles", None)  # set by `@allow`; None: everyone
    return Link(entry.label, entry.icon, url, entry.name) if allowed is None or role in allowed else None


@lru_cache(maxsize=64)
def _links(kind: str, role: str, admin: bool) -> tuple[Link, ...]:
    table = {"public": PUBLIC_NAV, "user": USER_MENU}.get(kind) or ROLE_NAV.get(role, ())
    found = (link_of(entry, role) for entry in table if admin or not entry.admins)
    return tuple(link for link in found if link)


@lru_cache(maxsize=32)
def _url(name: str) -> str:
    return reverse(name)


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting == "ROOT_URLCONF":
        _links.cache_clear()
        _url.cache_clear()


setting_changed.connect(_forget)


class Portal:
    """The variable `portal` of every template."""

    name = SITE_NAME
    short_name = SITE_SHORT_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    # --- who and where ----------------------------------------------------------------------------------------
    @cached_property
    def _user(self) -> Any:
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def person(self) -> Any:
        """Who is signed in; a page that shows another person as `user` does not change the top bar."""
        return self._user

    @cached_property
    def role(self) -> str:
        return str(self._user.role) if self._user else ""

    @cached_property
    def _admin(self) -> bool:
        return bool(self._user and (self._user.is_org_admin or self.role == "ADMIN"))

    @cached_property
    def is_office(self) -> bool:
        return bool(self._user and self._user.is_office)

    @cached_property
    def sponsor(self) -> dict[str, str]:
        """Identifiers of the footer that are set; none is ever invented."""
        names = ("SPONSOR", "PHONE", "ADDRESS", "CODE", "ICP", "POLICE")
        return {name.lower(): value for name in names if (value := getattr(settings, f"SITE_{name}", ""))}

    @cached_property
    def large_text(self) -> bool:
        """大字版: the visitor's own choice in the cookie wins over the one kept with the account."""
        chosen = self._request.COOKIES.get(LARGE_TEXT_COOKIE)
        if chosen in {"0", "1"}:
            return chosen == "1"
        return bool(self._user and self._user.large_text)

    @cached_property
    def large_text_url(self) -> str:
        query = {"on": "0" if self.large_text else "1", "next": self._request.get_full_path()}
        return f"{_url('dashboard:large_text')}?{urlencode(query)}"

    # --- navigation -------------------------------------------------------------------------------------------
    @cached_property
    def _active(self) -> str:
        """The address of the entry this page belongs to: the longest one the path starts with, or its room's."""
        path = self._request.path
        own = (self.urls["inbox"],) if self._user else ()  # stands in the top bar, not in every role's navigation
        every = (*own, *(link.url for link in (*self.nav, *self.public_nav, *self.user_menu)))
        hits = [url for url in every if url and (path == url or (url != "/" and path.startswith(url)))]
        room = getattr(self._request.resolver_match, "namespace", "")
        return max(hits, key=len, default=_url(BELOW[room].name) if room in BELOW else "")

    @cached_property
    def nav(self) -> tuple[Link, ...]:
        return _links("role", self.role, self._admin) if self.role else ()

    @cached_property
    def main_nav(self) -> tuple[Link, ...]:
        return self.nav[:MAIN_ENTRIES]

    @cached_property
    def more_nav(self) -> tuple[Link, ...]:
        return self.nav[MAIN_ENTRIES:]

    @cached_property
    def public_nav(self) -> tuple[Link, ...]:
        return _links("public", self.role, False)

    @cached_property
    def user_menu(self) -> tuple[Link, ...]:
        """What stands in the navigation does not stand here again."""
        shown = {link.url for link in self.nav}
        found = _links("user", self.role, self._admin) if self._user else ()
        return tuple(link for link in found if link.url not in shown)

    @property
    def active(self) -> str:
        return self._active

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses the frame needs."""
        names = {
            "home": "dashboard:home",
            "public_home": "dashboard:public_home",
            "inbox": "mailbox:inbox",
            "waiting": "review:inbox",
            "search": "dashboard:search",
            "login": "account_login",
            "logout": "account_logout",
        }
        return {key: _url(name) for key, name in names.items()}

    # --- counters ---------------------------------------------------------------------------------------------
    @cached_property
    def unread(self) -> int:
        """Unread messages of this person."""
        return unread_count(self._user) if self._user else 0

    @cached_property
    def waiting(self) -> int:
        """Files that wait for a step of this person (待办)."""
        return waiting_count(self._user) if self._user else 0

    # --- standing notices -------------------------------------------------------------------------------------
    @cached_property
    def banners(self) -> tuple[Banner, ...]:
        return tuple(banner for banner in (self._policy_banner(), self._calendar_banner()) if banner)

    def _policy_banner(self) -> Banner | None:
        """R-48: the trial period ended on paper; officials are told plainly, everyone else in a neutral line."""
        found = policy_on(clock.today())
        if found.confirmed:
            return None
        policy = found.policy
        if self.is_office or self.role in {"AUDITOR", "FINANCE"}:
            goes_on = "暂停受理新的申请、评选和复核" if found.refuses_intake else "受理和审核照常进行"
            return Banner(
                "warn",
                f"试行期已于{date_cn(policy.effective_to)}届满，延期尚未确认。{goes_on}，"
                "该日之后新产生的资金事项待区人社局录入延期或新文件后办理。",
            )
        return Banner("info", f"现按{policy.doc_no}办理；该文件试行期后的延续安排以区人社局公布的文件为准。")

    def _calendar_banner(self) -> Banner | None:
        """From December on the bureau is told when next year's working days are not known yet."""
        today = clock.today()
        year = today.year + 1
        if today.month < 12 or not self.is_office or work_calendar().known(year):
            return None
        return Banner(
            "warn",
            f"{year}年的放假安排尚未录入，该年的期限暂按周一至周五为工作日计算，录入后自动更正。",
        )


def portal(request: HttpRequest) -> dict[str, Portal]:
    """Context processor: `portal`, filled lazily."""
    return {"portal": Portal(request)}
