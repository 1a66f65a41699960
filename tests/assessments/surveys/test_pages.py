"""The offices' pages, the station's, and the phone page behind a card."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from assessments.models import Survey, SurveyAnswer
from assessments.surveys.enums import Kind
from assessments.surveys.services import answer
from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from tests.logwatch import secrets_in

from .build import PURPOSE, codes, days, first_year, given, opened, staffed, year_old
from .test_services import over

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def station(operator_user: User) -> Station:
    made = year_old(operator_user)
    staffed(made, 6, employers=2)
    return made


@pytest.fixture
def surveys(station: Station, centre_clerk: User) -> dict[Kind, Survey]:
    return opened(station, centre_clerk)


def card_url(code: str) -> str:
    return reverse("answer:card", args=[code])


class Test手机页面:
    def test_三个问题_提交_致谢(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        page = client.get(card_url(code))
        text = page.content.decode()
        assert page.status_code == 200
        assert text.count("<fieldset") == 3
        assert "查不出是您答的" in text
        sent = client.post(card_url(code), {"satisfaction": "GOOD", "second": "MOST", "third": "NONE", "comment": ""})
        assert sent.status_code == 302
        assert code not in sent["Location"]
        assert "谢谢您" in client.get(sent["Location"]).content.decode()
        assert surveys[Kind.WORKERS].answers.get().second == "MOST"

    def test_只答第一题也收(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        assert client.post(card_url(code), {"satisfaction": "BAD"}).status_code == 302

    def test_第一题没答_说明并留住其余(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        page = client.post(card_url(code), {"third": "LEFT", "comment": "盼望调宿舍"})
        text = page.content.decode()
        assert page.status_code == 422
        assert "请回答第一个问题" in text
        assert "盼望调宿舍" in text
        assert re.search(r'value="LEFT"[^>]*checked', text)
        assert not SurveyAnswer.objects.exists()

    def test_用过_过期_没有的卡是同一个页面(self, surveys: dict[Kind, Survey], client: Client) -> None:
        used, other, *_ = codes(surveys[Kind.WORKERS])
        client.post(card_url(used), {"satisfaction": "GOOD"})
        pages = [client.get(card_url(used)), client.get(card_url("A" * 28)), client.post(card_url(used))]
        Survey.objects.update(opens_on=days(-20), closes_on=days(-1))
        pages.append(client.get(card_url(other)))
        assert {page.status_code for page in pages} == {404}
        bodies = {re.sub(r"csrf[^>]*>", "", page.content.decode()) for page in pages}
        assert len(bodies) == 1

    def test_地址里的代码哪里也不去(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        for page in (client.get(card_url(code)), client.post(card_url(code), {}), client.get(card_url("B" * 28))):
            assert page["Referrer-Policy"] == "strict-origin"
            assert page["Cache-Control"] == "no-store, private"
            assert "noindex" in page["X-Robots-Tag"]

    def test_没有会话(self, surveys: dict[Kind, Survey], client: Client) -> None:
        from django.contrib.sessions.models import Session

        before = Session.objects.count()
        client.post(card_url(codes(surveys[Kind.WORKERS])[0]), {"satisfaction": "GOOD"})
        assert Session.objects.count() == before
        assert set(client.cookies) <= {"csrftoken"}

    def test_日志里没有代码(
        self, surveys: dict[Kind, Survey], client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        with caplog.at_level(logging.INFO):
            client.get(card_url(code))
            client.post(card_url(code), {"satisfaction": "GOOD"})
            client.get(card_url(code))
        assert code not in caplog.text
        assert secrets_in(f"GET /s/{code}/ 200") == ["满意度卡"]

    def test_不能扫码的输入代码(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.WORKERS])[0]
        typed = " ".join(code[at : at + 4] for at in range(0, 28, 4)).lower()
        assert client.post(reverse("answer:enter"), {"code": typed})["Location"] == card_url(code)
        assert client.post(reverse("answer:enter"), {"code": typed[:9]}).status_code == 422

    def test_输入代码过多被拦下(self, client: Client) -> None:
        cache.clear()
        found = [client.post(reverse("answer:enter"), {"code": "C" * 28}).status_code for _ in range(31)]
        assert found == [302] * 30 + [429]

    def test_一项调查一小时的份数有限_不按来访地址记(
        self, surveys: dict[Kind, Survey], client: Client, settings: Any
    ) -> None:
        """What limits the answers keeps no address: the cache would say who answered when."""
        cache.clear()
        settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "survey": "2/h/key"}
        code = codes(surveys[Kind.EMPLOYERS])[0]
        sent = [client.post(card_url(code), {"satisfaction": "GOOD"}).status_code for _ in range(3)]
        assert sent == [302, 302, 429]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM portal_cache WHERE cache_key LIKE '%%127.0.0.1%%'")
            assert cursor.fetchone() == (0,)

    def test_企业可以再打开重答(self, surveys: dict[Kind, Survey], client: Client) -> None:
        code = codes(surveys[Kind.EMPLOYERS])[0]
        for said in ("GOOD", "FAIR"):
            assert client.post(card_url(code), {"satisfaction": said}).status_code == 302
        assert "以最后一次为准" in client.get(card_url(code)).content.decode()


class Test办公页面:
    def test_待开展到开展(self, station: Station, centre_clerk: User, client_for: SignIn) -> None:
        client = client_for(centre_clerk)
        address = reverse("surveys:open", args=[station.pk, 1])
        assert address in client.get(reverse("surveys:index")).content.decode()
        page = client.get(address).content.decode()
        assert "将要抽取" in page
        sent = client.post(address, {"number": 1, "closes_on": days(20).isoformat()})
        assert sent.status_code == 302
        assert Survey.objects.filter(station=station, closes_on=days(20)).count() == 2
        assert client.post(address, {"number": 1, "closes_on": days(30).isoformat()}).status_code == 409

    def test_截止日期不对(self, station: Station, centre_clerk: User, client_for: SignIn) -> None:
        client = client_for(centre_clerk)
        address = reverse("surveys:open", args=[station.pk, 1])
        assert client.post(address, {"number": 1, "closes_on": days(1).isoformat()}).status_code == 422
        assert client.post(address, {"number": 1, "closes_on": ""}).status_code == 422

    def test_打印须写用途(self, surveys: dict[Kind, Survey], centre_clerk: User, client_for: SignIn) -> None:
        client = client_for(centre_clerk)
        for name in ("cards", "handout"):
            address = reverse(f"surveys:{name}", args=[surveys[Kind.WORKERS].pk])
            assert client.post(address, {"part": 1, "purpose": ""}).status_code == 422
            made = client.post(address, {"part": 1, "purpose": PURPOSE})
            assert made["Content-Type"] == "application/pdf"
            assert client.get(address).status_code in (302, 405)

    def test_进行中的页面没有答题内容(
        self, surveys: dict[Kind, Survey], centre_clerk: User, client_for: SignIn
    ) -> None:
        survey = surveys[Kind.WORKERS]
        for code in codes(survey):
            answer(code=code, given=given(comment="机密意见"))
        text = client_for(centre_clerk).get(survey.get_absolute_url()).content.decode()
        assert "收回 6 份" in text
        assert "机密意见" not in text
        assert "很不满意" not in text

    def test_结束之后有分布和意见(
        self, surveys: dict[Kind, Survey], centre_clerk: User, auditor: User, client_for: SignIn
    ) -> None:
        survey = surveys[Kind.WORKERS]
        for code in codes(survey):
            answer(code=code, given=given(comment="多开几趟车"))
        over(survey)
        text = client_for(centre_clerk).get(survey.get_absolute_url()).content.decode()
        assert text.count("多开几趟车") == 6
        assert "很不满意" in text
        assert "打印二维码卡</button>" not in text
        assert "多开几趟车" not in client_for(auditor).get(survey.get_absolute_url()).content.decode()

    def test_站点只有数字(
        self, station: Station, surveys: dict[Kind, Survey], operator_user: User, client_for: SignIn
    ) -> None:
        client = client_for(operator_user)
        address = reverse("surveys:station", args=[station.pk])
        assert "还没有结束的调查" in client.get(address).content.decode()
        survey = surveys[Kind.WORKERS]
        for code in codes(survey):
            answer(code=code, given=given(comment="别让站点看到"))
        over(survey)
        text = client.get(address).content.decode()
        assert "100%" in text
        assert "别让站点看到" not in text
        assert str(survey.pk) not in text
        assert client.get(survey.get_absolute_url()).status_code == 403
        assert client.get(reverse("surveys:index")).status_code == 403

    def test_年度没有的转回站点(self, station: Station, centre_clerk: User, client_for: SignIn) -> None:
        page = client_for(centre_clerk).get(reverse("surveys:open", args=[station.pk, 9]))
        assert page["Location"] == reverse("surveys:station", args=[station.pk])

    def test_首年度的起止(self, station: Station) -> None:
        assert first_year(station).end == days(-10)
