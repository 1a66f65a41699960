"""Every address × every role × one's own and a stranger's object, generated from the resolver."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.accounts.permissions import EVERYONE
from jinhua_labor.review.states import State
from stations.applications.enums import Channel
from stations.applications.models import Application
from tests import factories
from tests.meta.addresses import (
    ADDRESSES,
    AT_THE_COUNTER,
    FORBIDDEN_INSTEAD,
    NOT_OF_A_PARTY,
    OBJECTS,
    PACKAGE_PAGES,
    POST_BY,
    SEES,
    Address,
    url,
    url_of_nothing,
)
from tests.meta.browser import FINE, METHOD, REFUSED, Findings, accepts, ask, browser, is_sign_in, state_of_tables
from tests.meta.world import World, file_of

pytestmark = pytest.mark.slow  # every address as every role

NAMES = sorted(ADDRESSES)
GUARDED = [name for name in NAMES if ADDRESSES[name].roles is not None]  # the public pages are asked in their own test
OF_APPLICATIONS = [
    name
    for name in GUARDED
    if name.startswith("applications:") and name in OBJECTS and not name.startswith("applications:batch")
]


@pytest.mark.parametrize("name", NAMES)
def test_每个地址都写明谁可以打开(name: str) -> None:
    address = ADDRESSES[name]
    assert name.rpartition(":")[2], "没有名字的地址"
    assert hasattr(address.view, "allowed_roles") or name in PACKAGE_PAGES, "缺少 @allow 或 @public"
    assert not address.arguments or name in OBJECTS, f"OBJECTS 里没有 {name}（参数 {address.arguments}）"
    assert Role.SYSTEM not in (address.roles or ())


def test_没有多余的登记() -> None:
    assert sorted(set(OBJECTS) - set(ADDRESSES)) == []
    assert sorted(set(SEES) - set(ADDRESSES)) == []


def actors(world: World) -> Iterator[tuple[str, User]]:
    for role in EVERYONE:
        yield role, world.actor(role)


def wanted_of(address: Address, role: str, method: str) -> str:
    """「ok」, 403 or 404 for this role and the object of `own`; 「counter」 where nothing happens to an online file."""
    assert address.roles is not None
    if role not in address.roles or (method == "POST" and role not in POST_BY.get(address.name, address.roles)):
        return "403"
    if role not in SEES.get(address.name, address.roles):
        return "403" if address.name in FORBIDDEN_INSTEAD else "404"
    return "counter" if address.name in AT_THE_COUNTER and role == Role.CENTRE else "ok"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", GUARDED)
def test_角色与本方的对象(name: str, method: str, world: World) -> None:
    address, found = ADDRESSES[name], Findings()
    target = url(name, world.own, world)
    before = state_of_tables()
    response = ask(browser(None), method, target)
    found.expect(is_sign_in(response), "未登录", method, response, "转到登录")
    found.changed(before, f"{method} 未登录")
    for role, user in actors(world):
        response = ask(browser(user), method, target)
        wanted = wanted_of(address, role, method)
        if wanted == "ok":
            found.expect(accepts(name, response.status_code, method), role, method, response, "可以办理")
        elif wanted == "counter":
            found.expect(
                response.status_code in {302, 403, *REFUSED, METHOD}, role, method, response, "不是本人录入的件"
            )
        else:
            hidden = {404} if name in FORBIDDEN_INSTEAD else set()
            found.expect(response.status_code in {int(wanted), METHOD, *hidden}, role, method, response, wanted)
        if method == "POST" and wanted == "ok":
            before = state_of_tables()  # what this person may do, he did
        elif method == "POST":
            found.changed(before, f"{method} {role}")
    if method == "GET":
        found.changed(before, "某个角色的 GET")
    found.tell()


@pytest.mark.parametrize("name", sorted(set(OBJECTS) - NOT_OF_A_PARTY))
def test_外方的对象找不到(name: str, world: World) -> None:
    """The stranger has the same of everything; each of his looks like nothing at all."""
    address, found, before = ADDRESSES[name], Findings(), state_of_tables()
    for who, user in (("外方管理员", world.other.user), ("外方同事", world.other.colleague)):
        client = browser(user)
        for method in ("GET", "POST"):
            response = ask(client, method, url(name, world.own, world))
            admin_only = name in FORBIDDEN_INSTEAD and not user.is_org_admin
            hidden = 404 if address.roles and Role.OPERATOR in address.roles and not admin_only else 403
            fine = {hidden, METHOD, 404} if admin_only else {hidden, METHOD}
            found.expect(response.status_code in fine, who, method, response, str(hidden))
            nothing = url_of_nothing(name, world.own, world)
            if nothing and response.status_code == 404:
                unknown = ask(client, method, nothing)
                same = unknown.status_code == 404 and len(unknown.content) == len(response.content)  # type: ignore[attr-defined]
                found.expect(same, who, method, unknown, "与不存在的对象一样")
    found.changed(before, "外方")
    found.tell()


@pytest.mark.parametrize("name", NAMES)
def test_至少有一种方法可用(name: str, world: World) -> None:
    """The checks above accept 405; an address that answers nothing but 405 would pass them all."""
    address = ADDRESSES[name]
    roles = sorted(SEES.get(name, address.roles or {Role.OPERATOR}))
    user = None if address.roles is None else world.actor(roles[0])
    statuses = {
        method: ask(browser(user), method, url(name, world.own, world)).status_code for method in ("GET", "POST")
    }
    assert set(statuses.values()) != {METHOD}
    assert all(status < 500 for status in statuses.values()), statuses


@pytest.mark.parametrize("name", [name for name in NAMES if ADDRESSES[name].roles is None])
def test_公开页面谁都能看(name: str, world: World) -> None:
    found, target, before = Findings(), url(name, world.own, world), state_of_tables()
    for role, user in (("未登录", None), *actors(world)):
        response = ask(browser(user), "GET", target)
        found.expect(response.status_code in {*FINE, METHOD}, role, "GET", response, "可以查看")
    found.changed(before, "某个角色的 GET")
    found.tell()


@pytest.mark.parametrize("name", NAMES)
def test_没有令牌不能提交(name: str, world: World) -> None:
    """V3.5.1: refused before the view is asked, whoever posts and whatever."""
    address = ADDRESSES[name]
    roles = sorted(SEES.get(name, address.roles or {Role.OPERATOR}))
    before = state_of_tables()
    for user in (None, world.actor(roles[0])):
        response = browser(user, enforce_csrf_checks=True).post(url(name, world.own, world), {"key": "x"})
        assert response.status_code == 403
        assert "页面已过期" in response.content.decode()
    assert state_of_tables() == before


@pytest.mark.parametrize("name", OF_APPLICATIONS)
def test_草稿只有本单位看得见(name: str, world: World) -> None:
    """What was never handed in does not exist for the offices, nor for the auditor."""
    address = ADDRESSES[name]
    kwargs = {**OBJECTS[name](world.own, world), "pk": world.own.draft.pk}
    target, found = reverse(name, kwargs=kwargs), Findings()
    for role in sorted((address.roles or frozenset()) - {Role.OPERATOR}):
        for method in ("GET", "POST"):
            response = ask(browser(world.actor(role)), method, target)
            found.expect(response.status_code in {404, METHOD}, role, method, response, "404")
    found.tell()


@pytest.fixture
def counter_file(world: World) -> Iterator[Application]:
    """A returned file that a clerk of the centre entered at the counter."""
    made = file_of(
        world.own, State.RETURNED, world.people[Role.CENTRE], world.people[Role.BUREAU], by=world.people[Role.CENTRE]
    )
    Application.objects.filter(pk=made.pk).update(channel=Channel.COUNTER)
    world.own.files[State.RETURNED], kept = made, world.own.files[State.RETURNED]
    yield made
    world.own.files[State.RETURNED] = kept


@pytest.mark.parametrize("name", sorted(AT_THE_COUNTER))
def test_窗口件只有录入的人能代办(name: str, counter_file: Application, world: World) -> None:
    """A colleague of the clerk sees the file and changes nothing of it, the clerk does what the applicant could."""
    row = counter_file.roster_list.deliveries.first()
    world.own.things["returned_row"], kept = row, world.own.things["returned_row"]
    try:
        target = url(name, world.own, world)
    finally:
        world.own.things["returned_row"] = kept
    colleague = factories.user(Role.CENTRE, name="另一窗口人员")
    found, client = Findings(), browser(colleague)
    before = state_of_tables()
    for method in ("GET", "POST"):
        response = ask(client, method, target)
        fine = {200, 302, 403, *REFUSED, METHOD} if method == "GET" else {302, 403, *REFUSED, METHOD}
        found.expect(response.status_code in fine, "另一窗口人员", method, response, "不能代办")
    found.changed(before, "另一窗口人员")
    own = ask(browser(world.people[Role.CENTRE]), "POST", target)
    found.expect(accepts(name, own.status_code, "POST"), "录入人", "POST", own, "可以办理")
    found.tell()


SETTLE_FIRST = {"accounts:waiting", "accounts:me"}


@pytest.mark.parametrize("name", [name for name in NAMES if ADDRESSES[name].roles is not None])
def test_未确认的单位只能看账号页面(name: str, world: World) -> None:
    account_pages = {page for page in NAMES if page.startswith(("account_", "mfa_", "usersessions"))} | SETTLE_FIRST
    for method in ("GET", "POST"):
        response = ask(browser(world.pending), method, url(name, world.own, world))
        if name in account_pages:
            assert response.status_code < 500
        else:
            assert (response.status_code, response.headers.get("Location")) == (302, reverse("accounts:waiting"))


@pytest.mark.parametrize("name", [name for name in NAMES if ADDRESSES[name].roles is not None])
def test_脚本未登录时得到401(name: str, world: World) -> None:
    for header in ({"HX-Request": "true"}, {"X-Requested-With": "fetch"}):
        response = browser(None).post(url(name, world.own, world), headers=header)
        assert response.status_code == 401


def test_系统用户不能登录(world: World) -> None:
    client = browser(User.objects.get(role=Role.SYSTEM))
    assert is_sign_in(client.get(reverse("dashboard:home")))


@pytest.mark.parametrize(
    "path", ["/admin/", "/media/", "/static/../settings.py", "/.git/config", "/accounts/signup/", "/api/", "/debug/"]
)
def test_没有别的入口(path: str, world: World) -> None:
    assert browser(world.people[Role.ADMIN]).get(path).status_code in {404, 400}


def test_地址里没有号码(world: World) -> None:
    """Addresses carry UUIDs; the only numbers count notices, events, years of what is fetched first, years alone."""
    numbered = {name: set(ADDRESSES[name].arguments) - {"token"} for name in NAMES if ADDRESSES[name].arguments}
    for name, arguments in numbered.items():
        kwargs = OBJECTS[name](world.own, world)
        plain = {key for key in arguments if not isinstance(kwargs[key], str) and not hasattr(kwargs[key], "hex")}
        assert plain <= {"round", "event", "row_no", "year", "number"} if "pk" in arguments else plain <= {"year"}, name
