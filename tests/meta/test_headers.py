"""What every answer carries, and what no page contains: from each address, each error page and a static file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from tests.factories import PASSWORD
from tests.meta.addresses import ADDRESSES, SEES, url
from tests.meta.browser import ask, browser
from tests.meta.page import elements, parsed, source, text_of
from tests.meta.test_templates import WORDS
from tests.meta.world import OFFICE_MARK, OPINION_MARK, World

pytestmark = pytest.mark.slow  # every answer of every address

NAMES = sorted(ADDRESSES)
STRICT = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
FILE_PAGES = {"attachments:download", "attachments:preview", "attachments:open", "attachments:released"}
"""Answer with a policy of their own for the file itself."""


FRAMED = {"attachments:preview"}
"""Shown inside our own pages."""


def problems_of_headers(response: HttpResponseBase, *, signed_in: bool, framed: bool = False) -> list[str]:
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    if framed:
        wanted["X-Frame-Options"] = "SAMEORIGIN"
    if response.get("Referrer-Policy") == "strict-origin":  # stricter: the page holds a code in its address
        del wanted["Referrer-Policy"]
    found = [f"{name}: {response.get(name)}" for name, value in wanted.items() if response.get(name) != value]
    if "geolocation=()" not in response.get("Permissions-Policy", ""):
        found.append("没有 Permissions-Policy")
    if not re.fullmatch(r"[0-9a-f]{32}", response.get("X-Request-ID", "")):
        found.append("没有 X-Request-ID")
    if response.has_header("Access-Control-Allow-Origin"):
        found.append("允许跨域")
    if response.has_header("Server") or response.has_header("X-Powered-By"):
        found.append("说出了软件名称")
    if signed_in and "no-store" not in response.get("Cache-Control", ""):
        found.append(f"登录后的页面可以被缓存：{response.get('Cache-Control')}")
    return found


def problems_of_policy(response: HttpResponseBase) -> list[str]:
    policy = {part.strip() for part in response.get("Content-Security-Policy", "").split(";")}
    found = []
    if policy != STRICT:
        found.append(f"CSP：{sorted(policy ^ STRICT)}")
    return found


def problems_of_page(text: str) -> list[str]:
    """Inline code and styles, leftovers of the template language, places abroad, tables of words."""
    tags = elements(parsed(text))
    found = [f"未渲染：{mark}" for mark in ("<c-", "{{", "{%", "{#", "None</", ">None<", "Traceback") if mark in text]
    ids = Counter(tag.get("id") for tag in tags if tag.get("id") is not None)
    found += [f"重复的 id：{one}" for one, times in sorted(ids.items()) if times > 1]
    labelled = {tag.get("for") for tag in tags if tag.tag == "label"}
    for tag in tags:
        for name, value in tag.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                found.append(f"内联 {name}：{source(tag)}")
            if name in {"href", "src", "action", "formaction", "hx-get", "hx-post"}:
                if re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE):
                    found.append(f"危险地址：{source(tag)}")
                if name != "href" and re.match(r"(https?:)?//", value):
                    found.append(f"外站资源：{source(tag)}")
        found += [f"{problem}：{source(tag)}" for problem in _problems_of_element(tag, labelled)]
    return found


def _problems_of_element(tag: Any, labelled: set[str]) -> list[str]:
    kind = tag.get("type", "").lower()
    match tag.tag:
        case "style":
            return ["内联样式"]
        case "script" if not tag.get("src") and kind != "application/json":
            return ["内联脚本"]
        case "form":
            token = tag.xpath("descendant::*[@name='csrfmiddlewaretoken']")
            posts = tag.get("method", "").lower() == "post"
            return ["没有令牌"] if posts and not token else ["令牌进入地址"] if token and not posts else []
        case "input" if kind in {"hidden", "submit"}:
            return []
        case "input" | "select" | "textarea":
            named = tag.get("aria-label") or tag.get("aria-labelledby") or next(tag.iterancestors("label"), None)
            return ["没有名称的输入框"] if named is None and tag.get("id") not in labelled else []
        case _:
            return []


DATA = re.compile(r"[A-Za-z0-9_@.+/:#-]*\d[A-Za-z0-9_@.+/:#-]*|[A-Z]{2,}[-0-9]|ceshi\w*")
ALLOWED_WORDS = {*WORDS, "TOTP", "Argon", "png", "jpg", "pdf", "docx", "xlsx", "CENTRE", "BUREAU", "ADMIN", "AUDITOR"}
ALLOWED_WORDS |= {"FINANCE", "ASSOCIATION", "jindong", "laowu"}  # names of the invented people of this sweep


def english_of_page(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z]{2,}", DATA.sub(" ", text_of(parsed(text))))) - ALLOWED_WORDS


SPEAKS = {"dashboard:styleguide", "audit:list", "dashboard:robots", "dashboard:healthz", "dashboard:readyz"}
"""Not read by the office's public: the guide of those who write pages, action codes of the journal, machines."""


@pytest.mark.parametrize("name", NAMES)
def test_每个地址的响应(name: str, world: World) -> None:
    address = ADDRESSES[name]
    readers = [None, *(world.actor(role) for role in sorted(SEES.get(name, address.roles or {Role.OPERATOR})))]
    found: list[str] = []
    for user in readers:
        client = browser(user)
        for method in ("GET", "POST"):
            response = ask(client, method, url(name, world.own, world))
            who = f"{method} {user.role if user else '未登录'} {response.status_code}"
            framed = name in FRAMED and user is not None
            told = problems_of_headers(response, signed_in=user is not None, framed=framed)
            html = response.get("Content-Type", "").startswith("text/html")
            if html:
                assert "charset=utf-8" in response["Content-Type"]
                if name not in FILE_PAGES or (response.status_code != 200 and not framed):
                    told += problems_of_policy(response)
                body = response.content.decode()  # type: ignore[attr-defined]
                told += problems_of_page(body)
                if name not in SPEAKS:
                    told += [f"英文：{word}" for word in sorted(english_of_page(body))]
            found += [f"{who}：{problem}" for problem in dict.fromkeys(told)]
    if found:
        pytest.fail("\n".join(found[:40]), pytrace=False)


FAULTY = {
    "未渲染": "<p>{{ name }}</p>",
    "内联 style": '<p style="color: red">x</p>',
    "内联 onclick": '<button onclick="x()">x</button>',
    "内联 hx-on:click": '<button hx-on:click="x()">x</button>',
    "危险地址": '<a href=" JavaScript:x()">x</a>',
    "外站资源": '<img src="//evil.example/x.png">',
    "内联样式": "<style>p { color: red }</style>",
    "内联脚本": "<script>x()</script>",
    "重复的 id": '<p id="a">x</p><p id="a">y</p>',
    "没有令牌": '<form method="POST"><button>x</button></form>',
    "令牌进入地址": '<form><input type="hidden" name="csrfmiddlewaretoken"></form>',
    "没有名称的输入框": '<label for="b">x</label><input id="a">',
}


@pytest.mark.parametrize("problem", FAULTY)
def test_有毛病的页面查得出来(problem: str) -> None:
    (found,) = problems_of_page(f"<!doctype html><html><body><main>{FAULTY[problem]}</main></body></html>")
    assert found.startswith(f"{problem}：")


def test_没有毛病的页面和转向没有话说() -> None:
    good = """<form method="post"><input type="hidden" name="csrfmiddlewaretoken"><label>名称 <input name="a"></label>
    <label for="b">说明</label><textarea id="b"></textarea><select aria-label="地区"></select></form>
    <script type="application/json">{}</script><script src="/static/portal.js"></script>"""
    assert problems_of_page(good) == []
    assert problems_of_page("") == []


def test_英文单词查得出来() -> None:
    page = "<p>上传 <b>Failed</b> 了<!-- Comment --> <code>Code</code><svg><title>Icon</title></svg> PDF Twice</p>"
    assert english_of_page(page) == {"Failed", "Twice"}


# --- errors, static files, cookies ------------------------------------------------------------------------------------


def _error(status: int, world: World) -> HttpResponseBase:
    client = browser(world.own.user)
    match status:
        case 400:
            return client.get(reverse("dashboard:public_home"), headers={"host": "bo_se.example"})
        case 403:
            return client.get(reverse("audit:list"))
        case 404:
            return client.get("/no/such/page/")
        case _:
            raise AssertionError(status)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_出错页面同样有这些头(status: int, world: World) -> None:
    response = _error(status, world)
    assert response.status_code == status
    assert problems_of_headers(response, signed_in=status == 403) == []
    assert problems_of_policy(response) == []
    assert problems_of_page(response.content.decode()) == []  # type: ignore[attr-defined]


def test_服务器出错时不露细节(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from jinhua_labor.mailbox import views

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("机密：口令是 1234567890")

    monkeypatch.setattr(views, "Paginator", broken)
    response = browser(world.own.user).get(reverse("mailbox:inbox"))
    body = response.content.decode()
    assert response.status_code == 500
    assert problems_of_headers(response, signed_in=True) == []
    assert problems_of_policy(response) == []
    assert "机密" not in body
    assert "RuntimeError" not in body
    assert response["X-Request-ID"][:8] in body


def test_静态文件的头(world: World, settings: Any) -> None:
    """Served by whitenoise in front of our middleware: no cookie, no sniffing, no reading from elsewhere."""
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True  # as if collected
    response = Client().get("/static/css/tokens.css")
    body = b"".join(response)  # type: ignore[arg-type]
    assert response.status_code == 200
    assert body
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"].startswith("text/css")
    assert response.get("Access-Control-Allow-Origin") is None
    assert not response.cookies


def test_登录前后的_cookie(world: World) -> None:
    client = Client()
    page = client.get(reverse("account_login"))
    world.own.user.refresh_from_db()
    signed = client.post(reverse("account_login"), {"login": world.own.user.username, "password": PASSWORD})
    assert signed.status_code == 302
    seen: SimpleCookie = SimpleCookie()
    for response in (page, signed):
        seen.update(response.cookies)
    assert settings.SESSION_COOKIE_NAME in seen
    assert settings.CSRF_COOKIE_NAME in seen
    for name, cookie in seen.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/", name
        assert not cookie["domain"], name


def test_公开页面不设登录_cookie(world: World) -> None:
    for name in (
        "dashboard:public_home",
        "registry:directory",
        "notices:public",
        "dashboard:policy",
        "dashboard:guide",
    ):
        response = Client().get(reverse(name))
        assert settings.SESSION_COOKIE_NAME not in response.cookies, name


def test_其他方法(world: World) -> None:
    client = browser(world.own.user)
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT"):
        response = client.generic(method, reverse("mailbox:inbox"))
        assert response.status_code == 405, method


# --- who reads what ---------------------------------------------------------------------------------------------------

OPEN_TO_ALL = {"registry:directory", "registry:entry", "notices:public", "notices:detail", "dashboard:public_home"}
OPEN_TO_ALL |= {"excellent:public", "dashboard:verify", "accounts:join", "accounts:reset", "oversight:complain"}


NAME_STATIONS = {"oversight:activity_new", "oversight:activity_amend", "excellent:rounds"}
"""Offer the stations of the public directory by name, as joint organisers; list the titles everybody may read of."""

FOR_OPERATORS = [
    name for name in NAMES if name not in OPEN_TO_ALL and Role.OPERATOR in (ADDRESSES[name].roles or {Role.OPERATOR})
]


@pytest.mark.parametrize("name", FOR_OPERATORS)
def test_申请人的页面没有内部记录也没有外方的任何字(name: str, world: World) -> None:
    """V8.2.3: an office's remark, an opinion before the decision, a stranger's name are not even in the source."""
    client = browser(world.own.user)
    for method in ("GET", "POST"):
        response = ask(client, method, url(name, world.own, world))
        body = getattr(response, "body", None) or response.content  # type: ignore[attr-defined]
        text = body.decode(errors="ignore")
        strangers = () if name in NAME_STATIONS else (world.other.word,)
        for mark in (OFFICE_MARK, OPINION_MARK, *strangers):
            assert mark not in text, f"{method} {mark}"


@pytest.mark.parametrize("state", ["SUBMITTED", "SCREENED", "RETURNED", "APPROVED", "REJECTED", "WITHDRAWN", "LAPSED"])
@pytest.mark.parametrize("tab", ["form", "materials", "roster", "history", ""])
def test_申请文件各标签没有内部记录(state: str, tab: str, world: World) -> None:
    path = reverse("applications:file", args=[world.own.files[state].pk])
    text = browser(world.own.user).get(f"{path}?tab={tab}").content.decode()
    assert OFFICE_MARK not in text
    if state == "SCREENED":
        assert OPINION_MARK not in text


def test_内部记录的标记确实会显示给主管部门(world: World) -> None:
    """The tests above would pass if the marks were shown nowhere at all."""
    path = reverse("applications:review", args=[world.own.submitted.pk])
    assert OFFICE_MARK in browser(world.people[Role.CENTRE]).get(path).content.decode()
    path = reverse("applications:file", args=[world.own.screened.pk])
    assert OPINION_MARK in browser(world.people[Role.BUREAU]).get(path).content.decode()


# --- production -------------------------------------------------------------------------------------------------------


def production(**more: str) -> dict[str, str]:
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "FONTCONFIG_FILE", "LANG") if name in os.environ}
    return {
        **keep,
        "SECRET_KEY": "x7Qd" * 20 + "!ab0",
        "FIELD_KEYS": "k1:" + "QUFB" * 10 + "QUE=",
        "INDEX_KEY": "QkJC" * 10 + "QkI=",
        "AUDIT_KEY": "Q0ND" * 10 + "Q0M=",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "ALLOWED_HOSTS": "portal.example.gov.cn",
        "PORTAL_URL": "https://portal.example.gov.cn",
        "EMAIL_URL": "smtp://mail.example.gov.cn:25",
        "PORTAL_LOCAL": "off",
        "PORTAL_TESTING": "on",
        "PORTAL_TODAY": "",
        "DEBUG": "off",
        **more,
    }


def _manage(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return _python("manage.py", *arguments, env=env)


def _python(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_正式环境的_cookie_与传输设置() -> None:
    code = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
        "s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)"
    )
    done = _manage("shell", "-v0", "-c", code, env=production())
    assert done.stdout.split() == ["False", "True", "True", "__Host-sid", "__Host-csrf", "True", "True", "True"], done
