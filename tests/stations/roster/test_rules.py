"""Who counts: R-02 … R-08 at their boundaries."""

from dataclasses import replace
from datetime import date as d
from functools import partial
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.periods import assessment_periods
from jinhua_labor.policy.switches import RetirementTrack, YearAttribution
from stations.roster.attribution import year_day
from stations.roster.enums import ContractTiming, CountFlag, CountStatus, EmploymentForm, ReasonCode
from stations.roster.rules import (
    ClaimedRow,
    Counting,
    InsuredMonth,
    WorkerFacts,
    claimed_by_others,
    contract_timing,
    counted,
    distinct_counted,
    person_key,
    repeated,
)

POLICY = versions()[0]
EMPLOYER = "91339999MA0000023X"
OTHER = "91339999MA0000031Q"
OPERATOR = "91339999MA00000153"
OUTSIDE = "91350100M000100Y43"
LOCAL = frozenset({EMPLOYER, OTHER, OPERATOR})
PENSION = "企业职工基本养老保险"
DISTRICT = "330703"
COUNTED, PENDING, EXCLUDED = CountStatus.COUNTED, CountStatus.PENDING, CountStatus.EXCLUDED


def paid(month, paid_on=None, *, payer=EMPLOYER, place=DISTRICT, kind=PENSION, status="实缴"):
    return InsuredMonth(month, kind, place, payer, status, paid_on)


GOOD = (paid(202103, d(2021, 3, 22)), paid(202104, d(2021, 4, 20)))
WORKER = WorkerFacts(
    entry_on=d(2021, 3, 10),
    employer=EMPLOYER,
    form=EmploymentForm.DIRECT,
    hukou_province="52",
    birth=d(1990, 1, 1),
    sex="M",
    id_province="52",
    months=GOOD,
    si_checked_to=202105,
    operator=OPERATOR,
)


def judge(as_of=d(2021, 6, 1), policy=POLICY, dispatch=frozenset(), **changed):
    facts = replace(WORKER, **changed)
    return counted(facts, policy=policy, as_of=as_of, local_employers=LOCAL, dispatch_units=dispatch)


def check(verdict, status, codes=""):
    assert (verdict.status, verdict.codes) == (status, tuple(ReasonCode(code) for code in codes.split()))


@pytest.mark.parametrize(
    ("changed", "status", "codes"),
    [
        pytest.param({}, COUNTED, "", id="各项符合"),
        pytest.param(
            {"form": EmploymentForm.DISPATCH, "hukou_province": "33", "id_province": "33"},
            EXCLUDED,
            "E03 E07",
            id="派遣且本省户籍两个代码都给",
        ),
        pytest.param({"entry_on": d(2022, 1, 5), "as_of": d(2021, 12, 31)}, EXCLUDED, "E16", id="入职晚于统计日"),
        pytest.param({"id_valid": False, "birth": None, "id_province": ""}, EXCLUDED, "E01", id="身份证号校验不符"),
        pytest.param({"contract_employer": ""}, COUNTED, "", id="没有劳动合同仍计入"),
        pytest.param({"employer": OUTSIDE}, EXCLUDED, "E08", id="入职企业在区外"),
        pytest.param({"counted_before": True}, EXCLUDED, "E13", id="本年度已计过"),
        pytest.param({"claimed_by_other": True}, PENDING, "E14", id="其他站点已登记"),
        pytest.param({"claimed_by_other": True, "accepted": frozenset({"E14"})}, COUNTED, "", id="中心认定归本站"),
        pytest.param({"claimed_by_other": True, "refused": frozenset({"E14"})}, EXCLUDED, "E13", id="中心认定归他站"),
        pytest.param({"claimed_by_other": True, "hukou_province": ""}, PENDING, "E04 E14", id="两个待核代码"),
        pytest.param({"claimed_by_other": True, "counted_before": True}, EXCLUDED, "E13 E14", id="待核加不计为不计"),
    ],
)
def test_计入口径(changed, status, codes):
    check(judge(**changed), status, codes)


@pytest.mark.parametrize(
    ("changed", "status", "codes"),
    [
        pytest.param({"as_of": d(2021, 4, 19)}, PENDING, "E10", id="第二个月到账前一日"),
        pytest.param({"as_of": d(2021, 4, 20)}, COUNTED, "", id="第二个月到账当日"),
        pytest.param({"months": (paid(202103), paid(202105))}, EXCLUDED, "E09", id="中断一个月"),
        pytest.param(
            {"entry_on": d(2021, 12, 28), "months": (paid(202112), paid(202201)), "as_of": d(2022, 2, 1)},
            COUNTED,
            "",
            id="跨年连续",
        ),
        pytest.param(
            {"months": (paid(202103),), "si_checked_to": 202104, "as_of": d(2021, 4, 30)}, PENDING, "E10", id="次月末日"
        ),
        pytest.param(
            {"months": (paid(202103),), "si_checked_to": 202104, "as_of": d(2021, 5, 1)},
            EXCLUDED,
            "E09",
            id="次月末日后",
        ),
        pytest.param(
            {"months": (paid(202103),), "si_checked_to": 202103, "as_of": d(2021, 12, 31)},
            PENDING,
            "E10",
            id="未查到次月",
        ),
        pytest.param({"months": (), "si_checked_to": None, "as_of": d(2099, 1, 1)}, PENDING, "E10", id="从未查过"),
        pytest.param({"months": (), "si_checked_to": 202104}, EXCLUDED, "E09", id="查过没有"),
        pytest.param({"months": (paid(202101), paid(202102), paid(202103))}, EXCLUDED, "E09", id="入职前的月份不计"),
        pytest.param(
            {"months": (paid(202103, d(2021, 8, 1)), paid(202104)), "as_of": d(2021, 9, 1)},
            PENDING,
            "E15",
            id="补缴待认可",
        ),
        pytest.param(
            {
                "months": (paid(202103, d(2021, 8, 1)), paid(202104)),
                "as_of": d(2021, 9, 1),
                "accepted": frozenset({"E15"}),
            },
            COUNTED,
            "",
            id="补缴已认可",
        ),
        pytest.param(
            {
                "months": (paid(202103, d(2021, 8, 1)), paid(202104)),
                "as_of": d(2021, 9, 1),
                "refused": frozenset({"E15"}),
            },
            EXCLUDED,
            "E09",
            id="补缴不认可",
        ),
        pytest.param({"months": (paid(202103, d(2021, 4, 30)), paid(202104))}, COUNTED, "", id="次月末日到账正常"),
        pytest.param({"months": (paid(202103, d(2021, 5, 1)), paid(202104))}, PENDING, "E15", id="次月末日后到账补缴"),
        pytest.param(
            {"months": (paid(202103, d(2021, 5, 1)), paid(202104), paid(202105)), "as_of": d(2021, 7, 1)},
            COUNTED,
            "",
            id="不靠补缴也连续",
        ),
        pytest.param({"months": (paid(202103, status="补缴"), paid(202104))}, PENDING, "E15", id="补缴无到账日"),
        pytest.param({"months": (paid(202103, status="欠缴"), paid(202104))}, EXCLUDED, "E09", id="欠缴不计"),
        pytest.param(
            {"months": (paid(202103, kind="工伤保险"), paid(202104, kind="工伤保险"))}, EXCLUDED, "E09", id="只有工伤"
        ),
        pytest.param({"months": (paid(202103), paid(202104, payer=OTHER))}, COUNTED, "", id="前后两家金东企业"),
        pytest.param(
            {"months": (paid(202103, place="330702"), paid(202104, place="330702"))}, EXCLUDED, "E11", id="参保地在区外"
        ),
        pytest.param(
            {"months": (paid(202103, payer=OUTSIDE), paid(202104, payer=OUTSIDE))}, EXCLUDED, "E12", id="区外单位缴费"
        ),
        pytest.param(
            {"months": tuple(paid(month, place="330702", payer=OUTSIDE) for month in (202103, 202104))},
            EXCLUDED,
            "E11 E12",
            id="区外单位在区外缴费",
        ),
        pytest.param({"months": (GOOD[0], GOOD[0])}, EXCLUDED, "E09", id="同月两条不是两个月"),
    ],
)
def test_连续缴纳(changed, status, codes):
    check(judge(**changed), status, codes)


@pytest.mark.parametrize(
    ("months", "qualified_on"),
    [
        pytest.param(GOOD, d(2021, 4, 20), id="第二个月到账日"),
        pytest.param((paid(202103), paid(202104)), d(2021, 4, 30), id="无到账日取月末"),
        pytest.param((*GOOD, paid(202105, d(2021, 5, 20))), d(2021, 4, 20), id="取第一个连续段"),
        pytest.param((paid(202103), paid(202105), paid(202106)), d(2021, 6, 30), id="中断后重新连续"),
    ],
)
def test_计入日期(months, qualified_on):
    assert judge(as_of=d(2021, 12, 31), months=months, si_checked_to=202112).qualified_on == qualified_on


def test_月份次序不影响结论():
    months = (paid(202103), paid(202104), paid(202104, payer=OTHER), paid(202106), paid(202102))
    verdicts = {judge(as_of=d(2021, 12, 31), months=order) for order in permutations(months)}
    assert len(verdicts) == 1


@given(st.sets(st.integers(1, 12), max_size=12))
def test_有无连续两月与逐月比较一致(present):
    months = tuple(paid(202100 + month) for month in sorted(present))
    verdict = judge(as_of=d(2022, 6, 1), entry_on=d(2021, 1, 5), months=months, si_checked_to=202205)
    assert (verdict.status is COUNTED) is any(month + 1 in present for month in present)


def test_须同一企业缴费的读法():
    same = replace(POLICY, si_same_employer=True)
    months = (paid(202103), paid(202104, payer=OTHER))
    check(judge(months=months, policy=same), EXCLUDED, "E12")


def test_入职前月份也计的读法():
    loose = replace(POLICY, si_after_entry_only=False)
    check(judge(months=(paid(202102), paid(202103)), policy=loose), COUNTED)


def test_三个月的读法随参数而变():
    strict = replace(POLICY, min_si_months=3)
    check(judge(policy=strict), EXCLUDED, "E09")
    check(judge(policy=strict, months=(*GOOD, paid(202105))), COUNTED)


@pytest.mark.parametrize(
    ("month", "flagged"), [(202102, True), (202009, True), (202008, False)], ids=["上月", "前6个月", "前7个月"]
)
def test_入职前在本地参保只提示(month, flagged):
    verdict = judge(months=(paid(month), *GOOD))
    assert verdict.status is COUNTED
    assert (CountFlag.LOCAL_BEFORE in verdict.flags) is flagged


@pytest.mark.parametrize(
    ("changed", "status", "codes"),
    [
        pytest.param({"birth": d(2005, 11, 24), "entry_on": d(2021, 11, 23)}, EXCLUDED, "E05", id="16岁前一日入职"),
        pytest.param({"birth": d(2005, 11, 24), "entry_on": d(2021, 11, 24)}, COUNTED, "", id="16岁生日入职"),
        pytest.param({"birth": d(2003, 11, 23), "entry_on": d(2021, 11, 23)}, COUNTED, "", id="18岁生日入职"),
    ],
)
def test_年满16周岁(changed, status, codes):
    months = (paid(202111), paid(202112))
    verdict = judge(as_of=d(2022, 6, 1), months=months, si_checked_to=202205, **changed)
    check(verdict, status, codes)
    assert (CountFlag.MINOR in verdict.flags) is (changed["birth"].year == 2005 and status is COUNTED)


def aged(sex, birth, entry, second_paid_on, **changed):
    """Entry in a month, insured in it and the next, the second month paid on a day (None: not known)."""
    first = entry.year * 100 + entry.month
    months = (paid(first), paid(first + 1, second_paid_on))
    return judge(
        as_of=d(2026, 1, 1), sex=sex, birth=birth, entry_on=entry, months=months, si_checked_to=202512, **changed
    )


@pytest.mark.parametrize(
    ("sex", "birth", "entry", "second", "status", "codes"),
    [
        pytest.param("M", d(1961, 8, 31), d(2021, 7, 5), d(2021, 8, 20), COUNTED, "", id="60岁前到账"),
        pytest.param("M", d(1961, 8, 31), d(2021, 7, 5), None, EXCLUDED, "E06", id="无到账日月末恰满60岁"),
        pytest.param("F", d(1971, 3, 1), d(2021, 2, 28), d(2021, 4, 15), PENDING, "E18", id="女满50岁待岗位证明"),
        pytest.param("F", d(1966, 3, 1), d(2021, 2, 28), d(2021, 4, 15), EXCLUDED, "E06", id="女满55岁"),
        pytest.param("M", d(1965, 5, 1), d(2025, 5, 15), d(2025, 6, 30), COUNTED, "", id="延迟退休前一日"),
        pytest.param("M", d(1965, 5, 1), d(2025, 5, 15), d(2025, 7, 1), EXCLUDED, "E06", id="延迟退休当日"),
        pytest.param("M", d(1964, 12, 31), d(2025, 1, 2), d(2025, 2, 20), EXCLUDED, "E06", id="入职时已退休"),
    ],
)
def test_法定退休年龄(sex, birth, entry, second, status, codes):
    check(aged(sex, birth, entry, second), status, codes)


def test_女职工岗位证明认可与否():
    case = ("F", d(1971, 3, 1), d(2021, 2, 28), d(2021, 4, 15))
    check(aged(*case, accepted=frozenset({"E18"})), COUNTED)
    check(aged(*case, refused=frozenset({"E18"})), EXCLUDED, "E06")
    check(aged(*case, policy=replace(POLICY, female_track_default=RetirementTrack.F55)), COUNTED)


@pytest.mark.parametrize(
    ("hukou", "prefix", "answers", "status", "codes"),
    [
        pytest.param("52", "52", {}, COUNTED, "", id="户籍与号码一致"),
        pytest.param("52", "33", {}, PENDING, "E04", id="号码前两位不同无证明"),
        pytest.param("52", "33", {"accepted": frozenset({"E04"})}, COUNTED, "", id="证明已认可"),
        pytest.param("52", "33", {"refused": frozenset({"E04"})}, EXCLUDED, "E03", id="证明不认可"),
        pytest.param("33", "52", {}, EXCLUDED, "E03", id="户籍浙江"),
        pytest.param("82", "82", {}, EXCLUDED, "E03", id="澳门"),
        pytest.param("52", "83", {}, EXCLUDED, "E03", id="台湾居民居住证号码"),
        pytest.param("50", "51", {}, PENDING, "E04", id="重庆户籍四川号码待证明"),
        pytest.param("50", "51", {"accepted": frozenset({"E04"})}, COUNTED, "", id="重庆户籍四川号码有证明"),
        pytest.param("", "52", {}, PENDING, "E04", id="户籍未读出"),
        pytest.param("65", "65", {}, COUNTED, "", id="兵团计入新疆"),
    ],
)
def test_省外户籍(hukou, prefix, answers, status, codes):
    check(judge(hukou_province=hukou, id_province=prefix, **answers), status, codes)


def test_港澳台计入的读法():
    check(judge(hukou_province="82", id_province="82", policy=replace(POLICY, count_hmt=True)), COUNTED)


OUT = EmploymentForm.OUTSOURCING


@pytest.mark.parametrize(
    ("changed", "status", "codes", "alarm"),
    [
        pytest.param({}, COUNTED, "", False, id="合同缴费入职同一单位"),
        pytest.param(
            {"months": (paid(202103, payer=OPERATOR), paid(202104, payer=OPERATOR))},
            EXCLUDED,
            "E12",
            True,
            id="申请单位缴费",
        ),
        pytest.param(
            {"months": (paid(202103, payer=OTHER), paid(202104, payer=OTHER)), "dispatch": frozenset({OTHER})},
            EXCLUDED,
            "E12",
            True,
            id="派遣单位缴费",
        ),
        pytest.param(
            {"months": (paid(202103, payer=OTHER), paid(202104, payer=OTHER))},
            COUNTED,
            "",
            True,
            id="另一金东企业缴费预警",
        ),
        pytest.param(
            {"employer": OPERATOR, "months": (paid(202103, payer=OPERATOR), paid(202104, payer=OPERATOR))},
            EXCLUDED,
            "E12",
            True,
            id="入职企业就是申请单位",
        ),
        pytest.param({"dispatch": frozenset({EMPLOYER})}, EXCLUDED, "E12", True, id="入职企业有派遣许可"),
        pytest.param({"form": OUT, "contract_employer": EMPLOYER}, COUNTED, "", False, id="外包三者同一"),
        pytest.param({"form": OUT, "contract_employer": OTHER}, PENDING, "E19", False, id="外包合同单位不同"),
        pytest.param(
            {"form": OUT, "contract_employer": EMPLOYER, "months": (paid(202103), paid(202104, payer=OTHER))},
            PENDING,
            "E19",
            True,
            id="外包缴费单位不同",
        ),
        pytest.param({"form": OUT, "accepted": frozenset({"E19"})}, COUNTED, "", False, id="外包核查认可"),
        pytest.param({"form": OUT, "refused": frozenset({"E19"})}, EXCLUDED, "E17", False, id="外包核查不认可"),
        pytest.param({"form": EmploymentForm.DISPATCH}, EXCLUDED, "E07", False, id="派遣"),
        pytest.param({"form": EmploymentForm.PART_TIME}, EXCLUDED, "E17", False, id="非全日制"),
        pytest.param({"form": EmploymentForm.FLEXIBLE}, EXCLUDED, "E17", False, id="灵活就业"),
        pytest.param(
            {"form": EmploymentForm.INTERN, "months": (paid(202103, kind="工伤保险"), paid(202104, kind="工伤保险"))},
            EXCLUDED,
            "E09 E17",
            False,
            id="实习只有工伤",
        ),
    ],
)
def test_用工形式(changed, status, codes, alarm):
    verdict = judge(**changed)
    check(verdict, status, codes)
    assert (CountFlag.DISPATCH_ALARM in verdict.flags) is alarm


def test_批量与逐个结论相同():
    rows = [replace(WORKER, hukou_province=code) for code in ("52", "33", "", "52")]
    counting = Counting(policy=POLICY, as_of=d(2021, 6, 1), local_employers=LOCAL)
    assert [counting.verdict(row).status for row in rows] == [COUNTED, EXCLUDED, PENDING, COUNTED]


# --- R-07 -------------------------------------------------------------------------------------------------------------


def claim(row, person="甲", operator="A", entry=d(2021, 3, 10), employer=EMPLOYER, submitted=None, qualified=None):
    return ClaimedRow(row, person, operator, employer, entry, row if submitted is None else submitted, qualified)


def year_of(day, qualified_on=None, reading=YearAttribution.ENTRY):
    day = year_day(day, qualified_on, reading=reading)
    return next(period.number for period in assessment_periods(d(2021, 1, 1), policy=POLICY) if day in period)


def test_末位大小写是同一人():
    assert person_key("11010519491231002x") == person_key("11010519491231002X") == person_key("11010519491231002ｘ")


@pytest.mark.parametrize(
    ("entry", "qualified", "by_entry", "by_insurance"),
    [
        pytest.param(d(2021, 5, 1), d(2021, 6, 20), 2021, 2021, id="同一年度"),
        pytest.param(d(2021, 12, 1), d(2022, 1, 20), 2021, 2022, id="跨年度满2个月"),
        pytest.param(d(2021, 11, 1), d(2021, 12, 31), 2021, 2021, id="年度末日满2个月"),
        pytest.param(d(2021, 11, 2), d(2022, 1, 1), 2021, 2022, id="次年度首日满2个月"),
        pytest.param(d(2020, 12, 20), d(2021, 1, 15), 2020, 2021, id="第一年度之前入职"),
        pytest.param(d(2021, 12, 1), None, 2021, 2021, id="还没有满2个月_随入职时间"),
    ],
)
def test_归入哪一年度(entry, qualified, by_entry, by_insurance):
    assert year_day(entry, qualified, reading=YearAttribution.ENTRY).year == by_entry
    assert year_day(entry, qualified, reading=YearAttribution.QUALIFIED).year == by_insurance


def test_按满2个月之日归年度_同年度仍只计一次():
    rows = [claim(1, entry=d(2021, 12, 1), qualified=d(2022, 1, 20)), claim(2, entry=d(2022, 5, 1))]
    assert repeated(rows, policy=POLICY, period_of=year_of) == frozenset()
    by_insurance = partial(year_of, reading=YearAttribution.QUALIFIED)
    assert repeated(rows, policy=POLICY, period_of=by_insurance) == {2}


def test_同年同站只计一次():
    rows = [claim(1), claim(2, entry=d(2021, 9, 1), employer=OTHER)]
    assert repeated(rows, policy=POLICY, period_of=year_of) == {2}


def test_先后次序按入职时间不按行次():
    rows = [claim(1, entry=d(2021, 9, 1)), claim(2, entry=d(2021, 3, 1))]
    assert repeated(rows, policy=POLICY, period_of=year_of) == {1}


def test_不同年度各计一次累计只计一次():
    rows = [claim(1), claim(2, entry=d(2023, 5, 1))]
    assert repeated(rows, policy=POLICY, period_of=year_of) == frozenset()
    assert repeated(rows, policy=POLICY) == {2}


@pytest.mark.parametrize(
    ("entry", "employer", "again"),
    [
        pytest.param(d(2022, 3, 9), EMPLOYER, {2}, id="12个月内同一企业"),
        pytest.param(d(2022, 3, 10), EMPLOYER, set(), id="满12个月同一企业"),
        pytest.param(d(2022, 1, 5), OTHER, set(), id="12个月内另一企业"),
    ],
)
def test_12个月内回同一企业不计的读法(entry, employer, again):
    gap = replace(POLICY, redeliver_gap_months=12)
    assert repeated([claim(1), claim(2, entry=entry, employer=employer)], policy=gap, period_of=year_of) == again


@pytest.mark.parametrize(
    ("entry", "later"),
    [
        pytest.param(d(2021, 6, 10), {2}, id="三个月后另一站"),
        pytest.param(d(2022, 3, 10), {2}, id="恰12个月"),
        pytest.param(d(2022, 3, 11), set(), id="超过12个月"),
    ],
)
def test_两站登记同一人先报送者有效(entry, later):
    assert claimed_by_others([claim(1), claim(2, operator="B", entry=entry)], policy=POLICY) == later


def test_先报送者入职在后也有效():
    rows = [claim(1, submitted=2), claim(2, operator="B", entry=d(2021, 5, 1), submitted=1)]
    assert claimed_by_others(rows, policy=POLICY) == {1}


def test_同站再次登记不算争议():
    assert claimed_by_others([claim(1), claim(2)], policy=POLICY) == frozenset()


def test_按人计数取最好的一行():
    rows = [("甲", EXCLUDED), ("甲", COUNTED), ("乙", PENDING), ("乙", EXCLUDED), ("丙", "EXCLUDED"), ("丁", COUNTED)]
    tally = distinct_counted(rows)
    assert (tally.rows, tally.counted, tally.pending, tally.excluded, tally.possible) == (6, 2, 1, 1, 3)


# --- R-08 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed", "timing"),
    [
        pytest.param(d(2021, 6, 1), ContractTiming.TIMELY, id="一个月当日签订"),
        pytest.param(d(2021, 6, 2), ContractTiming.LATE, id="一个月后一日签订"),
        pytest.param(None, ContractTiming.MISSING, id="没有合同"),
    ],
)
def test_劳动合同及时(signed, timing):
    assert contract_timing(d(2021, 5, 1), signed, policy=POLICY) is timing
