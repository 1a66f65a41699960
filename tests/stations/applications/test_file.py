"""The file page: one address for all roles, tabs, the applicant's panel, what each may see of the story."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from stations.applications.enums import Slot
from stations.applications.models import Application
from stations.applications.queries.timeline import next_step, steps, timeline
from stations.registry.models import Ban
from tests.queries import queries

from . import build

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TABS = ("form", "materials", "roster", "history")


def page(application: Application, tab: str = "form") -> str:
    return f"{application.get_absolute_url()}?tab={tab}"


@pytest.mark.parametrize("tab", TABS, ids=["申请表", "材料", "名册", "沿革"])
def test_申请人各页(client_for: SignIn, operator_user: User, tab: str) -> None:
    answer = client_for(operator_user).get(page(build.started(operator_user), tab))
    assert answer.status_code == 200
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("tab", TABS, ids=["申请表", "材料", "名册", "沿革"])
def test_陌生单位看不到(client_for: SignIn, operator_user: User, stranger_operator: User, tab: str) -> None:
    application = build.started(operator_user)
    build.started(stranger_operator)
    assert client_for(stranger_operator).get(page(application, tab)).status_code == 404


def test_主管部门看不到草稿(client_for: SignIn, operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    application = build.started(operator_user)
    for user in (centre_clerk, bureau_official):
        assert client_for(user).get(page(application)).status_code == 404


def test_无关角色(client_for: SignIn, operator_user: User, finance: User, association: User, admin: User) -> None:
    application = build.started(operator_user)
    for user in (finance, association, admin):
        assert client_for(user).get(page(application)).status_code == 403


def test_提交后申请人只读(client_for: SignIn, operator_user: User) -> None:
    application = build.submitted(operator_user)
    answer = client_for(operator_user).get(page(application))
    assert "data-autosave-url" not in answer.text
    assert "等待初审" in answer.text
    materials = client_for(operator_user).get(page(application, "materials")).text
    assert 'type="file"' not in materials
    assert "申请单位营业执照.png" in materials


def test_禁止期在页面写明到哪天(client_for: SignIn, operator_user: User) -> None:
    last = today() + dt.timedelta(days=30)
    Ban.objects.create(
        credit_code=operator_user.organisation.credit_code,
        organisation_name=operator_user.organisation.name,
        decided_on=today() - dt.timedelta(days=700),
        last_day=last,
        created_by=operator_user,
    )
    words = f"{last.year}年{last.month}月{last.day}日（含）前不得重新申报"
    client = client_for(operator_user)
    assert words in client.get(reverse("applications:start")).text
    application = build.started(operator_user)
    assert words in client.get(page(application)).text
    assert words in client.get(reverse("applications:submit", args=[application.pk])).text


def test_开始页打开已有草稿(client_for: SignIn, operator_user: User) -> None:
    client = client_for(operator_user)
    first = client.post(reverse("applications:start"))
    assert first.status_code == 302
    assert "继续我的申请" in client.get(reverse("applications:start")).text
    assert client.post(reverse("applications:start")).url == first.url


def screen(application: Application, clerk: User, words: str) -> None:
    review = review_services.lock(application.review_id)
    review_services.transition(
        review, Action.SCREEN, by=clerk, opinion=Opinion(words, Recommendation.AGREE), version=review.version
    )


def test_初审意见决定前不给申请人(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    screen(application, centre_clerk, "内部意见甲")
    for tab in TABS:
        text = client_for(operator_user).get(page(application, tab)).text
        assert "内部意见甲" not in text
        assert centre_clerk.name not in text
    office = [entry.text for entry in timeline(build.again(application), centre_clerk)]
    assert "内部意见甲" in office


def test_沿革用申请人的话(operator_user: User, centre_clerk: User) -> None:
    application = build.submitted(operator_user)
    titles = [entry.title for entry in timeline(application, operator_user)]
    assert titles == ["开始填写", "提交申请"]
    coming = next_step(application, operator_user)
    assert coming.title == "等待初审"
    assert coming.due_on == application.review.due_on
    assert coming.days_left == 5
    application = build.returned(application, centre_clerk, ("FIELD", "profile"))
    assert next_step(application, operator_user).days_left == 15
    assert [label for label, state, _ in steps(application) if state == "returned"] == ["提交"]


def test_页面查询数不随文件和地点增长(client_for: SignIn, operator_user: User) -> None:
    application, client = build.filled(operator_user), client_for(operator_user)

    def count(tab: str) -> int:
        client.get(page(application, tab))
        return len(queries(lambda: client.get(page(application, tab))))

    before = {tab: count(tab) for tab in TABS}
    for slot in (Slot.M1, Slot.M4A):
        build.put(application, slot, operator_user)
    assert {tab: count(tab) for tab in TABS} == before
    assert max(before.values()) < 60
