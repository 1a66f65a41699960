"""依据 behind each line: pages with the list, papers by name, who was left out and why (R-29)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from assessments.sheets.queries.evidence import Evidence, evidence, left_out
from assessments.sheets.queries.facts import gather
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.policy.types import Policy
from stations.oversight.models import Activity, Complaint
from stations.registry.models import Station
from stations.roster.models import Delivery
from tests import factories
from tests.queries import queries

from . import filled
from .filled import OPENED, PERIOD

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(operator_user: User) -> Station:
    return filled.whole(operator=operator_user.organisation)


def shown(place: Station, user: User, policy: Policy) -> dict[str, Evidence]:
    facts = gather(place, PERIOD, cutoff=OPENED, as_of=OPENED, policy=policy, official=True)
    return evidence(place, PERIOD, facts, user, policy=policy)


def test_每一项都有去处_且都打得开(
    place: Station, centre_clerk: User, policy: Policy, client_for: Callable[[User], Client]
):
    found = shown(place, centre_clerk, policy)
    client = client_for(centre_clerk)
    for code, one in found.items():
        assert one.links, code
        for link in (*one.links, *one.papers, *one.left_out):
            assert client.get(link.url).status_code == 200, (code, link)


def test_链接上的数就是打开的行数(
    place: Station, centre_clerk: User, policy: Policy, client_for: Callable[[User], Client]
):
    found = shown(place, centre_clerk, policy)
    missing, late, timely = found["B2"].links
    assert (missing.label, late.label) == ("没有合同 1 人", "逾期签订 1 人")
    client = client_for(centre_clerk)
    assert client.get(missing.url).context["page_obj"].paginator.count == 1
    assert client.get(timely.url).context["page_obj"].paginator.count == 6
    counted, pending, excluded = found["C4"].links
    assert (counted.label, pending.label, excluded.label) == ("计入 8 人", "待核 1 行", "不计 1 行")
    assert client.get(counted.url).context["page_obj"].paginator.count == 8


@pytest.mark.parametrize("is_frozen", [False, True], ids=["未冻结", "已冻结"])
def test_不计的人按原因列出(place: Station, is_frozen: bool):
    if is_frozen:
        filled.frozen(place)
        Delivery.objects.filter(station=place).update(codes=[])  # 之后的核算不改变冻结时的原因
    found = left_out(place, PERIOD, frozen=is_frozen)
    assert [(one.code, one.label, one.rows) for one in found] == [
        ("E03", "非省外户籍", 1),
        ("E07", "劳务派遣", 1),
        ("E10", "参保情况待查", 1),
    ]


def test_投诉活动变更逐条说明是否计入(place: Station, centre_clerk: User, policy: Policy):
    found = shown(place, centre_clerk, policy)
    (late,) = found["A3"].papers
    assert "未事先报备" in late.text
    assert not late.good
    assert [(one.good, "核实：" in one.text) for one in found["A4"].papers] == [(False, True), (True, False)]
    assert [one.good for one in found["C3"].papers] == [True, True, False]
    assert "与另一条是同一场" in found["C3"].papers[2].text


def test_未确认的活动说明不计(place: Station, centre_clerk: User, policy: Policy):
    row = Activity.objects.filter(station=place).earliest("held_on")
    Activity.objects.filter(pk=row.pk).update(state="SUBMITTED", confirmed_by=None, confirmed_at=None)
    first = shown(place, centre_clerk, policy)["C3"].papers[0]
    assert not first.good
    assert first.text.endswith("，不计")


def test_站点只看得到转给自己的投诉(place: Station, operator_user: User, centre_clerk: User, policy: Policy):
    assert Complaint.objects.filter(station=place).count() == 2
    assert len(shown(place, centre_clerk, policy)["A4"].papers) == 2
    assert len(shown(place, operator_user, policy)["A4"].papers) == 1


def test_外人什么也看不到(place: Station, policy: Policy):
    stranger = factories.user(Role.OPERATOR)
    found = shown(place, stranger, policy)
    assert [found[code].papers for code in ("A3", "A4", "C3")] == [(), (), ()]


def test_台账缺什么逐目列出(place: Station, centre_clerk: User, policy: Policy):
    texts = [one.text for one in shown(place, centre_clerk, policy)["B3"].papers]
    assert "缺少：用工企业基本情况" in texts
    assert any(text.startswith("纸质待核：") for text in texts)


def test_查询次数不随行数增长(place: Station, centre_clerk: User, policy: Policy):
    facts = gather(place, PERIOD, cutoff=OPENED, as_of=OPENED, policy=policy, official=True)

    def asked() -> int:
        return len(queries(lambda: evidence(place, PERIOD, facts, centre_clerk, policy=policy)))

    before = asked()
    filled.people(place)
    filled.oversight(place)
    assert asked() == before
