"""The second factor: encrypted seeds, asked at sign-in, required where the setting says so."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts import services
from jinhua_labor.accounts.checks import second_factor_roles
from jinhua_labor.accounts.models import LoginEvent, User
from tests import factories

pytestmark = pytest.mark.django_db


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up(user: User, secret: str = "JBSWY3DPEHPK3PXP") -> str:
    TOTP.activate(user, secret)
    return secret


def test_seed_is_stored_encrypted(operator_user: User) -> None:
    secret = set_up(operator_user)
    stored = Authenticator.objects.get(user=operator_user).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret


@pytest.fixture
def _still_clock() -> Iterator[None]:
    """A code holds for half a minute; on a busy machine the test takes longer."""
    with time_machine.travel(dt.datetime.now(dt.UTC), tick=False):
        yield


@pytest.mark.usefixtures("_still_clock")
def test_sign_in_asks_for_the_code_and_takes_it_once(operator_user: User) -> None:
    secret = set_up(operator_user)
    code = code_of(secret)
    clients = [Client(), Client()]
    for client in clients:
        answer = client.post(
            reverse("account_login"), {"login": operator_user.username, "password": factories.PASSWORD}
        )
        assert answer["Location"] == reverse("mfa_authenticate")
        assert client.get(reverse("mailbox:inbox")).status_code == 302
        assert "动态口令或备用码" in client.get(reverse("mfa_authenticate")).content.decode()
    assert clients[0].post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert clients[0].get(reverse("mailbox:inbox")).status_code == 200
    assert clients[1].post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    outcomes = operator_user.login_events.values_list("outcome", flat=True)
    assert LoginEvent.Outcome.SECOND_FACTOR in outcomes


def test_required_role_opens_nothing_before_it_is_set_up(
    settings: Any, client_for: Callable[[User], Client], centre_clerk: User, operator_user: User
) -> None:
    settings.SECOND_FACTOR_ROLES = ["CENTRE"]
    client = client_for(centre_clerk)
    for name in ("mailbox:inbox", "accounts:registrations", "accounts:people"):
        assert client.get(reverse(name))["Location"] == reverse("mfa_activate_totp")
    assert client_for(operator_user).get(reverse("mailbox:inbox")).status_code == 200
    set_up(centre_clerk)
    assert client.get(reverse("mailbox:inbox")).status_code == 200


@pytest.mark.usefixtures("_still_clock")
def test_whole_set_up_by_the_pages(client: Client, centre_clerk: User) -> None:
    client.post(reverse("account_login"), {"login": centre_clerk.username, "password": factories.PASSWORD})
    again = client.get(reverse("mfa_activate_totp"))["Location"]
    assert "再次输入您的密码" in client.get(again).content.decode()
    client.post(again, {"password": factories.PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r'密钥：<code class="mono">([A-Z2-7]+)</code>', page)
    assert found
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])}, follow=True)
    assert "六位动态口令" in page
    assert "认证器代码" not in page
    assert "只显示这一次" in answer.content.decode()
    assert "手机不在身边" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_recovery_code_works_once(operator_user: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    set_up(operator_user)
    code = RecoveryCodes.activate(operator_user).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        client.post(reverse("account_login"), {"login": operator_user.username, "password": factories.PASSWORD})
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


@pytest.mark.usefixtures("_still_clock")
def test_five_wrong_codes_close_the_account(operator_user: User) -> None:
    set_up(operator_user)
    client = Client()
    word = {"login": operator_user.username, "password": factories.PASSWORD}
    client.post(reverse("account_login"), word)
    right = code_of("JBSWY3DPEHPK3PXP")
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    for address in range(5):  # whatever the addresses they come from
        client.post(reverse("mfa_authenticate"), {"code": wrong}, REMOTE_ADDR=f"192.0.2.{address}")
    answer = client.post(reverse("mfa_authenticate"), {"code": right})
    assert answer.status_code == 200
    assert "连续输错 5 次" in answer.content.decode()
    assert "连续输错 5 次" in Client().post(reverse("account_login"), word).content.decode()
    outcomes = list(operator_user.login_events.values_list("outcome", flat=True))
    assert outcomes.count(LoginEvent.Outcome.CODE_FAILED) == 5


def test_required_factor_is_not_switched_off(
    settings: Any, client_for: Callable[[User], Client], centre_clerk: User
) -> None:
    settings.SECOND_FACTOR_ROLES = ["CENTRE"]
    set_up(centre_clerk)
    client = Client()
    client.post(reverse("account_login"), {"login": centre_clerk.username, "password": factories.PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code_of("JBSWY3DPEHPK3PXP")})
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=centre_clerk).exists()


def test_lost_factor_is_reset_by_a_colleague_with_a_reason(
    admin: User, centre_clerk: User, operator_user: User
) -> None:
    set_up(centre_clerk)
    with pytest.raises(PermissionDenied):
        services.reset_second_factor(centre_clerk, by=operator_user, reason="测试")
    set_up(admin)
    with pytest.raises(PermissionDenied):
        services.reset_second_factor(admin, by=admin, reason="测试")
    services.reset_second_factor(centre_clerk, by=admin, reason="当面核对身份证，核对人测试乙")
    assert not Authenticator.objects.filter(user=centre_clerk).exists()


@pytest.mark.parametrize(
    ("roles", "unknown"),
    [
        pytest.param([], [], id="没有要求"),
        pytest.param(["CENTRE", "ADMIN"], [], id="写对了"),
        pytest.param(["BUREUA", "ADMIN"], ["BUREUA"], id="写错字母"),
        pytest.param(["CENTRE", " BUREAU"], [" BUREAU"], id="多一个空格"),
        pytest.param(["SYSTEM"], ["SYSTEM"], id="系统用户"),
    ],
)
def test_写错的岗位在检查时指出(settings: Any, roles: list[str], unknown: list[str]) -> None:
    settings.SECOND_FACTOR_ROLES = roles
    assert [error.id for error in second_factor_roles()] == ["portal.E004"] * bool(unknown)
    assert all(role in error.msg for role in unknown for error in second_factor_roles())
