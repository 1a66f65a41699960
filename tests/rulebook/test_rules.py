"""Recorded rows laid over the notice: what they may change, which version follows, and that the checks hold."""

from __future__ import annotations

import copy
import re
from datetime import date as d
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinhua_labor.policy.checks import check
from jinhua_labor.policy.load import build, problems, raw_versions, versions
from jinhua_labor.policy.types import Policy, PolicyError
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.rules import (
    Record,
    beyond,
    differences,
    make_book,
    merged,
    overlay,
    touches_counting,
    with_part,
)

RAW, FILE = raw_versions()[0], versions()[0]


def record(kind: Kind, code: str, **fields: Any) -> Record:
    values: dict[str, Any] = {
        "id": code,
        "kind": kind,
        "code": code,
        "base": "JD-2021-14",
        "subject": "测试",
        "decided_by": "测试局",
        "doc_no": "测试人社〔2022〕1号",
        "doc_date": d(2022, 5, 1),
        "valid_from": None,
        "effective_to": None,
        "changes": {},
    }
    return Record(**{**values, **fields})


def reading(number: int, since: d, name: str, value: Any) -> Record:
    changes = {"pv": {name: {"value": value, "reading": f"口径{number}"}}}
    return record(Kind.READING, f"JD-2021-14-K{number}", valid_from=since, changes=changes)


def extension(number: int, until: d) -> Record:
    return record(Kind.EXTENSION, f"JD-2021-14-Y{number}", effective_to=until)


def notice(since: d, until: d, **changes: Any) -> Record:
    return record(
        Kind.SUCCESSOR,
        "JD-2025-3",
        doc_no="测试人社〔2025〕3号",
        doc_date=d(2025, 1, 2),
        valid_from=since,
        effective_to=until,
        changes=changes,
    )


def book(*records: Record) -> Any:
    return make_book([RAW], records)


# --- which version follows --------------------------------------------------------------------------------------------


def test_口径逐份叠加_各自生效日起() -> None:
    whole = book(
        reading(1, d(2022, 6, 1), "veto_mode", "B"),
        reading(2, d(2022, 9, 1), "tech_edu_counts", True),
        reading(3, d(2023, 1, 1), "veto_mode", "C"),
    )
    seen = {
        day: (whole.on(day).policy.veto_mode.value, whole.on(day).policy.tech_edu_counts, whole.on(day).policy.id)
        for day in (d(2022, 5, 31), d(2022, 6, 1), d(2022, 9, 1), d(2023, 1, 1))
    }
    assert list(seen.values()) == [
        ("A", False, "JD-2021-14"),
        ("B", False, "JD-2021-14-K1"),
        ("B", True, "JD-2021-14-K2"),
        ("C", True, "JD-2021-14-K3"),
    ]
    assert whole.on(d(2023, 1, 1)).read_by("tech_edu_counts").code == "JD-2021-14-K2"
    assert whole.on(d(2023, 1, 1)).read_by("veto_mode").code == "JD-2021-14-K3"
    assert whole.on(d(2023, 1, 1)).read_by("pass_score") is None


def test_先确认而后生效的不影响先生效的() -> None:
    whole = book(reading(1, d(2023, 1, 1), "veto_mode", "C"), reading(2, d(2022, 6, 1), "veto_mode", "B"))
    assert [whole.on(day).policy.veto_mode.value for day in (d(2022, 6, 1), d(2023, 1, 1))] == ["B", "C"]


def test_同日生效的两份合为一版_后确认的在上() -> None:
    whole = book(reading(1, d(2022, 6, 1), "veto_mode", "B"), reading(2, d(2022, 6, 1), "veto_mode", "C"))
    assert [piece.policy.id for piece in whole.slices] == ["JD-2021-14", "JD-2021-14-K2"]
    assert whole.on(d(2022, 6, 1)).policy.veto_mode.value == "C"


def test_延期取最晚的截止日_不生成新版本() -> None:
    whole = book(extension(1, d(2025, 12, 31)), extension(2, d(2024, 12, 31)))
    held = whole.on(d(2024, 6, 1))
    assert (held.policy.id, held.policy.effective_to, held.extension.code) == (
        "JD-2021-14",
        d(2025, 12, 31),
        "JD-2021-14-Y1",
    )


def test_新文件自施行日起接替_此前仍是旧办法() -> None:
    whole = book(
        reading(1, d(2022, 6, 1), "veto_mode", "B"),
        notice(d(2025, 3, 1), d(2027, 12, 31), tiers=[{"floor": 60, "amount": 30000}, {"floor": 80, "amount": 80000}]),
        reading(2, d(2026, 1, 1), "veto_mode", "C"),  # of the old notice, when it holds no longer
    )
    assert [piece.policy.id for piece in whole.slices] == ["JD-2021-14", "JD-2021-14-K1", "JD-2025-3"]
    new = whole.on(d(2026, 6, 1)).policy
    assert (new.doc_no, new.issued, new.effective_from, new.effective_to) == (
        "测试人社〔2025〕3号",
        d(2025, 1, 2),
        d(2025, 3, 1),
        d(2027, 12, 31),
    )
    assert [tier.amount for tier in new.tiers] == [Decimal(30000), Decimal(80000)]
    assert new.veto_mode.value == "A"  # it says itself which readings it takes over
    assert whole.version("JD-2021-14-K1").veto_mode.value == "B"


def test_新文件上再记口径和延期() -> None:
    later = {"base": "JD-2025-3"}
    whole = book(
        notice(d(2025, 3, 1), d(2027, 12, 31)),
        record(
            Kind.READING,
            "JD-2025-3-K1",
            valid_from=d(2026, 1, 1),
            changes={"pv": {"veto_mode": {"value": "C", "reading": "分别"}}},
            **later,
        ),
        record(Kind.EXTENSION, "JD-2025-3-Y1", effective_to=d(2029, 12, 31), **later),
    )
    assert (whole.on(d(2026, 1, 1)).policy.id, whole.on(d(2026, 1, 1)).policy.effective_to) == (
        "JD-2025-3-K1",
        d(2029, 12, 31),
    )
    assert whole.on(d(2022, 1, 1)).policy.effective_to == d(2023, 12, 31)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        pytest.param([reading(1, d(2022, 6, 1), "veto_mode", "D")], "不是可选的值", id="没有的读法"),
        pytest.param([record(Kind.READING, "X", base="JD-9-9", valid_from=d(2022, 6, 1))], "不存在", id="没有的办法"),
        pytest.param([notice(d(2025, 3, 1), d(2025, 2, 1))], "晚于截止日", id="截止在施行之前"),
        pytest.param([notice(d(2025, 3, 1), d(2026, 2, 1))] * 2, "已经有了", id="同一文号两次"),
    ],
)
def test_不成立的书不能成书(records: list[Record], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        book(*records)


# --- what each kind may change ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        pytest.param(Kind.READING, {"pv": {"min_delivered": {"value": 30}}}, "由条文写明", id="口径不能改条文的数字"),
        pytest.param(Kind.READING, {"pv": {"veto_mode": {"value": "B"}}}, "须一并改写", id="改取值须改写口径"),
        pytest.param(Kind.READING, {"pv": {"veto_mode": {"reading": " "}}}, "请写明解释口径", id="口径不能空"),
        pytest.param(Kind.READING, {"pv": {"veto_mode": {"quote": "一票否决"}}}, "由条文写明", id="口径不改引文"),
        pytest.param(Kind.READING, {"tiers": []}, "只能由新文件", id="口径不改金额"),
        pytest.param(Kind.READING, {"indicators": {"C4": {"weight": 14}}}, "只能由新文件", id="口径不改权重"),
        pytest.param(Kind.READING, {"settings": {"password_min": {"value": 6}}}, "系统运行设置", id="口令不在这里改"),
        pytest.param(Kind.SUCCESSOR, {"settings": {"log_months": {"value": 1}}}, "系统运行设置", id="新文件也不改日志"),
        pytest.param(Kind.EXTENSION, {"pv": {}, "tiers": []}, "只改变截止日期", id="延期只改截止日"),
    ],
)
def test_各种记录不能改的(kind: Kind, changes: dict[str, Any], message: str) -> None:
    assert any(message in fault.message for fault in beyond(kind, changes, FILE))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        pytest.param(Kind.READING, {"pv": {"veto_mode": {"value": "B", "reading": "合计"}}}, id="口径改读法"),
        pytest.param(Kind.READING, {"settings": {"sla_initial_workdays": {"value": 3}}}, id="口径改承诺时限"),
        pytest.param(Kind.READING, {"indicators": {"D1": {"suggestion": []}}}, id="口径改参考分"),
        pytest.param(Kind.SUCCESSOR, {"pv": {"min_delivered": {"value": 30}}, "tiers": []}, id="新文件什么都可以"),
    ],
)
def test_各种记录可以改的(kind: Kind, changes: dict[str, Any]) -> None:
    assert list(beyond(kind, changes, FILE)) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"annexes": []}, "不能修改 annexes", id="没有的部分"),
        pytest.param({"pv": {"doc_no": {"value": "X"}}}, "没有可以修改的参数", id="文号在首页填"),
        pytest.param({"pv": {"nothing": {"value": 1}}}, "没有可以修改的参数", id="没有的参数"),
        pytest.param({"pv": {"veto_mode": {"gap": "G-99"}}}, "不能修改 gap", id="没有的字段"),
        pytest.param({"indicators": {"Z9": {"weight": 1}}}, "不在文件中", id="没有的指标"),
        pytest.param({"indicators": {"A1": {"function": "count"}}}, "不能修改 function", id="计分方式不改"),
        pytest.param({"pv": {"score_step": {"value": "半分"}}}, "须填写数字", id="不是数字"),
    ],
)
def test_没有的地方不能叠加(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        overlay(RAW, changes)


def test_叠加不动原文() -> None:
    before = copy.deepcopy(RAW)
    overlay(RAW, {"pv": {"veto_mode": {"value": "B"}}, "indicators": {"A1": {"weight": 4}}, "tiers": []})
    assert before == RAW


def test_半分和不限都能叠加() -> None:
    made = build(overlay(RAW, {"pv": {"score_step": {"value": "0.5"}, "min50_lookback_months": {"value": 24}}}))
    assert (made.score_step, made.min50_lookback_months) == (Decimal("0.5"), 24)
    again = overlay(overlay(RAW, {"pv": {"min50_lookback_months": {"value": 24}}}), {
        "pv": {"min50_lookback_months": {"unset": True}}
    })  # fmt: skip
    assert build(again).min50_lookback_months is None


def test_一页改回原样就不再是修改() -> None:
    changes = with_part({}, {"pv": {"veto_mode": {"value": "B"}, "ban_months": {}}, "tiers": None})
    assert changes == {"pv": {"veto_mode": {"value": "B"}}}
    assert with_part(changes, {"pv": {"veto_mode": {}}}) == {}
    assert with_part(changes, {"tiers": [{"floor": 60, "amount": 1}]})["pv"] == {"veto_mode": {"value": "B"}}


def test_几份口径合为一份_后来的在上() -> None:
    made = merged(
        [
            {"pv": {"veto_mode": {"value": "B", "reading": "一"}, "ban_months": {"value": 36}}},
            {"pv": {"veto_mode": {"value": "C"}}},
        ]
    )
    assert made == {"pv": {"veto_mode": {"value": "C", "reading": "一"}, "ban_months": {"value": 36}}}


# --- differences ------------------------------------------------------------------------------------------------------


def test_不同之处逐项用办公用语写出() -> None:
    changes = {
        "pv": {"veto_mode": {"value": "B", "reading": "合计"}, "pass_score": {"value": 65}},
        "tiers": [{"floor": 65, "amount": 40000}],
        "settings": {"sla_initial_workdays": {"value": 3}},
        "indicators": {"A1": {"weight": 4}, "A2": {"weight": 6}},
    }
    found = {change.label: (change.before, change.after) for change in differences(FILE, build(overlay(RAW, changes)))}
    assert found["合格线"] == ("60 分", "65 分")
    assert found["一票否决"] == ("任一事故，或投诉达到次数", "事故与投诉合计达到次数")
    assert found["一票否决的解释口径"][1] == "合计"
    assert found["初审承诺"] == ("5 个工作日", "3 个工作日")
    assert found["建立管理制度：权重"] == ("5分", "4分")
    assert found["年度绩效奖励档次"][1] == "65分起：40,000元"
    assert len(found) == 7


def test_没有改就没有不同() -> None:
    assert differences(FILE, FILE) == ()


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"pv": {"min_si_months": {"value": 3}}}, True),
        ({"pv": {"pass_score": {"value": 70}}, "tiers": [{"floor": 70, "amount": 1000}]}, False),
    ],
    ids=["第一条改了须重新计数", "合格线改了不须"],
)
def test_是否须重新计数(changes: dict[str, Any], again: bool) -> None:
    assert touches_counting(FILE, build(overlay(RAW, changes))) is again


# --- whatever is edited -----------------------------------------------------------------------------------------------

NUMBER = st.one_of(st.integers(-3, 130), st.integers())
BAND = st.builds(
    lambda opening, low, high, closing: f"{opening}{low},{high if high is not None else '∞'}{closing}",
    st.sampled_from("[("),
    st.integers(0, 120),
    st.one_of(st.none(), st.integers(0, 120)),
    st.sampled_from("])"),
)
BANDS = st.lists(st.builds(lambda text, score: {"range": text, "score": score}, BAND, st.integers(-1, 16)), max_size=5)
LINE = st.fixed_dictionaries(
    {},
    optional={"weight": NUMBER, "deduct": NUMBER, "veto_at": NUMBER, "bands": BANDS, "suggestion": BANDS},
)
PARAMETER = st.fixed_dictionaries(
    {},
    optional={
        "value": st.one_of(NUMBER, st.booleans(), st.sampled_from(["A", "B", "BLOCK", "0.5", "", "F55"]), st.none()),
        "quote": st.sampled_from(["", "60分（含）以上为合格", "原文没有的话"]),
    },
)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "pv": st.dictionaries(st.sampled_from(sorted(FILE.readings)), PARAMETER, max_size=3),
        "settings": st.dictionaries(
            st.sampled_from(sorted(RAW["settings"])), st.fixed_dictionaries({"value": NUMBER}), max_size=2
        ),
        "tiers": st.lists(st.fixed_dictionaries({"floor": NUMBER, "amount": NUMBER}), max_size=4),
        "indicators": st.dictionaries(
            st.sampled_from([line.code for line in FILE.indicators]), LINE, max_size=2
        ),
    },
)  # fmt: skip


def holds(policy: Policy) -> bool:
    """The three things an assessment rests on, asked in another way than the checks do."""
    assert sum(line.weight for line in policy.indicators) == 100
    for line in policy.indicators:
        top = 100 if line.function in {"satisfaction", "ratio"} else 400
        if line.bands:
            assert all(sum(band.holds(value) for band in line.bands) == 1 for value in range(top + 1)), line.code
    amounts = [tier.amount for tier in policy.tiers]
    assert amounts == sorted(set(amounts))
    assert policy.tiers[0].floor == policy.pass_score
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHANGES)
def test_不论怎样修改_要么说明哪里不成立_要么校验全部成立(changes: dict[str, Any]) -> None:
    refused = ""
    try:
        raw = overlay(RAW, changes)
        policy = build(raw)
    except PolicyError as error:
        refused = str(error)
    if refused:
        assert re.search("[一-龥]", refused)
        return
    check(policy)
    assert problems(raw) == ()
    assert holds(policy)
