"""The offices' pages: who may open and post what, what comes back when it is refused, and what never leaks."""

from __future__ import annotations

import datetime as dt
import subprocess
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.models import User
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import Recommendation, State
from stations.applications.enums import Condition, Slot, TargetKind, Verdict
from stations.applications.models import Application, CountSnapshot, Defect, Judgement, SupplementNotice
from stations.applications.services import decision, defects, screening
from tests import factories
from tests.queries import queries

from . import build, office
from .test_screening import correct

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def page(name: str, application: Application, **more: object) -> str:
    return reverse(f"applications:{name}", kwargs={"pk": application.pk, **more})


def step(application: Application, **said: object) -> dict[str, Any]:
    """The hidden fields of a rendered form, and what was typed."""
    review = Review.objects.get(pk=application.review_id)
    return {"key": uuid.uuid4(), "version": review.version, **said}


GETS = ["review", "changes"]
POSTS = ["mark", "return", "judge", "judge_confirm", "credit", "screen"]
BUREAU_POSTS = ["approve", "reject", "send_back"]


class Test谁能打开:
    @pytest.mark.parametrize("name", GETS)
    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("centre_clerk", 200),
            ("bureau_official", 200),
            ("auditor", 200),
            ("operator_user", 403),
            ("finance", 403),
            ("association", 403),
            ("admin", 403),
        ],
    )
    def test_审阅页(
        self,
        request: pytest.FixtureRequest,
        client_for: SignIn,
        operator_user: User,
        name: str,
        who: str,
        status: int,
    ) -> None:
        application = build.submitted(operator_user)
        client = client_for(request.getfixturevalue(who))
        assert client.get(page(name, application)).status_code == status

    @pytest.mark.parametrize("name", [*POSTS, *BUREAU_POSTS])
    @pytest.mark.parametrize("who", ["operator_user", "auditor", "association"])
    def test_办理只归两级(
        self, request: pytest.FixtureRequest, client_for: SignIn, operator_user: User, name: str, who: str
    ) -> None:
        application = build.submitted(operator_user)
        client = client_for(request.getfixturevalue(who))
        assert client.post(page(name, application)).status_code == 403

    @pytest.mark.parametrize("name", [*POSTS, *BUREAU_POSTS])
    def test_中心与局各办各的(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User, name: str
    ) -> None:
        application = build.submitted(operator_user)
        wrong = centre_clerk if name in BUREAU_POSTS else bureau_official
        assert client_for(wrong).post(page(name, application)).status_code == 403

    def test_未提交的草稿对两级不存在(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User
    ) -> None:
        application = build.filled(operator_user)
        for user in (centre_clerk, bureau_official):
            assert client_for(user).get(page("review", application)).status_code == 404
            assert client_for(user).get(application.get_absolute_url()).status_code == 404

    def test_看不到的不能批量通过(self, client_for: SignIn, operator_user: User, bureau_official: User) -> None:
        application = build.filled(operator_user)
        data = {"ids": [application.pk], "opinion": "同意", "key": uuid.uuid4()}
        assert client_for(bureau_official).post(reverse("applications:approve_several"), data).status_code == 404


class Test待办:
    def test_中心看到待初审(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        html = client_for(centre_clerk).get(reverse("review:inbox")).content.decode()
        assert application.review.number in html
        assert "剩 5 个工作日" in html

    def test_本人录入的标明由同事办理(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        application = build.submitted(operator_user)
        Review.objects.filter(pk=application.review_id).update(submitted_by=centre_clerk)
        url = reverse("review:inbox")
        assert "由您录入提交，须由他人办理" in client_for(centre_clerk).get(url).content.decode()
        assert "由您录入提交" not in client_for(centre_second).get(url).content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [("q=SL-330703", True), ("q=没有这家", False), ("due=over", False), ("due=soon", False)],
        ids=["按编号", "按单位", "已超期", "即将到期"],
    )
    def test_筛选(self, client_for: SignIn, operator_user: User, centre_clerk: User, query: str, found: bool) -> None:
        application = build.submitted(operator_user)
        html = client_for(centre_clerk).get(f"{reverse('review:inbox')}?{query}").content.decode()
        assert (f"/applications/{application.pk}/" in html) is found

    def test_查询次数不随件数增加(
        self, client_for: SignIn, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> None:
        client, url = client_for(centre_clerk), reverse("review:inbox")
        build.submitted(operator_user)
        client.get(url)
        one = queries(lambda: client.get(url))
        build.submitted(stranger_operator)
        assert len(queries(lambda: client.get(url))) == len(one)

    def test_已办列出本人的步骤(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        application = office.screened(operator_user, centre_clerk)
        url = reverse("review:done")
        assert application.review.number in client_for(centre_clerk).get(url).content.decode()
        assert "您还没有办理过事项" in client_for(centre_second).get(url).content.decode()


class Test初审:
    def test_面板给出条件和判断(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = office.insured(build.submitted(operator_user), centre_clerk)
        html = client_for(centre_clerk).get(application.get_absolute_url()).content.decode()
        for text in ("第三条（五）", "50人（需50人）", "请登记信用核查结果", "同意，转区人社局审核", "保存判断"):
            assert text in html

    @pytest.mark.parametrize("back", ["", "review"], ids=["在申请页", "在审阅页"])
    def test_保存一项判断(self, client_for: SignIn, operator_user: User, centre_clerk: User, back: str) -> None:
        application = build.submitted(operator_user)
        client = client_for(centre_clerk)
        data = {"condition": "C3", "part": "PLAN", "verdict": "UNMET", "reason": "没有目标", "back": back}
        response = client.post(page("judge", application), data)
        assert response.status_code == 302
        assert response["Location"].endswith("#cond-C3")
        row = Judgement.objects.get()
        assert (row.part, row.verdict, row.reason, row.by) == ("PLAN", "UNMET", "没有目标", centre_clerk)

    @pytest.mark.parametrize("back", ["", "review"], ids=["在申请页", "在审阅页"])
    def test_没写理由退回原页并保留选择(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, back: str
    ) -> None:
        application = build.submitted(operator_user)
        data = {"condition": "C5", "part": "", "verdict": "UNMET", "reason": "", "back": back}
        response = client_for(centre_clerk).post(page("judge", application), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert "判断为不符合的，请写明理由。" in html
        assert 'value="UNMET"' in html.split('id="judge-C5"')[1].split("checked")[0]
        assert not Judgement.objects.exists()

    def test_同意被拒时列出全部障碍并保留意见(
        self, client_for: SignIn, operator_user: User, centre_clerk: User
    ) -> None:
        application = office.insured(build.submitted(operator_user), centre_clerk)
        data = step(application, recommendation="AGREE", opinion="我写的意见", back="review")
        response = client_for(centre_clerk).post(page("screen", application), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert "项不具备同意的条件" in html
        assert "我写的意见" in html

    def test_办完一件到下一件(
        self, client_for: SignIn, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> None:
        first = office.ready(operator_user, centre_clerk)
        second = build.submitted(stranger_operator)
        client = client_for(centre_clerk)
        response = client.post(page("screen", first), step(first, recommendation="AGREE", opinion="同意"))
        assert response["Location"] == second.get_absolute_url()
        data = step(second, recommendation="DISAGREE", opinion="人数不足")
        assert client.post(page("screen", second), data)["Location"] == reverse("review:inbox")

    def test_别人已办的给出409和谁办的(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        application = office.ready(operator_user, centre_clerk)
        data = step(application, recommendation="DISAGREE", opinion="我写的意见", back="review", at="rs=COUNTED")
        office.screen(application, centre_clerk)
        response = client_for(centre_second).post(page("screen", application), data)
        html = response.content.decode()
        assert response.status_code == 409
        assert "已被测试中心甲于" in html
        assert "<dt>意见</dt><dd>我写的意见</dd>" in html
        assert "DISAGREE" not in html
        assert "rs=COUNTED" not in html

    @pytest.mark.parametrize("name", ["judge", "credit", "site_check", "mark", "judge_confirm"])
    def test_补正之前打开的页面_补正之后不算数(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, centre_second: User, name: str
    ) -> None:
        application = office.ready(operator_user, centre_clerk)
        client, site = client_for(centre_second), application.sites.first()
        seen = client.get(page("review", application)).content.decode()
        old = Review.objects.get(pk=application.review_id).version
        assert f'name="version" value="{old}"' in seen
        build.returned(application, centre_clerk, (TargetKind.FIELD, "head"))
        correct(application, operator_user, head="测试壬")
        data = {
            "version": old,
            "condition": "C1",
            "verdict": "MET",
            "credit_check": "NONE",
            "note": "没有看新地址",
            "kind": "FIELD",
            "target": "profile",
            "text": "请核对",
        }
        more = {"site": site.pk} if name == "site_check" else {}
        assert client.post(page(name, application, **more), data).status_code == 409
        application = build.again(application)
        assert not application.judgements.filter(by=centre_second).exists()
        assert not application.defects.filter(notice__isnull=True).exists()
        data["version"] = application.review.version
        assert client.post(page(name, application, **more), data).status_code == 302

    def test_旧页面上选的判断按文字给出(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, centre_second: User
    ) -> None:
        application = office.screened(operator_user, centre_clerk)
        data = {"condition": "C5", "part": "", "verdict": "UNMET", "reason": "没有专人"}
        html = client_for(centre_second).post(page("judge", application), data).content.decode()
        assert "<dt>判断</dt><dd>不符合</dd>" in html
        assert "<dt>理由</dt><dd>没有专人</dd>" in html
        assert "UNMET" not in html


class Test标记:
    def test_标记后出现在托盘(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        client = client_for(centre_clerk)
        data = {"kind": "FIELD", "target": "head", "text": "请填写全名", "back": "review", "at": "rs=COUNTED"}
        response = client.post(page("mark", application), data)
        assert response["Location"] == f"{page('review', application)}?rs=COUNTED#mark-head"
        html = client.get(page("review", application)).content.decode()
        assert "补正通知书（1）" in html
        assert "请填写全名" in html

    def test_没写要求时保留并说明(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        response = client_for(centre_clerk).post(
            page("mark", application), {"kind": "FIELD", "target": "head", "text": " ", "back": "review"}
        )
        assert response.status_code == 422
        assert "请填写问题与要求" in response.content.decode()
        assert not Defect.objects.exists()

    def test_退回补正到下一件(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        defects.mark(
            application_id=application.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
        )
        client = client_for(centre_clerk)
        data = step(application, back="review")
        for _ in range(2):  # the same form twice
            assert client.post(page("return", application), data)["Location"] == reverse("review:inbox")
        assert SupplementNotice.objects.count() == 1

    def test_改标记和删标记(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        row = defects.mark(
            application_id=application.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
        )
        client = client_for(centre_clerk)
        client.post(page("reword", application, defect=row.pk), {"text": "请填写全名", "back": "review"})
        row.refresh_from_db()
        assert row.text == "请填写全名"
        client.post(page("unmark", application, defect=row.pk), {"back": "review"})
        assert not Defect.objects.exists()

    def test_外单位的标记动不了(
        self, client_for: SignIn, operator_user: User, stranger_operator: User, centre_clerk: User
    ) -> None:
        mine, other = build.submitted(operator_user), build.submitted(stranger_operator)
        row = defects.mark(
            application_id=other.pk, kind=TargetKind.FIELD, target="head", text="请核对", by=centre_clerk
        )
        response = client_for(centre_clerk).post(page("reword", mine, defect=row.pk), {"text": "改"})
        assert response.status_code == 409
        row.refresh_from_db()
        assert row.text == "请核对"


class Test审核:
    def test_通过不予通过退回(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User
    ) -> None:
        application = office.screened(operator_user, centre_clerk)
        client = client_for(bureau_official)
        html = client.get(application.get_absolute_url()).content.decode()
        assert "已核对" in html  # 初审意见
        assert "初审时的名单：计入 50 人" in html
        response = client.post(page("send_back", application), step(application, comment="请核实协议"))
        assert response["Location"] == reverse("review:inbox")
        application = office.screen(build.again(application), centre_clerk)
        client.post(page("approve", application), step(application, opinion="同意设立"))
        assert build.again(application).review.state == State.APPROVED

    def test_不予设立缺条款退回原页并保留理由(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User
    ) -> None:
        application = office.screened(operator_user, centre_clerk)
        data = step(application, clause="", reason="我写的理由", remedy="可以申请行政复议")
        response = client_for(bureau_official).post(page("reject", application), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert "请选择依据条款" in html
        assert "我写的理由" in html

    def test_批量通过逐件给结果(
        self,
        client_for: SignIn,
        operator_user: User,
        stranger_operator: User,
        centre_clerk: User,
        bureau_official: User,
    ) -> None:
        good, bad = office.screened(operator_user, centre_clerk), office.screened(stranger_operator, centre_clerk)
        Application.objects.filter(pk=bad.pk).update(licence_to="2021-06-30")
        client, url = client_for(bureau_official), reverse("applications:approve_several")
        assert client.post(url, {"key": uuid.uuid4(), "opinion": "同意"}).status_code == 422
        response = client.post(url, {"ids": [good.pk, bad.pk], "key": uuid.uuid4(), "opinion": "同意"})
        html = response.content.decode()
        assert "1 件审核通过" in html
        assert "到期" in html
        assert build.again(good).review.state == State.APPROVED
        assert build.again(bad).review.state == State.SCREENED

    def test_列表打开后退回又报来的不随批通过(
        self, client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User
    ) -> None:
        application = office.screened(operator_user, centre_clerk)
        client, version = client_for(bureau_official), application.review.version
        ticked = f"{application.pk}:{version}"
        assert f'name="ids" value="{ticked}"' in client.get(reverse("review:inbox")).content.decode()
        decision.send_back(application_id=application.pk, comment="请核实场所", by=bureau_official, key=uuid.uuid4())
        office.screen(build.again(application), centre_clerk)
        data = {"ids": [ticked], "key": uuid.uuid4(), "opinion": "同意"}
        html = client.post(reverse("applications:approve_several"), data).content.decode()
        assert "请刷新后再办" in html
        assert build.again(application).review.state == State.SCREENED
        data = {"ids": [f"{application.pk}:{version + 2}"], "key": uuid.uuid4(), "opinion": ""}
        html = client.post(reverse("applications:approve_several"), data).content.decode()
        assert f'value="{application.pk}:{version + 2}"' in html

    def test_当时的名单(self, client_for: SignIn, operator_user: User, centre_clerk: User, auditor: User) -> None:
        application = office.screened(operator_user, centre_clerk)
        url = page("snapshot", application, snapshot=CountSnapshot.objects.get().pk)
        html = client_for(auditor).get(url).content.decode()
        assert "存档完整" in html
        assert "50 人 / 0 人 / 0 行" in html
        assert client_for(operator_user).get(url).status_code == 403


class Test申请单位看不到内部意见:
    def texts(self, client: Client, application: Application) -> str:
        url = application.get_absolute_url()
        tabs = [client.get(f"{url}?tab={tab}").content.decode() for tab in ("form", "materials", "roster", "history")]
        return "\n".join([*tabs, self.pdf(client, page("annex1_pdf", application))])

    def pdf(self, client: Client, url: str) -> str:
        response = client.get(url)
        return subprocess.run(
            ["pdftotext", "-", "-"], input=response.content, capture_output=True, check=True
        ).stdout.decode()

    def test_判断标记意见都不出现(self, client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
        application = build.submitted(operator_user)
        defects.mark(
            application_id=application.pk,
            kind=TargetKind.FIELD,
            target="head",
            text="内部标记文字",
            by=centre_clerk,
        )
        screening.judge(
            application_id=application.pk,
            condition=Condition.C5,
            part="",
            verdict=Verdict.UNMET,
            reason="内部判断文字",
            by=centre_clerk,
        )
        application = office.screen(build.again(application), centre_clerk, Recommendation.DISAGREE)
        text = self.texts(client_for(operator_user), application)
        for secret in ("内部标记文字", "内部判断文字", "已核对", "不同意", "测试中心甲"):
            assert secret not in text

    def test_不予设立后看到理由依据救济途径(
        self,
        client_for: SignIn,
        operator_user: User,
        stranger_operator: User,
        centre_clerk: User,
        bureau_official: User,
    ) -> None:
        application = office.screen(build.submitted(operator_user), centre_clerk, Recommendation.DISAGREE)
        decision.reject(
            application_id=application.pk,
            clause="第三条第（四）项",
            reason="输送人员未达五十人",
            remedy="可以自知道本决定之日起六十日内依法申请行政复议",
            by=bureau_official,
        )
        client = client_for(operator_user)
        html = client.get(application.get_absolute_url()).content.decode()
        for text in ("输送人员未达五十人", "第三条第（四）项", "六十日内依法申请行政复议", "不予设立决定书"):
            assert text in html
        paper = self.pdf(client, page("refusal_pdf", application)).replace("\n", "")
        assert "不予设立决定书" in paper
        assert "第三条第（四）项" in paper
        assert client_for(stranger_operator).get(page("refusal_pdf", application)).status_code == 404


def test_htmx标记只换这一处(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    client = client_for(centre_clerk)
    html = client.get(page("review", application)).content.decode()
    assert 'hx-target="#mark-head"' in html
    assert html.count('id="mark-head"') == 1
    assert html.count('id="tray-list"') == 1


def test_审阅页查询次数不随名册增加(
    client_for: SignIn, operator_user: User, stranger_operator: User, centre_clerk: User
) -> None:
    few, many = build.submitted(operator_user, workers=51), build.submitted(stranger_operator, workers=80)
    client = client_for(centre_clerk)
    client.get(page("review", few))
    one, two = (queries(lambda made=made: client.get(page("review", made))) for made in (few, many))  # type: ignore[misc]
    assert len(one) == len(two)


def test_证件只从登记用途处打开(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    paper = application.materials.get(slot=Slot.M7)
    text = client_for(centre_clerk).get(page("review", application)).text
    assert reverse("attachments:open", args=[paper.attachment_id]) in text
    assert f"paper={paper.pk}" not in text
    assert reverse("attachments:preview", args=[paper.attachment_id]) not in text


def test_名册翻页和查找留在名册(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    text = client_for(centre_clerk).get(page("review", build.submitted(operator_user))).text
    assert 'href="?rp=2#rows"' in text
    assert 'action="#rows"' in text


def test_超时后提交的意见_登录回来仍在表中(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    client, words = Client(), {"login": centre_clerk.username, "password": factories.PASSWORD}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.post(reverse("account_login"), words)
        here = page("review", application)
        client.get(here)
        clock.shift(dt.timedelta(minutes=31))
        sent = step(application, recommendation=Recommendation.DISAGREE, opinion="协议未盖章，超时前写的意见")
        answer = client.post(page("screen", application), sent, headers={"referer": f"http://testserver{here}"})
        assert answer["Location"] == f"{reverse('account_login')}?next={here}"
        client.post(reverse("account_login"), words)
        html = client.get(here).content.decode()
        assert "登录超时前填写的内容还没有提交" in html
        assert "协议未盖章，超时前写的意见</textarea>" in html
        assert "超时前写的意见" not in client.get(here).content.decode()
    assert Review.objects.get(pk=application.review_id).state == State.SUBMITTED
