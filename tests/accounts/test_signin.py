"""Sign-in: passwords, lock-out, session limits, what a script is told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts import services, signin
from jinhua_labor.accounts.enums import OrganisationState
from jinhua_labor.accounts.models import LoginEvent, User
from tests import factories

pytestmark = pytest.mark.django_db
Outcome = LoginEvent.Outcome


def sign_in(client: Client, user: User, password: str = factories.PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": user.username, "password": password, **extra})


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        pytest.param("短口令11位a", False, id="11位太短"),
        pytest.param("云上的马蹄声第七次响起", False, id="十一个汉字太短"),
        pytest.param("云上的马蹄声第七次又响起", True, id="十二个汉字可以"),
        pytest.param("password1234", False, id="常见密码"),
        pytest.param("jindong laowu 2026", False, id="本地常用词为主"),
        pytest.param("金东区劳务协作工作站2026", False, id="中文常用词为主"),
        pytest.param("jindong 七只白鹭飞过稻田", True, id="含一个常用词但其余够长"),
        pytest.param("aaaaaaaaaaaaaaaa", False, id="同一字符重复"),
        pytest.param("123456789012", False, id="数字顺序"),
        pytest.param("abcdefghijkl", False, id="字母顺序"),
        pytest.param("0987654321qwert", False, id="倒序与键盘顺序"),
        pytest.param("Aa1234567890", False, id="开头两个字母加顺序"),
        pytest.param("woaini1314520", False, id="网络常用语"),
        pytest.param("111222333444", False, id="只有四个不同字符"),
        pytest.param("202620262026", False, id="同一年份三遍"),
        pytest.param("稻田里的1234只白鹭飞", True, id="含顺序数字但其余够长"),
        pytest.param("x9-kw2mR" * 16, True, id="128位可以"),
        pytest.param("x9-kw2mR" * 16 + "y", False, id="129位太长"),
        pytest.param("correct horse battery staple", True, id="不要求大写数字符号"),
        pytest.param("zhangsan-ceshi", False, id="像自己的账号"),
    ],
)
def test_password_rules(password: str, fine: bool) -> None:
    person = User(username="zhangsan-ceshi", name="测试甲")
    if fine:
        validate_password(password, person)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, person)


def test_stored_as_argon2(operator_user: User) -> None:
    operator_user.set_password("另一句测试用的长口令")
    assert operator_user.password.startswith("argon2$argon2id$")


def test_sign_in_is_journalled_and_gets_a_new_session_key(client: Client, operator_user: User) -> None:
    client.get(reverse("account_login"))
    before = client.session.session_key
    response = sign_in(client, operator_user, next="/inbox/")
    assert response.status_code == 302
    assert response["Location"] == "/inbox/"
    assert client.session.session_key != before
    assert list(operator_user.login_events.values_list("outcome", flat=True)) == [Outcome.OK]


def test_next_never_leaves_the_portal(client: Client, operator_user: User) -> None:
    response = sign_in(client, operator_user, next="//evil.example/")
    assert "evil" not in response["Location"]


def test_five_failures_close_the_account_for_fifteen_minutes(client: Client, operator_user: User) -> None:
    start = timezone.now().replace(microsecond=0)
    for minute in range(5):
        with time_machine.travel(start + dt.timedelta(minutes=minute), tick=False):
            assert "不正确" in sign_in(client, operator_user, "错误的口令").content.decode()
    fifth = start + dt.timedelta(minutes=4)
    with time_machine.travel(fifth + dt.timedelta(minutes=14, seconds=59), tick=False):
        page = sign_in(client, operator_user)
        assert page.status_code == 200
        until = timezone.localtime(fifth + dt.timedelta(minutes=15))
        assert f"{until:%H:%M} 之后再试" in page.content.decode()
    with time_machine.travel(fifth + dt.timedelta(minutes=15, seconds=1), tick=False):
        assert sign_in(client, operator_user).status_code == 302
    assert operator_user.login_events.filter(outcome=Outcome.FAILED).count() == 5
    assert LoginEvent.objects.filter(outcome=Outcome.LOCKED).count() == 1


def test_four_failures_do_not_close_it(client: Client, operator_user: User) -> None:
    for _ in range(4):
        sign_in(client, operator_user, "错误的口令")
    assert sign_in(client, operator_user).status_code == 302


def test_unknown_account_answers_the_same(client: Client, operator_user: User) -> None:
    known = sign_in(client, operator_user, "错误的口令").content.decode()
    unknown = sign_in(Client(), User(username="meiyou-ceshi"), "错误的口令").content.decode()
    assert "登录账号或密码不正确" in known
    assert "不正确" in unknown
    for _ in range(4):
        sign_in(Client(), User(username="meiyou-ceshi"), "错误的口令")
    assert "之后再试" in sign_in(Client(), User(username="meiyou-ceshi")).content.decode()


def test_administrator_lifts_the_lock(client: Client, operator_user: User, admin: User) -> None:
    for _ in range(5):
        signin.note(username=operator_user.username, outcome=Outcome.FAILED, user=operator_user)
    assert signin.locked_until(operator_user.username)
    services.unlock(operator_user, by=admin)
    assert signin.locked_until(operator_user.username) is None
    assert sign_in(client, operator_user).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_still_five() -> None:
    user = factories.user()

    def guess(_: int) -> str:
        try:
            return sign_in(Client(), user, "错误的口令").content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(guess, range(8)))
    assert LoginEvent.objects.filter(username=user.username, outcome=Outcome.FAILED).count() == 5
    assert sum("之后再试" in answer for answer in answers) == 3


def test_forged_forwarding_header_is_not_the_address(client: Client, operator_user: User) -> None:
    client.post(
        reverse("account_login"),
        {"login": operator_user.username, "password": factories.PASSWORD},
        headers={"X-Forwarded-For": "9.9.9.9", "X-Real-IP": "9.9.9.9"},
        REMOTE_ADDR="10.0.0.7",
    )
    assert operator_user.login_events.get().ip == "10.0.0.7"


@pytest.mark.parametrize(
    ("minutes", "alive"),
    [
        pytest.param([29], True, id="闲置29分钟仍在"),
        pytest.param([31], False, id="闲置31分钟退出"),
        pytest.param([29] * 24, True, id="不断使用11小时36分仍在"),
        pytest.param([29] * 25, False, id="不断使用超过12小时退出"),
    ],
)
def test_session_limits(
    client_for: Callable[[User], Client], operator_user: User, minutes: list[int], alive: bool
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC), tick=False) as clock:
        client = client_for(operator_user)
        for pause in minutes:
            clock.shift(dt.timedelta(minutes=pause))
            response = client.get(reverse("mailbox:inbox"))
        assert (response.status_code == 200) is alive
        if not alive:
            assert response["Location"] == f"{reverse('account_login')}?next=/inbox/"
            assert operator_user.login_events.filter(outcome=Outcome.EXPIRED).exists()


def test_polling_does_not_keep_a_session_alive(client_for: Callable[[User], Client], stranger_operator: User) -> None:
    from jinhua_labor.jobs.models import Job

    job = Job.objects.get(organisation=stranger_operator.organisation)
    with time_machine.travel(dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC), tick=False) as clock:
        client = client_for(stranger_operator)
        for _ in range(2):
            clock.shift(dt.timedelta(minutes=16))
            response = client.get(reverse("jobs:progress", args=[job.pk]), headers={"HX-Request": "true"})
        assert response.status_code == 401


def test_fourth_session_ends_the_oldest_and_says_so(operator_user: User) -> None:
    clients = [Client() for _ in range(4)]
    with time_machine.travel(dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC), tick=False) as clock:
        for client in clients:
            clock.shift(dt.timedelta(minutes=2))
            assert sign_in(client, operator_user).status_code == 302
        assert UserSession.objects.filter(user=operator_user).count() == 3
        assert clients[0].get(reverse("mailbox:inbox")).status_code == 302
        assert clients[1].get(reverse("mailbox:inbox")).status_code == 200
        assert "已退出最早登录的 1 处" in clients[3].get(reverse("mailbox:inbox")).content.decode()


def test_other_sessions_can_be_ended(operator_user: User) -> None:
    mine, other = Client(), Client()
    sign_in(mine, operator_user)
    sign_in(other, operator_user)
    assert mine.get(reverse("usersessions_list")).status_code == 200
    mine.post(reverse("usersessions_list"))
    assert other.get(reverse("mailbox:inbox")).status_code == 302
    assert mine.get(reverse("mailbox:inbox")).status_code == 200


def test_cookie_is_dead_after_logout(client: Client, operator_user: User) -> None:
    sign_in(client, operator_user)
    cookie = client.cookies["sessionid"].value
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get(reverse("mailbox:inbox")).status_code == 302


@pytest.mark.parametrize(
    "header", [pytest.param({"HX-Request": "true"}, id="htmx"), pytest.param({"X-Requested-With": "fetch"}, id="fetch")]
)
def test_script_is_told_401_and_why(header: dict[str, str]) -> None:
    response = Client().get(reverse("mailbox:inbox"), headers=header)
    assert response.status_code == 401
    assert "登录已超时，请重新登录，未保存内容仍在本页" in response.content.decode()


def test_form_sent_after_the_time_out_leads_back_to_its_page(client: Client) -> None:
    response = client.post(reverse("mailbox:read_all"), headers={"Referer": "http://testserver/inbox/?show=unread"})
    assert response["Location"] == f"{reverse('account_login')}?next=/inbox/%3Fshow%3Dunread"
    response = client.post(reverse("mailbox:read_all"), headers={"Referer": "http://evil.example/inbox/"})
    assert "evil" not in response["Location"]


@pytest.mark.parametrize("what", [pytest.param("person", id="停用人员"), pytest.param("organisation", id="停用单位")])
def test_disabling_ends_sessions_at_once(client_for: Callable[[User], Client], operator_user: User, what: str) -> None:
    client = client_for(operator_user)
    assert client.get(reverse("mailbox:inbox")).status_code == 200
    if what == "person":
        User.objects.filter(pk=operator_user.pk).update(is_active=False)
    else:
        operator_user.organisation.state = OrganisationState.DISABLED
        operator_user.organisation.save()
    assert client.get(reverse("mailbox:inbox")).status_code == 302
    assert sign_in(Client(), operator_user).status_code == 200


def test_system_user_cannot_sign_in() -> None:
    system = User.objects.system()
    assert not system.is_active
    assert not system.has_usable_password() or not system.check_password("")


@pytest.mark.parametrize(
    "path",
    ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/password/set/", "/admin/"],
)
def test_other_doors_do_not_exist(client_for: Callable[[User], Client], operator_user: User, path: str) -> None:
    assert client_for(operator_user).get(path).status_code == 404


def test_login_page_needs_csrf(operator_user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict, operator_user).status_code == 403


def test_changing_the_password_speaks_the_portals_words(client: Client, operator_user: User) -> None:
    client.force_login(operator_user)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "placeholder=" not in page.split("<main", 1)[1]
    assert "你的" not in page
    assert page.count("12 位") == 1
    answer = client.post(reverse("account_change_password"), {}).content.decode()
    assert "请填写新密码。" in answer


def test_what_is_wrong_with_a_password_is_said_in_chinese(operator_user: User) -> None:
    for password in ("abc", "aaaaaaaaaaaa", "password1234", operator_user.username + "1", "jindong12345", "x9" * 70):
        with pytest.raises(ValidationError) as refused:
            validate_password(password, operator_user)
        assert not [said for said in refused.value.messages if re.search(r"[A-Za-z]{4,} [A-Za-z]{2,}", said)]
