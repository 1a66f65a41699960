"""全区人数汇总: each person of the stations once, 计入 rows by month and province, one row that is written again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.roster.models import Headcount
from stations.roster.services import headcount
from stations.roster.tasks_station import add_up_district
from tests import factories
from tests.queries import queries
from tests.stations.applications.approved import approved
from tests.stations.applications.build import deliver as deliver_in_application
from tests.stations.applications.build import started

from .build import employer
from .build_station import deliver, station_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2023, 6, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_按人数和计入行数汇总_再汇总只改这一行(operator_user: User) -> None:
    station = station_of(operator_user)
    first = deliver(station, operator_user)
    deliver(station, operator_user, number=2, entry_on=dt.date(2021, 4, 1))
    again = deliver(station, operator_user, entry_on=dt.date(2022, 3, 5), employer=employer(operator_user))
    assert again.person_id == first.person_id
    station.deliveries.filter(person=first.person_id).update(status="COUNTED")
    found = headcount.add_up()
    assert (found.people, found.as_of) == (2, NOW)
    assert found.by_month == {"202103": 1, "202203": 1}
    assert list(found.by_province.values()) == [2]
    station.deliveries.update(status="EXCLUDED")
    add_up_district(timestamp=0)
    assert Headcount.objects.get().by_month == {}


def test_没有提交过的申请名册不算(operator_user: User, centre_clerk: User, bureau_official: User) -> None:
    draft = started(operator_user)
    rows = deliver_in_application(draft, 2)
    type(rows[0]).objects.update(status="COUNTED")
    assert headcount.add_up().by_month == {}
    handed_in = approved(operator_user, centre_clerk, bureau_official, area_county="第二示例县")
    draft.roster_list.deliveries.update(status="PENDING")
    handed_in.roster_list.deliveries.update(status="COUNTED")
    found = headcount.add_up()
    assert sum(found.by_month.values()) == handed_in.roster_list.deliveries.count()
    assert found.people == 0, "还没有设立工作站"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM])
def test_只有办公人员和审计看得到(role: Role) -> None:
    headcount.add_up()
    seen = Headcount.objects.visible_to(factories.user(role)).exists()
    assert seen is (role in (Role.CENTRE, Role.BUREAU, Role.AUDITOR))


def test_全区参保查询页不数人_写明人数截至何时(
    operator_user: User, centre_clerk: User, client_for: Callable[[User], Client]
) -> None:
    deliver(station_of(operator_user), operator_user)

    def page() -> str:
        return client_for(centre_clerk).get(reverse("roster:district_insurance")).content.decode()

    assert "全区工作站</p>" in page(), "还没有汇总过，不写人数"
    headcount.add_up()
    assert "全区工作站，1 人（截至2023年6月1日 09:00）" in page()
    assert "导出查询名单" in page()
    assert not any("COUNT(" in sql and "stations_delivery" in sql for sql in queries(page))
