"""Pages of notices: what the public reads and sends, what the desk does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices import services
from jinhua_labor.notices.models import Notice, NoticeKind, NoticeState, Objection
from tests import factories
from tests.meta import rows

pytestmark = pytest.mark.django_db

TYPED = {"name": "测试丁", "contact": "0579-82190000", "content": "输送人数与实际不符。"}


@pytest.fixture
def draft(centre_clerk: User) -> Notice:
    return services.prepare(
        kind=NoticeKind.ASSESSMENT,
        title="年度评估结果公示",
        body="示例工作站，90分，合格。",
        by=centre_clerk,
        workdays=5,
        phone="0579-82190000",
    )


@pytest.fixture
def running(draft: Notice, bureau_official: User) -> Notice:
    cache.clear()  # the limit of objections is counted by address
    return services.release(notice_id=draft.pk, by=bureau_official)


def test_草稿公众看不到_发布后看得到(draft: Notice, bureau_official: User, client: Client) -> None:
    url = reverse("notices:detail", args=[draft.pk])
    assert client.get(url).status_code == 404
    services.release(notice_id=draft.pk, by=bureau_official)
    assert draft.title in client.get(url).content.decode()
    assert draft.title in client.get(reverse("notices:public"), {"kind": "period"}).content.decode()


def test_公众提异议_中心得到提醒_内容不公开(running: Notice, centre_clerk: User, client: Client) -> None:
    assert client.post(reverse("notices:objection", args=[running.pk]), TYPED).status_code == 302
    assert Objection.objects.get().notice == running
    assert Message.objects.filter(user=centre_clerk, subject__startswith="收到异议").count() == 1
    shown = client.get(reverse("notices:detail", args=[running.pk])).content.decode()
    assert TYPED["content"] not in shown
    assert TYPED["name"] not in shown


def test_异议缺项_打的字还在(running: Notice, client: Client) -> None:
    page = client.post(reverse("notices:objection", args=[running.pk]), {**TYPED, "name": ""})
    assert page.status_code == 422
    assert TYPED["content"] in page.content.decode()
    assert not Objection.objects.exists()


def test_公示结束后不收异议(running: Notice, client: Client) -> None:
    assert running.ends_on is not None
    with time_machine.travel(dt.datetime.combine(running.ends_on + dt.timedelta(days=1), dt.time(9)), tick=False):
        page = client.post(reverse("notices:objection", args=[running.pk]), TYPED)
    assert page.status_code == 422
    assert "不再接收异议" in page.content.decode()


def test_同一网络每小时五件(running: Notice, client: Client) -> None:
    url = reverse("notices:objection", args=[running.pk])
    statuses = [client.post(url, TYPED).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert Objection.objects.count() == 5


def test_起草送审发布撤回(
    centre_clerk: User, bureau_official: User, client: Client, client_for: Callable[[User], Client]
) -> None:
    clerk, official = client_for(centre_clerk), client_for(bureau_official)
    posted = {
        "kind": NoticeKind.OTHER,
        "title": "关于培训的通知",
        "body": "请参加培训。",
        "workdays": "0",
        "office": "区就业服务中心",
        "phone": "",
    }
    assert clerk.post(reverse("notices:prepare"), posted).status_code == 302
    notice = Notice.objects.get()
    assert clerk.post(reverse("notices:release", args=[notice.pk])).status_code == 403
    assert official.post(reverse("notices:release", args=[notice.pk])).status_code == 302
    assert client.get(notice.get_absolute_url()).status_code == 200
    withdraw = reverse("notices:withdraw", args=[notice.pk])
    assert official.post(withdraw, {"reason": ""}).status_code == 422
    assert official.post(withdraw, {"reason": "日期有误"}).status_code == 302
    assert client.get(notice.get_absolute_url()).status_code == 404


def test_起草人自己发布被拒并说明(bureau_official: User, client_for: Callable[[User], Client]) -> None:
    notice = services.prepare(kind=NoticeKind.OTHER, title="通知", body="正文", by=bureau_official)
    page = client_for(bureau_official).post(reverse("notices:release", args=[notice.pk]))
    assert page.status_code == 422
    assert "起草人不能自己发布" in page.content.decode()


def test_含手机号先拦下_写明误判理由可发布(
    centre_clerk: User, bureau_official: User, client_for: Callable[[User], Client]
) -> None:
    notice = services.prepare(kind=NoticeKind.OTHER, title="通知", body="热线13800000000", by=centre_clerk)
    client, url = client_for(bureau_official), reverse("notices:release", args=[notice.pk])
    assert "疑似手机号" in client.get(reverse("notices:desk", args=[notice.pk])).content.decode()
    assert client.post(url, {"cleared_reason": ""}).status_code == 422
    assert client.post(url, {"cleared_reason": "单位公开的服务热线"}).status_code == 302
    notice.refresh_from_db()
    assert notice.state == NoticeState.PUBLISHED


def test_公示必须写监督电话(centre_clerk: User, client_for: Callable[[User], Client]) -> None:
    posted = {"kind": "OTHER", "title": "公示", "body": "正文", "workdays": "5", "office": "中心", "phone": ""}
    page = client_for(centre_clerk).post(reverse("notices:prepare"), posted)
    assert page.status_code == 422
    assert "监督电话" in page.content.decode()


def test_两人先后发布_后者被告知(
    draft: Notice, bureau_official: User, bureau_second: User, client_for: Callable[[User], Client]
) -> None:
    services.release(notice_id=draft.pk, by=bureau_official)
    assert client_for(bureau_second).post(reverse("notices:release", args=[draft.pk])).status_code == 409


def test_发布后修改给409_打的字还在(running: Notice, centre_clerk: User, client_for: Callable[[User], Client]) -> None:
    posted = {"title": "新标题", "body": "新正文", "workdays": "5", "office": "中心", "phone": "0579-82190000"}
    page = client_for(centre_clerk).post(reverse("notices:amend", args=[running.pk]), posted)
    assert page.status_code == 409


def test_中心答复异议一次(running: Notice, centre_clerk: User, client_for: Callable[[User], Client]) -> None:
    row = services.object_to(notice_id=running.pk, **TYPED)
    client, url = client_for(centre_clerk), reverse("notices:answer", args=[row.pk])
    assert TYPED["content"] in client.get(reverse("notices:desk", args=[running.pk])).content.decode()
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "经核实无误。"}).status_code == 302
    assert client.post(url, {"text": "再答"}).status_code == 409


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.FINANCE, Role.ASSOCIATION, Role.ADMIN])
def test_其他角色进不了公示管理(role: str, running: Notice, client_for: Callable[[User], Client]) -> None:
    client = client_for(factories.user(role))
    for url in (reverse("notices:manage"), reverse("notices:desk", args=[running.pk]), reverse("notices:prepare")):
        assert client.get(url).status_code == 403


def test_截止日跨周末按工作日(running: Notice) -> None:
    assert running.ends_on is not None
    assert running.ends_on >= today() + dt.timedelta(days=5)


def test_异议写明答复期限(running: Notice, client_for: Callable[[User], Client], centre_clerk: User) -> None:
    objection = rows.objection(notice=running)
    for url in (reverse("notices:desk", args=[running.pk]), reverse("notices:manage")):
        page = client_for(centre_clerk).get(url).content.decode()
        assert f'<time datetime="{objection.answer_due.isoformat()}">' in page


def test_异议可附一份依据_只有主管部门能打开(
    running: Notice,
    client: Client,
    client_for: Callable[[User], Client],
    centre_clerk: User,
    stranger_operator: User,
) -> None:
    posted = client.post(reverse("notices:objection", args=[running.pk]), {**TYPED, "evidence": factories.png()})
    assert posted.status_code == 302
    evidence = Objection.objects.get(notice=running).evidence
    assert evidence is not None
    assert evidence.name in client_for(centre_clerk).get(reverse("notices:desk", args=[running.pk])).content.decode()
    opened = client_for(centre_clerk).get(evidence.get_absolute_url())
    assert (opened.status_code, opened.getvalue()[:4]) == (200, b"\x89PNG")
    assert client_for(stranger_operator).get(evidence.get_absolute_url()).status_code == 404


def test_依据不是文件和图片的拒收_所写的内容还在(running: Notice, client: Client) -> None:
    hostile = SimpleUploadedFile("依据.pdf", b"MZ\x90\x00 this is a program", content_type="application/pdf")
    page = client.post(reverse("notices:objection", args=[running.pk]), {**TYPED, "evidence": hostile})
    assert page.status_code == 422
    assert TYPED["content"] in page.content.decode()
    assert not Objection.objects.exists()
