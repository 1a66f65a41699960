"""提交: every gap with its place, one application whatever is clicked, all or nothing."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.policy.periods import add_months
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation, State
from stations.applications.enums import Side, Slot
from stations.applications.models import Application, SubmissionReceipt
from stations.applications.services import materials, submission
from stations.registry.models import Ban

from . import build

pytestmark = pytest.mark.django_db


def texts(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return "\n".join(text for text, _ in refusal.value.problems)


def test_提交后编号锁定并通知中心(
    operator_user: User, centre_clerk: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    application = build.filled(operator_user)
    with django_capture_on_commit_callbacks(execute=True):
        event = build.hand_in(application, operator_user)
    application = build.again(application)
    review = application.review
    assert review.state == State.SUBMITTED
    assert review.number.startswith(f"SL-330703-{today():%Y%m%d}-")
    assert review.open_key.endswith("52|示例州|示例县")
    assert application.roster_list.is_locked
    assert application.pledged_by_name == "测试丁"
    assert Message.objects.filter(user=centre_clerk, subject__contains="提交了设立申请").count() == 1
    assert event.detail["roster"] == {"rows": 50, "counted": 0, "pending": 50, "needed": 50}
    assert {paper["slot"] for paper in event.detail["papers"]} >= {"M1", "M2", "M3", "M4A", "M4B", "M4C", "M6", "M7"}
    assert SubmissionReceipt.objects.get(event=event).attachment.content_type == "application/pdf"
    assert operator_user.organisation.profile.licence_no == application.licence_no


LACKING: list[tuple[str, dict[str, Any], str]] = [
    ("没有协作地区", {"area_province": ""}, "省外劳务协作地区"),
    ("简介不足50字", {"profile": "太短"}, "不少于50字"),
    ("经营期限未填", {"term_to": None}, "申请经营期限"),
    ("经营期限不晚于今天", {"term_to": dt.date(2021, 1, 1)}, "须晚于申请之日"),
    ("许可证过期", {"licence_to": dt.date(2021, 6, 30)}, "到期"),
    ("协议过期", {"agreement_to": dt.date(2021, 6, 30)}, "协议已于2021年6月30日到期"),
    ("没有对接专人", {"liaison_name": ""}, "对接专人"),
    ("名册49人", {"workers": 49}, "还差1人"),
    ("省外地点不在协作地区内", {"area_county": "示例二县"}, "劳务输出地区|协作地区内"),
]


@pytest.mark.parametrize(("fields", "words"), [row[1:] for row in LACKING], ids=[row[0] for row in LACKING])
def test_缺项逐条列出(operator_user: User, fields: dict[str, Any], words: str) -> None:
    application = build.filled(operator_user, **fields)
    with pytest.raises(Refused) as refusal:
        build.hand_in(application, operator_user)
    assert any(word in texts(refusal) for word in words.split("|"))
    assert build.again(application).review.state == State.DRAFT
    assert not build.again(application).roster_list.is_locked


@pytest.mark.parametrize(
    "slot",
    [Slot.M1, Slot.M2, Slot.M3, Slot.M4A, Slot.M4B, Slot.M4C, Slot.M7, Slot.PLAN],
    ids=lambda slot: str(slot.label),
)
def test_缺一项材料(operator_user: User, slot: Slot) -> None:
    application = build.filled(operator_user)
    material = application.materials.get(slot=slot)
    materials.remove(application_id=application.pk, material_id=material.pk, by=operator_user)
    with pytest.raises(Refused) as refusal:
        build.hand_in(application, operator_user)
    [(text, url)] = refusal.value.problems
    assert "缺少" in text
    assert url.endswith(f"#slot-{slot}")


@pytest.mark.parametrize("slot", [Slot.M6, Slot.LEASE], ids=["照片", "使用证明"])
def test_每个地点都要有(operator_user: User, slot: Slot) -> None:
    application = build.filled(operator_user)
    site = application.sites.get(side=Side.AREA)
    material = application.materials.get(slot=slot, site=site)
    materials.remove(application_id=application.pk, material_id=material.pk, by=operator_user)
    with pytest.raises(Refused) as refusal:
        build.hand_in(application, operator_user)
    [(text, url)] = refusal.value.problems
    assert "劳务输出地区工作地点" in text
    assert url.endswith(f"#slot-{slot}-{site.pk}")


@pytest.mark.parametrize(
    ("decided", "barred"),
    [
        pytest.param(-24, True, id="禁止期最后一天"),
        pytest.param(-25, False, id="禁止期满"),
    ],
)
def test_禁止期(operator_user: User, decided: int, barred: bool) -> None:
    day = add_months(today(), decided)
    last = add_months(day, 24)
    Ban.objects.create(
        credit_code=operator_user.organisation.credit_code,
        organisation_name=operator_user.organisation.name,
        decided_on=day,
        last_day=last,
        created_by=operator_user,
    )
    application = build.filled(operator_user)  # a draft is allowed
    if barred:
        with pytest.raises(Refused) as refusal:
            build.hand_in(application, operator_user)
        assert f"{last.year}年{last.month}月{last.day}日" in texts(refusal)
    else:
        build.hand_in(application, operator_user)


def test_同一地区一件在办(operator_user: User) -> None:
    first = build.submitted(operator_user)
    second = build.filled(operator_user, area_city=" 示例州", area_county="示例 县")
    for site in second.sites.filter(side=Side.AREA):
        site.city, site.county = "示例州", "示例县"
        site.save()
    with pytest.raises(Refused) as refusal:
        build.hand_in(second, operator_user)
    assert ("贵单位在此地区已有办理中的申请，不能重复申请。", first.get_absolute_url()) in refusal.value.problems


def test_另一地区可以再申请(operator_user: User) -> None:
    build.submitted(operator_user)
    second = build.filled(operator_user, area_county="")  # the prefecture is another area than its county
    build.hand_in(second, operator_user)
    assert build.again(second).review.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("signer", "pledged", "words"),
    [
        pytest.param("测试丁", False, "承诺", id="未勾选承诺"),
        pytest.param("测试戊", True, "法定代表人", id="签名不是法定代表人"),
    ],
)
def test_承诺(operator_user: User, signer: str, pledged: bool, words: str) -> None:
    application = build.filled(operator_user)
    with pytest.raises(Refused, match=words):
        submission.submit(
            application_id=application.pk, by=operator_user, version=1, key=uuid.uuid4(), signer=signer, pledged=pledged
        )
    assert build.again(application).pledged_at is None


def test_双击同一按钮只提交一次(operator_user: User) -> None:
    application, key = build.filled(operator_user), uuid.uuid4()
    first = build.hand_in(application, operator_user, key=key, version=1)
    second = build.hand_in(application, operator_user, key=key, version=1)
    assert first.pk == second.pk
    assert ReviewEvent.objects.filter(review=application.review_id).count() == 1


def test_两个标签页只提交一次(client_for: Callable[[User], Client], operator_user: User) -> None:
    application, client = build.filled(operator_user), client_for(operator_user)
    url = reverse("applications:submit", args=[application.pk])
    pages = [{"key": str(uuid.uuid4()), "version": 1, "signer": "测试丁", "pledged": "on"} for _ in range(2)]
    assert client.post(url, pages[0]).status_code == 302
    answer = client.post(url, pages[1])
    assert answer.status_code == 409
    assert "提交" in answer.text
    assert Application.objects.filter(operator=operator_user.organisation).count() == 1
    assert ReviewEvent.objects.filter(review=application.review_id).count() == 1


def test_提交页缺项带链接(client_for: Callable[[User], Client], operator_user: User) -> None:
    application = build.started(operator_user)
    answer = client_for(operator_user).get(reverse("applications:submit", args=[application.pk]))
    assert answer.status_code == 200
    for place in ("#id_area_province", "#slot-M1", "#slot-M4C", "#roster"):
        assert place in answer.text
    assert 'name="pledged"' not in answer.text


def test_提交失败保留签名(client_for: Callable[[User], Client], operator_user: User) -> None:
    application = build.filled(operator_user)
    page = {"key": str(uuid.uuid4()), "version": 1, "signer": "测试戊", "pledged": "on"}
    answer = client_for(operator_user).post(reverse("applications:submit", args=[application.pk]), page)
    assert answer.status_code == 422
    assert 'value="测试戊"' in answer.text


def test_陌生单位不能提交(client_for: Callable[[User], Client], operator_user: User, stranger_operator: User) -> None:
    application = build.filled(operator_user)
    build.started(stranger_operator)
    page = {"key": str(uuid.uuid4()), "version": 1, "signer": "测试丁", "pledged": "on"}
    url = reverse("applications:submit", args=[application.pk])
    assert client_for(stranger_operator).post(url, page).status_code == 404
    with pytest.raises(PermissionDenied):
        build.hand_in(application, stranger_operator)


def test_局不能代为提交(client_for: Callable[[User], Client], operator_user: User, bureau_official: User) -> None:
    application = build.filled(operator_user)
    assert client_for(bureau_official).get(reverse("applications:submit", args=[application.pk])).status_code == 403


# --- 撤回 -------------------------------------------------------------------------------------------------------------
def test_撤回要写理由(operator_user: User) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Refused, match="理由"):
        submission.withdraw(
            application_id=application.pk,
            by=operator_user,
            reason=" ",
            version=application.review.version,
            key=uuid.uuid4(),
        )


def test_撤回后地区空出(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    key = uuid.uuid4()
    for _ in range(2):  # a double click withdraws once
        submission.withdraw(
            application_id=application.pk,
            by=operator_user,
            reason="材料有误",
            version=application.review.version,
            key=key,
        )
    application = build.again(application)
    assert (application.review.state, application.review.open_key) == (State.WITHDRAWN, None)
    assert Message.objects.filter(user=centre_clerk, subject__contains="撤回了设立申请").count() == 1


def test_审核通过后不能撤回(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = build.submitted(operator_user)
    review = review_services.lock(application.review_id)
    review_services.transition(
        review, Action.SCREEN, by=centre_clerk, opinion=Opinion("同意", Recommendation.AGREE), version=review.version
    )
    review_services.transition(
        review, Action.APPROVE, by=bureau_official, opinion=Opinion("同意"), version=review.version
    )
    with pytest.raises(Conflict):
        submission.withdraw(
            application_id=application.pk, by=operator_user, reason="不办了", version=review.version, key=uuid.uuid4()
        )


@pytest.mark.django_db(transaction=True)
def test_同时提交两次只成一次(operator_user: User) -> None:
    """Two tabs, two connections, the same draft: the lock on the review lets one through, the other is told."""
    application = build.filled(operator_user)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def run() -> None:
        try:
            gate.wait()
            submission.submit(
                application_id=application.pk,
                by=operator_user,
                version=1,
                key=uuid.uuid4(),
                signer="测试丁",
                pledged=True,
            )
            outcomes.append("ok")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "ok"]
    assert ReviewEvent.objects.filter(review=application.review_id).count() == 1
