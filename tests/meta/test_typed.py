"""X2, X3: what people type and send is stored as written, or refused in words; more than was asked changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.review.states import State
from stations.applications.models import Application
from tests.meta.addresses import ADDRESSES, url
from tests.meta.browser import browser
from tests.meta.world import World

NAMES = sorted(ADDRESSES)

# --- through the real form --------------------------------------------------------------------------------------------

REAL_NAMES = [
    *("𠮷", "䶮", "𬱖", "𰻝", "㛃", "昇龑", "买买提·吐尔逊", "阿卜杜拉•艾力", "古丽‧米娜", "迪丽热巴・木拉提"),
    *("诺日布．扎西", "欧阳测试", "测试甲", "洛桑 次仁", "李𣘗", "王龘", "张㐂", "刘峯", "赵ü", "Ａ测试"),
    *("测", "测试" * 15, "\ue000测试"),
]


def autosave(client: Client, made: Application, value: str, field: str = "head") -> Any:
    previous = getattr(Application.objects.get(pk=made.pk), field)
    return client.post(
        reverse("applications:autosave", args=[made.pk]), {"field": field, "value": value, "previous": previous}
    )


@pytest.mark.parametrize("name", REAL_NAMES)
def test_真实姓名原样保存_页面上原样显示(name: str, world: World) -> None:
    client, made = browser(world.own.user), world.own.draft
    assert autosave(client, made, name).status_code == 200
    assert Application.objects.get(pk=made.pk).head == name
    page = BeautifulSoup(client.get(reverse("applications:file", args=[made.pk])).content, "html.parser")
    assert page.select_one('input[name="head"]')["value"] == name  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("测试\u202e甲", "测试甲", id="反向控制符"),
        pytest.param("测\u200b试\u2066甲", "测试甲", id="零宽与隔离符"),
        pytest.param("  测试甲　", "测试甲", id="首尾空格"),
        pytest.param("测试\x00甲", None, id="NUL"),
        pytest.param("测试\x1b[31m", None, id="转义"),
        pytest.param("测" + "\u0301" * 60, None, id="叠加符号泛滥"),
        pytest.param("长" * 100_000, None, id="十万字一行"),
        pytest.param("测试" * 26, None, id="超过五十字"),
        pytest.param("测试\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"), ..., id="半个代理对的字节"),
    ],
)
def test_不可见与过量的字符被清除或拒绝(typed: str, kept: str | None, world: World) -> None:
    client, made = browser(world.own.user), world.own.draft
    before = Application.objects.get(pk=made.pk).head
    response = autosave(client, made, typed)
    if kept is ...:
        assert response.status_code in {200, 400, 422}
    elif kept is None:
        assert response.status_code == 422
        assert response.json()["message"]
        assert Application.objects.get(pk=made.pk).head == before
    else:
        assert response.status_code == 200
        assert Application.objects.get(pk=made.pk).head == kept


# --- more than was asked ----------------------------------------------------------------------------------------------

EXTRA = {
    "state": State.APPROVED,
    "review": "x",
    "operator": "x",
    "filing_no": "JD-1",
    "station": "x",
    "batch": "x",
    "version": "99",
    "channel": "COUNTER",
    "is_org_admin": "on",
    "role": Role.ADMIN,
    "organisation": "x",
    "screened_by": "x",
    "approved_by": "x",
    "credit_check": "NONE",
    "locked_at": "2020-01-01",
    "counted": "999",
}


@pytest.mark.parametrize(
    "name", [name for name in NAMES if ADDRESSES[name].roles and Role.OPERATOR in (ADDRESSES[name].roles or ())]
)
def test_多交的字段不起作用(name: str, world: World) -> None:
    """V15.3.3: an operator's form with the office's fields in it changes none of them."""
    party = world.own
    ids = [made.pk for made in party.files.values()]

    def standing() -> Any:
        wanted = ("review__state", "filing_no", "station", "batch", "channel", "credit_check", "operator")
        wanted += ("review__screened_by", "review__approved_by")
        return sorted(Application.objects.filter(pk__in=ids).values_list("pk", *wanted), key=str)

    before = standing()
    role, admin = party.colleague.role, party.colleague.is_org_admin
    browser(party.user).post(url(name, party, world), EXTRA)
    assert standing() == before
    assert not Application.objects.filter(roster_list__counted=999).exists()
    party.colleague.refresh_from_db()
    assert (party.colleague.role, party.colleague.is_org_admin) == (role, admin)


# --- trying and guessing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x()", "///evil", "\thttps://evil"],
)
@pytest.mark.parametrize("name", ["account_login", "dashboard:large_text", "account_logout", "account_reauthenticate"])
def test_不会被带到别的网站(name: str, target: str, world: World) -> None:
    for user in (None, world.own.user):
        for method in ("get", "post"):
            data = {"next": target, "on": "1", "login": world.own.user.username, "password": "x"}
            response = getattr(browser(user), method)(reverse(name), data)
            location = response.get("Location", "")
            assert not location.startswith(("//", "http", "/\\", "javascript", "\t")), location
            assert "evil" not in location.split("?")[0]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1@evil.example", "evil.example:80", "[::1].evil", "a b"])
def test_伪造的主机名(host: str, world: World) -> None:
    response = browser(world.own.user).get("/", headers={"host": host})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_转发头不改变主机名(world: World) -> None:
    response = browser(world.own.user).post(
        reverse("accounts:invite", args=[world.own.organisation.pk]),
        {"name": "测试丙", "role": Role.OPERATOR},
        headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https", "forwarded": "host=evil.example"},
    )
    assert "evil.example" not in response.content.decode()


def test_文书查验过于频繁时停一停(world: World) -> None:
    client, number = browser(None), world.own.submitted.review.number
    statuses = [client.get(reverse("dashboard:verify"), {"code": number}).status_code for _ in range(32)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    assert client.get(reverse("dashboard:verify")).status_code == 200, "不查编号的页面照常"


def test_文书查验只说办理状态(world: World) -> None:
    for made in world.own.files.values():
        if made.review.number:
            text = browser(None).get(reverse("dashboard:verify"), {"code": made.review.number}).content.decode()
            for word in (world.own.word, made.area_county, "SCREENED", "不予", "同意"):
                assert word not in text, (made.review.state, word)
