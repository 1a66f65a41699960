"""A station's year: which year, which week, two clocks, contracts, skilled workers, what changed since."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import Period, add_months
from jinhua_labor.policy.switches import AssessmentMode
from stations.roster.enums import CertificateResult, ContractKind, ContractTiming, SkillKind, SkillLevel
from stations.roster.rules import InsuredMonth
from stations.roster.yearly import (
    ADDED,
    EDITED,
    GONE,
    RECOUNTED,
    Certificate,
    YearRow,
    changed_since,
    clocks,
    contract_of,
    contract_problems,
    entries_checked,
    insured_run,
    skilled,
    week_of,
    year_of,
    years_begun,
)

d = dt.date.fromisoformat
POLICY = versions()[0]
PENDING, VERIFIED, UNFOUND = CertificateResult.PENDING, CertificateResult.VERIFIED, CertificateResult.UNFOUND


def paid(month: int, **fields: object) -> InsuredMonth:
    values = {"kind": "企业职工基本养老保险", "place": "330703", "payer": "A", "status": "实缴", **fields}
    return InsuredMonth(month=month, **values)  # type: ignore[arg-type]


# --- which year -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "numbers"),
    [("2021-04-01", [1, 0]), ("2022-03-31", [1, 0]), ("2022-04-01", [2, 1, 0]), ("2021-03-31", [0])],
    ids=["设立当日", "第一年度末日", "第二年度首日", "设立之前"],
)
def test_已开始的年度(on: str, numbers: list[int]) -> None:
    assert [period.number for period in years_begun(d("2021-04-01"), policy=POLICY, on=d(on))] == numbers


def test_设立以前的行归入零号() -> None:
    periods = years_begun(d("2021-04-01"), policy=POLICY, on=d("2023-01-01"))
    assert [year_of(d(day), periods).number for day in ("2019-05-01", "2021-03-31", "2021-04-01", "2022-03-31")] == [  # type: ignore[union-attr]
        0, 0, 1, 1,
    ]  # fmt: skip
    assert year_of(d("2030-01-01"), periods) is None


def test_自然年读法下首个年度之前都是零号() -> None:
    calendar = replace(POLICY, assessment_mode=AssessmentMode.CALENDAR)
    periods = years_begun(d("2021-04-01"), policy=calendar, on=d("2022-06-01"))
    assert periods == (Period(1, d("2022-01-01"), d("2022-12-31")), Period(0, d("1900-01-01"), d("2021-12-31")))


# --- the week ---------------------------------------------------------------------------------------------------------


def test_一周从星期一到星期日() -> None:
    assert week_of(d("2021-11-24")) == (d("2021-11-22"), d("2021-11-28"))
    assert week_of(d("2021-11-22")) == (d("2021-11-22"), d("2021-11-28"))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2021-09-06", "2021-09-12", ("2021-03-06", "2021-03-12")),
        ("2022-02-21", "2022-02-27", ("2021-08-21", "2021-08-27")),
        ("2022-02-28", "2022-03-06", ("2021-08-28", "2021-09-06")),
        ("2024-02-26", "2024-03-03", ("2023-08-26", "2023-09-03")),
        ("2021-08-30", "2021-09-05", ("2021-03-01", "2021-03-05")),
        ("2021-08-29", "2021-08-31", None),
    ],
    ids=["平常的一周", "月末之前", "8月28日至31日都到2月28日", "闰年", "8月31日没有对应的入职日", "没有人"],
)
def test_本周应统计的入职日(first: str, last: str, expected: tuple[str, str] | None) -> None:
    found = entries_checked(d(first), d(last), policy=POLICY)
    assert found == (expected and (d(expected[0]), d(expected[1])))


def test_每个入职日恰在一周应统计() -> None:
    """Three years of entries: the week their day falls in names them, the weeks before and after do not."""
    for step in range(3 * 366):
        entry = d("2020-12-01") + dt.timedelta(days=step)
        monday, sunday = week_of(add_months(entry, POLICY.retention_months))
        for offset in (-7, 0, 7):
            shift = dt.timedelta(days=offset)
            span = entries_checked(monday + shift, sunday + shift, policy=POLICY)
            assert (span is not None and span[0] <= entry <= span[1]) is (offset == 0)


# --- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([], 0),
        ([paid(202103)], 1),
        ([paid(202103), paid(202104)], 2),
        ([paid(202103), paid(202105)], 1),
        ([paid(202101), paid(202102), paid(202103)], 1),
        ([paid(202103), paid(202104, status="欠缴")], 1),
        ([paid(202103), paid(202104, place="330702")], 1),
        ([paid(202103), paid(202104, kind="工伤保险")], 1),
        ([paid(202103), paid(202103, payer="B")], 1),
        ([paid(202112), paid(202201)], 2),
    ],
    ids=[
        "没有",
        "一个月",
        "连续两月",
        "中断",
        "入职前不算",
        "欠缴不算",
        "区外不算",
        "工伤不算",
        "同月两单位算一月",
        "跨年",
    ],
)  # fmt: skip
def test_已连续参保月数(months: list[InsuredMonth], expected: int) -> None:
    assert insured_run(d("2021-03-10"), months, policy=POLICY) == expected


def test_两个时钟() -> None:
    found = clocks(d("2021-08-31"), [paid(202109)], qualified=False, policy=POLICY, on=d("2022-02-18"))
    assert (found.insured, found.needed, found.check_on, found.days) == (1, 2, d("2022-02-28"), 10)
    found = clocks(d("2021-08-31"), [], qualified=True, policy=POLICY, on=d("2022-03-01"))
    assert (found.insured, found.days) == (2, -1)


# --- R-08 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        (["2021-06-01"], ContractTiming.TIMELY),
        (["2021-06-02"], ContractTiming.LATE),
        ([], ContractTiming.MISSING),
        (["2022-06-01", "2021-05-20"], ContractTiming.TIMELY),
        (["2021-04-28"], ContractTiming.TIMELY),
    ],
    ids=["满一个月当日签", "次日签", "没有", "续签的以第一份为准", "用工前签"],
)
def test_合同以最早签订的一份为准(signed: list[str], expected: ContractTiming) -> None:
    assert contract_of(d("2021-05-01"), [d(day) for day in signed], policy=POLICY) is expected


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"kind": ContractKind.OPEN, "ends_on": None}, []),
        ({"kind": ContractKind.TASK, "ends_on": None}, []),
        ({"kind": ContractKind.TASK}, []),
        ({"ends_on": None}, ["ends_on"]),
        ({"kind": ContractKind.OPEN}, ["ends_on"]),
        ({"ends_on": d("2021-03-09")}, ["ends_on"]),
        ({"ends_on": d("2021-03-10")}, []),
        ({"signed_on": d("2021-06-02")}, ["signed_on"]),
        ({"signed_on": d("2021-06-01")}, []),
    ],
    ids=[
        "固定期限", "无固定期限", "任务期限无止日", "任务期限有止日", "固定期限缺止日", "无固定期限有止日",
        "止日早于起日", "一日的合同", "签订于将来", "今天签订",
    ],
)  # fmt: skip
def test_合同登记前的核对(changes: dict[str, object], fields: list[str]) -> None:
    values = {
        "kind": ContractKind.FIXED,
        "signed_on": d("2021-03-10"),
        "starts_on": d("2021-03-10"),
        "ends_on": d("2024-03-09"),
        "today": d("2021-06-01"),
        **changes,
    }
    assert [field for field, _ in contract_problems(**values)] == fields  # type: ignore[arg-type]


# --- R-66 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificates", "education", "expected"),
    [
        ([(SkillKind.SKILL, SkillLevel.L3, VERIFIED)], "", True),
        ([(SkillKind.QUALIFICATION, SkillLevel.L5, VERIFIED)], "", True),
        ([], "本科", False),
        ([(SkillKind.SKILL, SkillLevel.L3, PENDING)], "", None),
        ([(SkillKind.TITLE, SkillLevel.JUNIOR, VERIFIED)], "", True),
        ([(SkillKind.SKILL, SkillLevel.L1, UNFOUND)], "", False),
        ([(SkillKind.SKILL, SkillLevel.L1, UNFOUND), (SkillKind.SKILL, SkillLevel.L5, PENDING)], "", None),
        ([(SkillKind.SKILL, SkillLevel.L1, PENDING), (SkillKind.SKILL, SkillLevel.L5, VERIFIED)], "", True),
    ],
    ids=[
        "高级工已核验", "五级已核验", "只有本科", "未核验待定", "初级职称", "查无此证", "一证查无一证待核",
        "有一证已核验",
    ],
)  # fmt: skip
def test_技术技能人才(certificates: list[tuple[str, str, str]], education: str, expected: bool | None) -> None:
    assert skilled([Certificate(*one) for one in certificates], education, policy=POLICY) is expected


def test_技术技能人才的其他读法() -> None:
    by_schooling = replace(POLICY, tech_edu_counts=True)
    assert skilled([], "本科", policy=by_schooling) is True
    assert skilled([], "高中", policy=by_schooling) is False
    stricter = replace(POLICY, tech_min_skill_level=4)
    assert skilled([Certificate(SkillKind.SKILL, SkillLevel.L5, VERIFIED)], policy=stricter) is False


# --- R-26 -------------------------------------------------------------------------------------------------------------

ROW = YearRow("1", "p", "COUNTED", (), "2021-04-20", False, "aa")


def test_快照后变更() -> None:
    same, edited, gone, recounted = (replace(ROW, delivery=key) for key in "1234")
    now = [
        same,
        replace(edited, fingerprint="bb"),
        replace(recounted, status="EXCLUDED", codes=("E09",)),
        replace(ROW, delivery="5"),
    ]
    found = list(changed_since([same, edited, gone, recounted], now))
    assert [(one.delivery, one.what) for one in found] == [("2", EDITED), ("3", GONE), ("4", RECOUNTED), ("5", ADDED)]


def test_冻结的行存取不变() -> None:
    assert YearRow.read(ROW.kept()) == ROW
