"""首页 of each role and the search box: what waits, by what one may see."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import OrganisationKind, OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import SHANGHAI, today
from jinhua_labor.core.dates import datetime_cn
from jinhua_labor.dashboard.queries.figures import funnel, people_figures
from jinhua_labor.dashboard.queries.search import search
from jinhua_labor.dashboard.queries.todo import todo
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from stations.applications.models import Application
from stations.applications.services import establishment
from stations.registry.models import Station
from stations.roster.models import Delivery
from stations.roster.services import headcount
from tests import factories
from tests.queries import queries
from tests.stations.applications.approved import approved
from tests.stations.applications.build import deliver, pdf, started

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if role != Role.SYSTEM]


@pytest.fixture
def one(operator_user: User, centre_clerk: User, bureau_official: User) -> Application:
    return approved(operator_user, centre_clerk, bureau_official)


def establish(application: Application, by: User) -> Station:
    batch = establishment.create(key=uuid.uuid4(), application_ids=[application.pk], by=by)
    establishment.issue(
        batch_id=batch.pk,
        doc_no=f"金东人社〔{today().year}〕14号",
        issued_on=today(),
        upload=pdf(),
        publish=True,
        by=by,
    )
    return Station.objects.get(application=application)


@pytest.mark.parametrize("role", ROLES)
def test_每个角色的首页都有话说(role: str, client_for: Callable[[User], Client]) -> None:
    page = client_for(factories.user(role)).get(reverse("dashboard:home"))
    assert page.status_code == 200
    assert "您好" in page.content.decode()
    assert "card" in page.content.decode()


def test_首页要登录(client: Client) -> None:
    assert client.get(reverse("dashboard:home")).status_code == 302


def test_审核通过后局的待办是发文_设立后是挂牌和发布(
    one: Application, bureau_official: User, bureau_second: User, centre_clerk: User
) -> None:
    assert "1 件申请等待发文" in [task.title for task in todo(bureau_official).tasks]
    station = establish(one, bureau_official)
    titles = [task.title for task in todo(bureau_second).tasks]
    assert any(title.startswith("审核发布：关于公布") for title in titles)
    assert station.name in titles
    assert not any(task.title.startswith("审核发布") for task in todo(bureau_official).tasks)
    assert station.name in [task.title for task in todo(centre_clerk).tasks]


def test_中心的待办含注册和异议(centre_clerk: User, bureau_official: User) -> None:
    Organisation.objects.create(
        kind=OrganisationKind.OPERATOR,
        name="示例待确认有限公司",
        credit_code=factories.credit_code(424242),
        state=OrganisationState.PENDING,
    )
    notice = notices.prepare(
        kind=NoticeKind.OTHER, title="评估公示", body="正文", by=centre_clerk, workdays=5, phone="0579-82190000"
    )
    notices.release(notice_id=notice.pk, by=bureau_official)
    notices.object_to(notice_id=notice.pk, name="测试丁", contact="0579-82190001", content="有误。")
    titles = [task.title for task in todo(centre_clerk).tasks]
    assert "确认注册：示例待确认有限公司" in titles
    assert "答复异议：评估公示" in titles


def test_承建单位首页有进度和名册(operator_user: User, client_for: Callable[[User], Client]) -> None:
    started(operator_user)
    text = client_for(operator_user).get(reverse("dashboard:home")).content.decode()
    assert "继续我的申请" in text
    assert "办理进度" in text
    assert "还差 50 人" in text


def test_外人的申请不在我的首页(
    one: Application, stranger_operator: User, client_for: Callable[[User], Client]
) -> None:
    text = client_for(stranger_operator).get(reverse("dashboard:home")).content.decode()
    assert one.review.number not in text


def test_数字按可见范围统计(
    one: Application, operator_user: User, stranger_operator: User, bureau_official: User
) -> None:
    deliver(one, 3)
    Delivery.objects.update(status="COUNTED", entry_on=today())
    headcount.add_up()
    by_month, by_province = people_figures(bureau_official, today())
    assert by_month.rows[-1][1] == 3
    assert by_province.rows == (("贵州", 3, ""),)
    assert [row[1] for row in funnel(bureau_official).rows] == [1, 1, 1, 0, 0]
    assert all(figure.empty for figure in people_figures(stranger_operator, today()))
    assert funnel(stranger_operator).empty


def test_首页的人数写明截至何时_不现算(
    one: Application, bureau_official: User, client_for: Callable[[User], Client]
) -> None:
    def page() -> str:
        return client_for(bureau_official).get(reverse("dashboard:home")).content.decode()

    assert "每 5 分钟汇总一次" in page(), "还没有汇总过"
    deliver(one, 3)
    Delivery.objects.update(status="COUNTED", entry_on=today())
    found = headcount.add_up()
    assert f"共 3 人，截至{datetime_cn(found.as_of.astimezone(SHANGHAI))}" in page()
    deliver(one, 1)
    Delivery.objects.update(status="COUNTED", entry_on=today())
    assert "共 3 人" in page()
    assert not any("stations_delivery" in sql and "GROUP BY" in sql for sql in queries(page))


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU, Role.OPERATOR])
def test_首页查询数不随件数增长(
    role: str,
    operator_user: User,
    centre_clerk: User,
    bureau_official: User,
    client_for: Callable[[User], Client],
) -> None:
    user = operator_user if role == Role.OPERATOR else factories.user(role)
    client = client_for(user)
    approved(operator_user, centre_clerk, bureau_official)
    client.get(reverse("dashboard:home"))
    few = len(queries(lambda: client.get(reverse("dashboard:home"))))
    assert few <= 40
    for serial in range(2):
        approved(operator_user, centre_clerk, bureau_official, area_county=f"第{serial}示例县")
    assert len(queries(lambda: client.get(reverse("dashboard:home")))) <= few


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("{number}", id="受理编号"),
        pytest.param("{operator}", id="单位名称"),
        pytest.param("贵州", id="省"),
        pytest.param("示例县", id="县"),
        pytest.param("测试1", id="名册人员全名"),
    ],
)
def test_搜索只找得到看得见的(
    one: Application, operator_user: User, stranger_operator: User, bureau_official: User, words: str
) -> None:
    deliver(one, 1)
    text = words.format(number=one.review.number, operator=one.operator.name)
    for user, found in ((operator_user, True), (bureau_official, True), (stranger_operator, False)):
        assert bool(search(user, text)) is found


@pytest.mark.parametrize("role", [Role.FINANCE, Role.ASSOCIATION, Role.ADMIN])
def test_其他角色搜不到申请和人员(one: Application, role: str) -> None:
    deliver(one, 1)
    user = factories.user(role)
    assert not search(user, one.review.number)
    assert not search(user, "测试1")


def test_搜到的人员只显示证件后四位(
    one: Application, bureau_official: User, client_for: Callable[[User], Client]
) -> None:
    row = deliver(one, 1)[0]
    text = client_for(bureau_official).get(reverse("dashboard:search"), {"q": row.name}).content.decode()
    assert row.person.masked_id in text
    assert row.person.id_number not in text


def test_空搜索不查库(bureau_official: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert search(bureau_official, "  ") == []


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        pytest.param("ledger:index", "registry:stations", id="台账属于工作站"),
        pytest.param("oversight:visits", "registry:stations", id="走访属于工作站"),
        pytest.param("roster:certificates", "roster:index", id="名册有自己的一项"),
        pytest.param("oversight:complain", "oversight:complain", id="公众的投诉也是"),
    ],
)
def test_导航标出所在的一项(name: str, entry: str, centre_clerk: User, client_for: Callable[[User], Client]) -> None:
    page = client_for(centre_clerk).get(reverse(name))
    assert page.status_code == 200
    assert page.context["portal"].active == reverse(entry)
