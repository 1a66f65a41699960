"""申请列表: own files for an operator, all for the offices; filters in the address; the same number of queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.applications.queries.listing import Filters, listing
from tests import factories
from tests.queries import queries

from . import build

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
URL = "/applications/"


@pytest.fixture
def two(operator_user: User, stranger_operator: User):  # type: ignore[no-untyped-def]
    return build.submitted(operator_user), build.submitted(
        stranger_operator, area_province="53", area_city="", area_county=""
    )


def test_各看各的(client_for: SignIn, two, operator_user: User, centre_clerk: User) -> None:  # type: ignore[no-untyped-def]
    mine, other = two
    text = client_for(operator_user).get(URL).text
    assert mine.review.number in text
    assert other.review.number not in text
    text = client_for(centre_clerk).get(URL).text
    assert mine.review.number in text
    assert other.review.number in text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        pytest.param({}, 2, id="不筛选"),
        pytest.param({"state": "SUBMITTED"}, 2, id="待初审"),
        pytest.param({"state": "RETURNED"}, 0, id="待补正"),
        pytest.param({"area": "52"}, 1, id="贵州"),
        pytest.param({"q": "示例州"}, 1, id="州名"),
        pytest.param({"q": "没有这个"}, 0, id="查不到"),
        pytest.param({"state": "乱写", "area": "zz"}, 0, id="乱写的条件"),
    ],
)
def test_筛选(two, centre_clerk: User, filters: dict[str, str], found: int) -> None:  # type: ignore[no-untyped-def]
    assert listing(centre_clerk, Filters(**filters)).page.paginator.count == found


def test_按编号和单位查(two, centre_clerk: User) -> None:  # type: ignore[no-untyped-def]
    mine, _ = two
    for words in (mine.review.number, mine.operator.name, mine.operator.credit_code.lower()):
        assert [row.pk for row in listing(centre_clerk, Filters(q=words)).page.object_list] == [mine.pk]


def test_空列表告诉怎么办(client_for: SignIn, operator_user: User, centre_clerk: User) -> None:
    assert "我要申请" in client_for(operator_user).get(URL).text
    assert "窗口录入申请" in client_for(centre_clerk).get(URL).text
    assert "没有符合条件的申请" in client_for(centre_clerk).get(URL, {"q": "没有"}).text


@pytest.mark.parametrize("number", ["0", "-1", "abc", "999"])
def test_页码乱写也能看(client_for: SignIn, two, centre_clerk: User, number: str) -> None:  # type: ignore[no-untyped-def]
    assert client_for(centre_clerk).get(URL, {"page": number}).status_code == 200


def test_查询数不随行数增长(client_for: SignIn, centre_clerk: User) -> None:
    client = client_for(centre_clerk)

    def count() -> int:
        client.get(URL)
        return len(queries(lambda: client.get(URL)))

    build.submitted(factories.user(Role.OPERATOR))
    one = count()
    for _ in range(2):
        build.submitted(factories.user(Role.OPERATOR))
    assert count() == one


def test_无关角色(client_for: SignIn, finance: User, association: User) -> None:
    for user in (finance, association):
        assert client_for(user).get(URL).status_code == 403
