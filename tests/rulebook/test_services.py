"""Drafting, confirming, withdrawing (R-48, R-49; §5.8): who may, when, and what never changes afterwards."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.policy.switches import VetoMode
from jinhua_labor.rulebook import policy_on, policy_version, services
from jinhua_labor.rulebook.book import forget_book
from jinhua_labor.rulebook.enums import Kind, VersionState
from jinhua_labor.rulebook.models import Version
from jinhua_labor.rulebook.queries import draft_policy
from tests import factories
from tests.meta import violations_rulebook

pytestmark = pytest.mark.django_db

Make = Callable[..., Version]
NO_WORDS = {"pv": {"ban_months": {"value": 36}}}
NO_CHOICE = {"pv": {"veto_mode": {"value": "D", "reading": "另一种"}}}
NEW_TIERS = {"tiers": [{"floor": 60, "amount": 45000}, {"floor": 80, "amount": 75000}]}


@pytest.mark.parametrize("name", sorted(violations_rulebook.KEPT))
def test_决定之后不能改(name: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        violations_rulebook.KEPT[name]()


# --- drafting ---------------------------------------------------------------------------------------------------------


def test_同一次点击只建一份草稿(may: dt.date, bureau_official: User) -> None:
    key = uuid.uuid4()
    made = [services.create(key=key, kind=Kind.READING, subject="口径", by=bureau_official) for _ in range(2)]
    assert made[0] == made[1]
    assert Version.objects.count() == 1
    assert AuditEntry.objects.filter(action="policy.create").count() == 1


@pytest.mark.parametrize("role", [Role.CENTRE, Role.AUDITOR, Role.OPERATOR, Role.FINANCE, Role.ADMIN])
def test_只有区人社局能记录(role: str, may: dt.date) -> None:
    with pytest.raises(PermissionDenied):
        services.create(key=uuid.uuid4(), kind=Kind.READING, subject="口径", by=factories.user(role))


def test_新文件的草稿带上现行的口径(in_force: Make, settings: Any, bureau_official: User) -> None:
    in_force()
    settings.PORTAL_TODAY = dt.date(2022, 7, 1)
    made = services.create(key=uuid.uuid4(), kind=Kind.SUCCESSOR, subject="新办法", by=bureau_official)
    assert made.changes["pv"]["veto_mode"]["value"] == "B"
    assert draft_policy(made, dt.date(2022, 7, 1)).veto_mode is VetoMode.TOGETHER


def test_旧页面的保存被拒绝_内容相同的不算(drafted: Make, bureau_official: User) -> None:
    row = drafted()
    part = {"pv": {"veto_mode": {"value": "C", "reading": "分别三次。"}}}
    kept = services.save_part(version_id=row.pk, revision=row.revision, part=part, by=bureau_official)
    again = services.save_part(version_id=row.pk, revision=row.revision, part=part, by=bureau_official)
    assert again.revision == kept.revision == row.revision + 1
    with pytest.raises(Conflict, match="又有修改"):
        services.save_part(version_id=row.pk, revision=row.revision, part={"pv": {"veto_mode": {}}}, by=bureau_official)


def test_别人的草稿不能改(drafted: Make, bureau_second: User) -> None:
    row = drafted()
    with pytest.raises(Refused, match="测试局甲"):
        services.save_part(version_id=row.pk, revision=row.revision, part=NEW_TIERS, by=bureau_second)
    with pytest.raises(Refused, match="测试局甲"):
        services.submit(version_id=row.pk, revision=row.revision, by=bureau_second)


def test_延期的草稿没有别的内容(drafted: Make, bureau_official: User) -> None:
    row = drafted(Kind.EXTENSION)
    with pytest.raises(Refused, match="只改变截止日期"):
        services.save_part(version_id=row.pk, revision=row.revision, part=NEW_TIERS, by=bureau_official)


# --- handing in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        pytest.param(Kind.READING, {"doc_no": ""}, "请填写文号", id="改读法没有文号"),
        pytest.param(Kind.READING, {"doc_date": None}, "请填写成文日期", id="没有成文日期"),
        pytest.param(Kind.READING, {"decided_by": ""}, "请填写决定机关", id="没有决定机关"),
        pytest.param(Kind.READING, {"doc_date": dt.date(2022, 5, 11)}, "不能晚于今天", id="文件还没有印发"),
        pytest.param(Kind.READING, {"valid_from": None}, "请填写生效日期", id="没有生效日期"),
        pytest.param(Kind.READING, {"valid_from": dt.date(2022, 5, 10)}, "最早填明天", id="当日生效"),
        pytest.param(Kind.READING, {"valid_from": dt.date(2022, 1, 1)}, "最早填明天", id="追溯生效"),
        pytest.param(Kind.READING, {"part": {}}, "还没有改任何内容", id="没有内容"),
        pytest.param(Kind.READING, {"part": NO_WORDS}, "须一并改写", id="取值改了口径没改"),
        pytest.param(Kind.READING, {"part": NO_CHOICE}, "不是可选的值", id="没有的读法"),
        pytest.param(Kind.EXTENSION, {"effective_to": None}, "请填写延长后的截止日期", id="没有截止日"),
        pytest.param(Kind.EXTENSION, {"effective_to": dt.date(2023, 12, 31)}, "须晚于现在的截止日期", id="没有延长"),
        pytest.param(
            Kind.SUCCESSOR, {"part": {"tiers": [{"floor": 70, "amount": 1}]}}, "两者不一致", id="奖励与合格线不一致"
        ),
        pytest.param(
            Kind.SUCCESSOR, {"part": {"indicators": {"A1": {"weight": 6}}}}, "权重合计为101", id="权重不是一百"
        ),
    ],
)  # fmt: skip
def test_不能提请确认的(drafted: Make, bureau_official: User, kind: Kind, fields: dict[str, Any], message: str) -> None:
    row = drafted(kind, **fields)
    with pytest.raises(Refused) as refused:
        services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)
    assert any(message in text for text, _url in refused.value.problems), refused.value.problems
    row.refresh_from_db()
    assert row.state == VersionState.DRAFT


def test_截止在施行之前的草稿不能保存(drafted: Make) -> None:
    with pytest.raises(Refused, match="不能早于施行日期"):
        drafted(Kind.SUCCESSOR, effective_to=dt.date(2022, 5, 20))


def test_所有不成立之处一次列出(drafted: Make, bureau_official: User) -> None:
    row = drafted(
        Kind.SUCCESSOR,
        part={"indicators": {"A1": {"weight": 6}}, "tiers": [{"floor": 70, "amount": 1}]},
        doc_no="",
    )
    with pytest.raises(Refused) as refused:
        services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)
    told = " ".join(text for text, _url in refused.value.problems)
    assert all(word in told for word in ("请填写文号", "权重合计为101", "两者不一致"))


def test_提请两次是一次_之后内容不变(handed_in: Make, bureau_official: User) -> None:
    row = handed_in()
    assert services.submit(version_id=row.pk, revision=row.revision, by=bureau_official).submitted_at
    with pytest.raises(Conflict, match="待确认"):
        services.save_part(version_id=row.pk, revision=row.revision, part=NEW_TIERS, by=bureau_official)
    assert AuditEntry.objects.filter(action="policy.submit").count() == 1


def test_退回须写意见_拟稿人取回不用(handed_in: Make, bureau_official: User, bureau_second: User) -> None:
    row = handed_in()
    with pytest.raises(Refused, match="退回修改的意见"):
        services.hand_back(version_id=row.pk, note=" ", by=bureau_second)
    row = services.hand_back(version_id=row.pk, note="文号不对。", by=bureau_second)
    assert (row.state, row.returned_note) == (VersionState.DRAFT, "文号不对。")
    row = services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)
    assert services.hand_back(version_id=row.pk, note="", by=bureau_official).state == VersionState.DRAFT


# --- confirming -------------------------------------------------------------------------------------------------------


def test_拟稿人不能自己确认(handed_in: Make, bureau_official: User) -> None:
    row = handed_in()
    with pytest.raises(Refused, match="另一位工作人员确认"):
        services.confirm(version_id=row.pk, revision=row.revision, by=bureau_official)
    assert policy_on(dt.date(2022, 6, 1)).policy.veto_mode is VetoMode.ANY_ACCIDENT


@pytest.mark.parametrize("role", [Role.CENTRE, Role.AUDITOR])
def test_外单位不能确认(handed_in: Make, role: str) -> None:
    row = handed_in()
    with pytest.raises(PermissionDenied):
        services.confirm(version_id=row.pk, revision=row.revision, by=factories.user(role))


def test_草稿不能跳过提请(drafted: Make, bureau_second: User) -> None:
    row = drafted()
    with pytest.raises(Conflict, match="草稿"):
        services.confirm(version_id=row.pk, revision=row.revision, by=bureau_second)


def test_确认之后自生效日起适用_以前的仍按旧读法(in_force: Make) -> None:
    """R-49 b)."""
    row = in_force()
    assert row.code == "JD-2021-14-K1"
    assert policy_on(dt.date(2022, 5, 31)).policy.veto_mode is VetoMode.ANY_ACCIDENT
    assert policy_on(dt.date(2022, 6, 1)).policy.veto_mode is VetoMode.TOGETHER
    assert policy_version("JD-2021-14-K1").veto_mode is VetoMode.TOGETHER


def test_确认两次是一次(in_force: Make, bureau_second: User) -> None:
    row = in_force()
    again = services.confirm(version_id=row.pk, revision=row.revision, by=bureau_second)
    assert again.code == row.code
    assert AuditEntry.objects.filter(action="policy.confirm").count() == 1


def test_确认的是看到的那一稿(handed_in: Make, bureau_second: User) -> None:
    row = handed_in()
    with pytest.raises(Conflict, match="又有修改"):
        services.confirm(version_id=row.pk, revision=row.revision - 1, by=bureau_second)


def test_过了生效日不能再确认(handed_in: Make, bureau_second: User, settings: Any) -> None:
    row = handed_in()
    settings.PORTAL_TODAY = dt.date(2022, 6, 1)
    with pytest.raises(Refused) as refused:
        services.confirm(version_id=row.pk, revision=row.revision, by=bureau_second)
    assert "最早填明天" in refused.value.problems[0][0]


def test_延期确认后立即清除待确认(in_force: Make, settings: Any) -> None:
    row = in_force(Kind.EXTENSION)
    settings.PORTAL_TODAY = dt.date(2024, 3, 1)
    assert (row.code, row.extends_from) == ("JD-2021-14-Y1", dt.date(2023, 12, 31))
    assert policy_on(dt.date(2024, 3, 1)).confirmed
    assert not policy_on(dt.date(2027, 1, 1)).confirmed


def test_两份延期先后确认_后一份须重新核对(handed_in: Make, bureau_second: User) -> None:
    first = handed_in(Kind.EXTENSION)
    second = handed_in(Kind.EXTENSION, effective_to=dt.date(2028, 12, 31), doc_no="测试人社〔2022〕9号")
    services.confirm(version_id=first.pk, revision=first.revision, by=bureau_second)
    with pytest.raises(Conflict, match="截止日期已经变动"):
        services.confirm(version_id=second.pk, revision=second.revision, by=bureau_second)


def test_新文件自施行日起接替_编号取自文号(in_force: Make) -> None:
    row = in_force(Kind.SUCCESSOR, part=NEW_TIERS, doc_no="测试人社[2022]8号")
    assert (row.code, row.doc_no) == ("JD-2022-8", "测试人社[2022]8号")
    assert policy_on(dt.date(2022, 5, 31)).policy.id == "JD-2021-14"
    assert [tier.floor for tier in policy_on(dt.date(2022, 6, 1)).policy.tiers] == [60, 80]


def test_新文件之后的日子不能再改旧办法的口径(in_force: Make, drafted: Make, bureau_official: User) -> None:
    in_force(Kind.SUCCESSOR, part=NEW_TIERS)
    row = drafted(valid_from=dt.date(2022, 7, 1), doc_no="测试人社〔2022〕9号")
    with pytest.raises(Refused) as refused:
        services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)
    assert "不再是所改的办法" in refused.value.problems[0][0]


def test_与已确认的合在一起不成立的不能确认(in_force: Make, drafted: Make, bureau_official: User) -> None:
    """Each is right by itself; the later day has both."""
    six = [{"range": "[0,1)", "score": 0}, {"range": "[1,∞)", "score": 9}]
    in_force(part={"indicators": {"D1": {"suggestion": six}}}, valid_from=dt.date(2022, 8, 1))
    new = {"indicators": {"D1": {"weight": 8}, "A1": {"weight": 7}}}
    row = drafted(Kind.SUCCESSOR, part=new, doc_no="测试人社〔2022〕9号")
    with pytest.raises(Refused):
        services.submit(version_id=row.pk, revision=row.revision, by=bureau_official)


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_未生效的口径可由另一人撤销(in_force: Make, bureau_official: User, bureau_second: User) -> None:
    row = in_force()
    with pytest.raises(Refused, match="拟稿人不能自己撤销"):
        services.withdraw(version_id=row.pk, reason="文号有误", by=bureau_official)
    with pytest.raises(Refused, match="原因"):
        services.withdraw(version_id=row.pk, reason=" ", by=bureau_second)
    services.withdraw(version_id=row.pk, reason="文号有误", by=bureau_second)
    forget_book()
    assert policy_on(dt.date(2022, 6, 1)).policy.veto_mode is VetoMode.ANY_ACCIDENT


def test_生效之后不能撤销(in_force: Make, bureau_second: User, settings: Any) -> None:
    row = in_force()
    settings.PORTAL_TODAY = dt.date(2022, 6, 1)
    with pytest.raises(Refused, match="已经生效"):
        services.withdraw(version_id=row.pk, reason="想改回去", by=bureau_second)


def test_误记的延期随时可由另一人撤销(in_force: Make, bureau_second: User, settings: Any) -> None:
    row = in_force(Kind.EXTENSION)
    settings.PORTAL_TODAY = dt.date(2024, 3, 1)
    row = services.withdraw(version_id=row.pk, reason="截止日期抄错", by=bureau_second)
    assert row.state == VersionState.WITHDRAWN
    assert services.withdraw(version_id=row.pk, reason="截止日期抄错", by=bureau_second) == row


def test_撤销过的编号不再用(in_force: Make, bureau_second: User) -> None:
    row = in_force()
    services.withdraw(version_id=row.pk, reason="文号有误", by=bureau_second)
    assert in_force(doc_no="测试人社〔2022〕9号").code == "JD-2021-14-K2"


def test_草稿可作废_记录保留(drafted: Make, bureau_second: User) -> None:
    row = services.discard(version_id=drafted().pk, by=bureau_second)
    assert services.discard(version_id=row.pk, by=bureau_second).state == VersionState.DISCARDED
    assert Version.objects.filter(pk=row.pk).exists()


def test_日志写明文号和每一处修改(in_force: Make) -> None:
    in_force()
    entry = AuditEntry.objects.get(action="policy.confirm")
    assert entry.detail["doc_no"] == "测试人社〔2022〕8号"
    assert entry.detail["changes"]["pv"]["veto_mode"]["value"] == "B"
    assert entry.action_words == "政策版本：确认"
