"""附件1: one draft, single fields against their own previous value, data given once offered again."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import OrganisationState
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from stations.applications.enums import Channel, Side, TargetKind
from stations.applications.fields import FIELDS
from stations.applications.forms.annex1 import Annex1Form, Sheet
from stations.applications.models import Application
from stations.applications.queries.editable import EVERYTHING
from stations.applications.services import draft, submission
from stations.applications.services.draft import Change, save_fields
from tests import factories

from . import build

pytestmark = pytest.mark.django_db


def save(application: Application, user: User, **changes: tuple[object, object]):  # type: ignore[no-untyped-def]
    return save_fields(application_id=application.pk, changes={k: Change(*v) for k, v in changes.items()}, by=user)


def test_第二件草稿打开第一件(operator_user: User) -> None:
    first, new = draft.start(operator=operator_user.organisation, by=operator_user)
    second, new_again = draft.start(operator=operator_user.organisation, by=operator_user)
    assert (new, new_again) == (True, False)
    assert first.pk == second.pk
    assert {site.side for site in first.sites.all()} == set(Side)


def test_别人的单位不能代为申请(operator_user: User, stranger_operator: User) -> None:
    with pytest.raises(PermissionDenied):
        draft.start(operator=stranger_operator.organisation, by=operator_user)


def test_单位未确认不能申请(operator_user: User) -> None:
    operator_user.organisation.state = OrganisationState.PENDING
    with pytest.raises(Refused, match="尚未确认"):
        draft.start(operator=operator_user.organisation, by=operator_user)


def test_表单与栏目表一致() -> None:
    assert list(Annex1Form.base_fields) == list(FIELDS)


def test_提交前必填的栏目写明必填(client: Client, operator_user: User) -> None:
    client.force_login(operator_user)
    page = BeautifulSoup(client.get(build.started(operator_user).get_absolute_url()).content, "html.parser")
    shown = {str(label["for"]): label.select_one(".required") for label in page.select("label[for]")}
    for name, field in FIELDS.items():
        if f"id_{name}" in shown:
            assert bool(shown[f"id_{name}"]) is field.required, name
    assert {bool(shown[f"id_{name}"]) for name in ("head", "licence_to")} == {True, False}


def test_逐栏保存只比较自己的旧值(operator_user: User) -> None:
    application = build.started(operator_user)
    save(application, operator_user, head=("", "测试甲"))
    # A colleague changed another field meanwhile: no conflict.
    saved = save(application, operator_user, partner_name=("", "示例县劳务服务有限公司"))
    assert saved.names == ["partner_name"]
    saved = save(application, operator_user, head=("", "测试乙"))
    assert saved.conflicts == {"head": "测试甲"}
    assert build.again(application).head == "测试甲"


def test_已是新值不算冲突(operator_user: User) -> None:
    application = build.started(operator_user)
    save(application, operator_user, head=("", "测试甲"))
    assert save(application, operator_user, head=("", "测试甲")).conflicts == {}


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        pytest.param("licence", dt.date(2022, 1, 2), dt.date(2022, 1, 1), id="许可证止早于起"),
        pytest.param("agreement", dt.date(2022, 1, 2), dt.date(2022, 1, 1), id="协议止早于起"),
    ],
)
def test_起止颠倒不保存(operator_user: User, name: str, start: dt.date, end: dt.date) -> None:
    application = build.started(operator_user)
    save(application, operator_user, **{f"{name}_from": (None, start)})
    saved = save(application, operator_user, **{f"{name}_to": (None, end)})
    assert "截止日期不能早于" in saved.refused[f"{name}_to"]
    assert getattr(build.again(application), f"{name}_to") is None


def test_提交后不能再改(operator_user: User) -> None:
    application = build.submitted(operator_user)
    with pytest.raises(Conflict, match="锁定"):
        save(application, operator_user, head=("测试庚", "测试甲"))


def test_补正只开放标注的栏目(operator_user: User, centre_clerk: User) -> None:
    application = build.returned(build.submitted(operator_user), centre_clerk, (TargetKind.FIELD, "area_city"))
    save(application, operator_user, area_county=("示例县", "示例二县"))  # together with the marked one
    with pytest.raises(PermissionDenied):
        save(application, operator_user, head=("测试庚", "测试甲"))
    assert build.again(application).head == "测试庚"


def test_金东地点不能改到别处(operator_user: User) -> None:
    application = build.started(operator_user)
    site = application.sites.get(side=Side.DISTRICT)
    with pytest.raises(PermissionDenied):
        save(application, operator_user, **{f"site:{site.pk}:county": ("金东区", "婺城区")})


def test_填过的内容带入下一件(operator_user: User) -> None:
    first = build.submitted(operator_user)
    submission.withdraw(
        application_id=first.pk, by=operator_user, reason="填错地区", version=first.review.version, key=uuid.uuid4()
    )
    second = build.started(operator_user)
    assert second.pk != first.pk
    assert (second.partner_name, second.area_county, second.legal_rep) == ("示例县劳务服务有限公司", "示例县", "测试丁")
    assert second.term_to is None
    assert sorted(site.address for site in second.sites.all()) == ["示例街2号", "示例街2号"]
    # A delivery exists once: its row comes along, or the unit could never reach 50 again.
    assert second.roster_list.deliveries.count() == 50
    assert (build.again(second).roster_list.pending, build.again(first).roster_list.rows) == (50, 0)


def test_地点按添加的先后排列(operator_user: User) -> None:
    application, _ = draft.start(operator=operator_user.organisation, by=operator_user)
    added = [draft.add_site(application_id=application.pk, side=Side.AREA, by=operator_user).pk for _ in range(6)]
    assert [site.pk for site in application.sites.filter(side=Side.AREA)][-6:] == added


def test_移除已提交的地点被拒绝(operator_user: User, centre_clerk: User) -> None:
    application = build.returned(build.submitted(operator_user), centre_clerk, (TargetKind.FIELD, "sites"))
    site = application.sites.first()
    with pytest.raises(Refused, match="已随申请提交"):
        draft.remove_site(application_id=application.pk, site_id=site.pk, by=operator_user)
    added = draft.add_site(application_id=application.pk, side=Side.AREA, by=operator_user)
    draft.remove_site(application_id=application.pk, site_id=added.pk, by=operator_user)
    draft.remove_site(application_id=application.pk, site_id=added.pk, by=operator_user)  # gone already: harmless
    assert application.sites.count() == 2


def test_窗口草稿与网上草稿不并存(operator_user: User, centre_clerk: User) -> None:
    build.started(operator_user)
    with pytest.raises(Refused, match="草稿"):
        draft.start(operator=operator_user.organisation, by=centre_clerk, channel=Channel.COUNTER)


# --- autosave over HTTP -----------------------------------------------------------------------------------------------
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def client(client_for: Callable[[User], Client], operator_user: User) -> Client:
    return client_for(operator_user)


def post(client: Client, application: Application, field: str, value: str, previous: str = ""):  # type: ignore[no-untyped-def]
    url = reverse("applications:autosave", args=[application.pk])
    return client.post(url, {"field": field, "value": value, "previous": previous}, headers=FETCH)


def test_自动保存(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    answer = post(client, application, "head", " 测试甲 ")
    assert answer.status_code == 200
    assert answer.json()["value"] == "测试甲"
    assert build.again(application).head == "测试甲"


def test_自动保存地点的办公设施(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    site = application.sites.first()
    answer = post(client, application, f"site-{site.pk}-facilities", "电话\n电脑")
    assert answer.status_code == 200
    assert answer.json()["value"] == "电脑\n电话"
    assert post(client, application, f"site-{site.pk}-facilities", "电脑", "电脑\n电话").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("head_phone", "12345", "11 位手机号", id="电话不对"),
        pytest.param("term_to", "明年", "2026-04-12", id="日期不对"),
        pytest.param("area_province", "33", "33", id="本省不可选"),
        pytest.param("profile", "字" * 2001, "2000", id="简介超长"),
        pytest.param("state", "APPROVED", "移除", id="不是栏目"),
    ],
)
def test_自动保存不合格式(client: Client, operator_user: User, field: str, value: str, words: str) -> None:
    application = build.started(operator_user)
    answer = post(client, application, field, value)
    assert answer.status_code == 422
    assert words in answer.json()["message"]


def test_自动保存冲突给出现值(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    post(client, application, "head", "测试甲")
    answer = post(client, application, "head", "测试乙")
    assert answer.status_code == 409
    assert answer.json()["current"] == "测试甲"


def test_自动保存登录超时(operator_user: User) -> None:
    application = build.started(operator_user)
    answer = post(Client(), application, "head", "测试甲")
    assert answer.status_code == 401
    assert "重新登录" in answer.json()["message"]


def test_自动保存提交后(client: Client, operator_user: User) -> None:
    application = build.submitted(operator_user)
    answer = post(client, application, "head", "测试甲", "测试庚")
    assert answer.status_code == 409
    assert answer.json()["current"] == "测试庚"


def test_陌生单位与无关角色(
    client_for: Callable[[User], Client], operator_user: User, stranger_operator: User, bureau_official: User
) -> None:
    application = build.started(operator_user)
    build.started(stranger_operator)  # has a file of its own
    assert post(client_for(stranger_operator), application, "head", "测试甲").status_code == 404
    assert post(client_for(bureau_official), application, "head", "测试甲").status_code == 403
    assert build.again(application).head == ""


# --- the plain 保存 button --------------------------------------------------------------------------------------------
def whole(application: Application, **typed: str) -> dict[str, str]:
    """What the page of a draft posts."""
    before = Sheet.of(build.again(application)).before(EVERYTHING)
    shown = json.loads(before).items()
    ticked = {name: value for name, value in shown if value or not name.endswith("-facilities")}
    return {**ticked, **typed, "before": before}


def test_无脚本整页保存(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    answer = client.post(
        reverse("applications:save", args=[application.pk]), whole(application, head="测试甲", term_to="2030-1-31")
    )
    assert answer.status_code == 302
    row = build.again(application)
    assert (row.head, row.term_to) == ("测试甲", dt.date(2030, 1, 31))


def test_整页保存留下好的指出坏的(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    answer = client.post(
        reverse("applications:save", args=[application.pk]), whole(application, head="测试甲", head_phone="12345")
    )
    assert answer.status_code == 422
    assert 'value="12345"' in answer.text
    assert "11 位手机号" in answer.text
    row = build.again(application)
    assert (row.head, row.head_phone) == ("测试甲", "")


def test_整页保存同一栏冲突两值都在(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    stale = whole(application, head="测试乙", partner_name="示例县劳务服务有限公司")
    save(application, operator_user, head=("", "测试甲"))
    answer = client.post(reverse("applications:save", args=[application.pk]), stale)
    assert answer.status_code == 409
    assert "现在保存的：测试甲" in answer.text
    assert 'value="测试乙"' in answer.text
    row = build.again(application)
    assert (row.head, row.partner_name) == ("测试甲", "示例县劳务服务有限公司")


def test_冲突后再保存不盖掉别人改的其他栏(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    stale = whole(application, head="测试乙")
    save(application, operator_user, head=("", "测试甲"), partner_name=("", "别人填的机构"))
    url = reverse("applications:save", args=[application.pk])
    page = BeautifulSoup(client.post(url, stale).text, "html.parser")
    boxes = page.select("#annex1 input[name]:not([type=checkbox]), #annex1 textarea[name]")
    shown = {box["name"]: box.get("value", "") if box.name == "input" else box.text.strip() for box in boxes}
    assert (shown["head"], shown["partner_name"]) == ("测试乙", "别人填的机构")
    assert client.post(url, shown).status_code == 302
    row = build.again(application)
    assert (row.head, row.partner_name) == ("测试乙", "别人填的机构")


def test_退回后整页保存只动开放的栏(client: Client, operator_user: User, centre_clerk: User) -> None:
    application = build.returned(build.submitted(operator_user), centre_clerk, ("FIELD", "head_phone"))
    page = BeautifulSoup(client.get(application.get_absolute_url()).text, "html.parser")
    before = page.select_one("#annex1 [name=before]")["value"]
    assert list(json.loads(before)) == ["head_phone"]
    url = reverse("applications:save", args=[application.pk])
    assert client.post(url, {"before": before, "head_phone": "13000000055"}).status_code == 302
    assert build.again(application).head_phone == "13000000055"


def test_添加地点时不丢已填内容(client: Client, operator_user: User) -> None:
    application = build.started(operator_user)
    url = reverse("applications:site_add", args=[application.pk])
    answer = client.post(url, {**whole(application, head="测试甲"), "side": "AREA"})
    assert answer.status_code == 302
    assert build.again(application).head == "测试甲"
    assert application.sites.filter(side=Side.AREA).count() == 2


def test_旧页面整页保存提交后给出所填(client: Client, operator_user: User) -> None:
    application = build.filled(operator_user)
    stale = whole(application, profile="后来写的简介" * 20)
    build.hand_in(application, operator_user)
    answer = client.post(reverse("applications:save", args=[application.pk]), stale)
    assert answer.status_code == 409
    assert "后来写的简介" in answer.text


def test_旧页面给出的是选项的文字(client: Client, operator_user: User) -> None:
    application = build.filled(operator_user)
    site = application.sites.filter(side=Side.AREA).get()
    ticks = {f"site-{site.pk}-facilities": ["电脑", "网络"], f"site-{site.pk}-tenure": "LENT"}
    stale = {**whole(application, area_province="62", partner_kind="PUBLIC_SERVICE"), **ticks}
    build.hand_in(application, operator_user)
    page = BeautifulSoup(client.post(reverse("applications:save", args=[application.pk]), stale).text, "html.parser")
    said = {row.dt.text: row.dd.text for row in page.select("main dl > div")}
    assert said["省外劳务协作地区 省（自治区、直辖市）"] == "甘肃省"
    assert said["劳务协作协议 合作机构性质"] == "公共就业服务机构"
    assert said["劳务输出地区工作地点 使用方式"] == "借用"
    assert said["劳务输出地区工作地点 办公设施"] == "电脑、网络"
    assert set(said.values()) & {"62", "LENT", "PUBLIC_SERVICE"} == set()


def sign_in(client: Client, user: User) -> None:
    client.post(reverse("account_login"), {"login": user.username, "password": factories.PASSWORD})


# --- a form sent after the session has run out ------------------------------------------------------------------------
@pytest.mark.parametrize("mine", [True, False], ids=["本人登录", "同事登录"])
def test_没有脚本_超时后保存_登录回来内容还在(operator_user: User, mine: bool) -> None:
    client = Client()
    again = operator_user if mine else factories.user(organisation=operator_user.organisation)
    application = build.started(operator_user)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, operator_user)
        assert client.get(application.get_absolute_url()).status_code == 200
        typed = whole(application, head="测试超时前", profile="超时前写的简介")
        clock.shift(dt.timedelta(minutes=31))
        answer = client.post(reverse("applications:save", args=[application.pk]), typed)
        page = application.get_absolute_url()
        assert answer["Location"] == f"{reverse('account_login')}?next={page}"
        assert build.again(application).head == ""
        sign_in(client, again)
        html = client.get(page).content.decode()
        assert ("登录超时前填写的内容还没有保存" in html) is mine
        assert ("超时前写的简介" in html) is mine
        assert "超时前写的简介" not in client.get(page).content.decode()
        client.post(reverse("applications:save", args=[application.pk]), typed)
    assert build.again(application).head == "测试超时前"


def test_陌生人的提交不占会话(operator_user: User) -> None:
    application = build.started(operator_user)
    Client().post(reverse("applications:save", args=[application.pk]), whole(application, head="测试"))
    assert not Session.objects.exists()
