"""附件3 line by line, veto, result and reward at their boundaries: R-30, R-35, R-44, R-50 … R-67."""

from datetime import date as d
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.scoring import (
    NO_ANSWER,
    NONE_MATURED,
    SMALL_SAMPLE,
    SUGGESTED,
    CasesFact,
    CountFact,
    GivenFact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    ScoreError,
    SkillFact,
    SurveyFact,
    bar_until,
    check_points,
    is_barred,
    is_skilled,
    line_score,
    result,
    reward,
    total,
    veto,
)
from jinhua_labor.policy.switches import Result, TitleLevel, VetoMode, ZeroDeliveryGuard


def points(policy, code, fact):
    return line_score(code, fact, policy=policy).points


@pytest.mark.parametrize(
    ("code", "parts", "expected"),
    [
        pytest.param("A1", (True, True), 5, id="制度协议都有"),
        pytest.param("A1", (True, False), 0, id="协议期内终止未续"),
        pytest.param("A1", (False, True), 0, id="没有制度"),
        pytest.param("A2", (True, True, True), 5, id="两地设施齐"),
        pytest.param("A2", (True, False, True), 0, id="只有区内"),
        pytest.param("A2", (True, True, False), 0, id="没有设施"),
        pytest.param("B1", (True,), 5, id="有计划"),
        pytest.param("B1", (False,), 0, id="计划没有或含糊"),
        pytest.param("B1", (), 0, id="没有依据"),
    ],
)
def test_全有或全无(policy, code, parts, expected):
    assert points(policy, code, PartsFact(parts)) == expected


@pytest.mark.parametrize(
    ("present", "violations", "expected"),
    [(True, 0, 5), (True, 1, 3), (True, 2, 1), (True, 3, 0), (True, 4, 0), (False, 0, 0)],
    ids=["无违反", "一例", "两例", "三例", "四例", "没有专人"],
)
def test_专人负责制(policy, present, violations, expected):
    assert points(policy, "A3", LiaisonFact(present, violations)) == expected


A, B, C = VetoMode.ANY_ACCIDENT, VetoMode.TOGETHER, VetoMode.SEPARATELY


@pytest.mark.parametrize(
    ("accidents", "complaints", "line", "vetoes"),
    [
        pytest.param(0, 0, 5, "", id="无事故无投诉"),
        pytest.param(0, 1, 3, "", id="一次投诉"),
        pytest.param(0, 2, 1, "", id="两次投诉"),
        pytest.param(0, 3, 0, "ABC", id="三次投诉"),
        pytest.param(1, 0, 0, "A", id="一起事故"),
        pytest.param(1, 2, 0, "AB", id="一起事故两次投诉"),
        pytest.param(2, 1, 0, "AB", id="两起事故一次投诉"),
        pytest.param(3, 0, 0, "ABC", id="三起事故"),
    ],
)
def test_意外事故及投诉(policy, read_as, accidents, complaints, line, vetoes):
    fact = SafetyFact(accidents, complaints)
    assert points(policy, "A4", fact) == line
    assert "".join(mode for mode in (A, B, C) if veto(fact, policy=read_as(veto_mode=mode))) == vetoes


def test_合计读法下事故每起也扣2分(read_as):
    assert points(read_as(veto_mode=B), "A4", SafetyFact(1, 0)) == 3


@pytest.mark.parametrize(("verified_only", "expected"), [(True, False), (False, True)], ids=["只计核实", "收到即计"])
def test_四次投诉两次核实(read_as, verified_only, expected):
    fact = SafetyFact(0, verified=2, received=4)
    assert veto(fact, policy=read_as(veto_complaints_verified_only=verified_only)) is expected
    assert points(read_as(), "A4", fact) == 1


@pytest.mark.parametrize(("cases", "expected"), list(enumerate([5, 4, 3, 2, 1, 0, 0])))
def test_签订合同(policy, cases, expected):
    assert points(policy, "B2", CasesFact(cases)) == expected


@pytest.mark.parametrize(("missing", "expected"), list(enumerate([10, 7, 4, 1, 0, 0, 0, 0])))
def test_建立台账(policy, missing, expected):
    assert points(policy, "B3", CasesFact(missing)) == expected


def test_第八目其他资料不会缺少(policy):
    assert policy.ledger_items_scored == ("L1", "L2", "L3", "L4", "L5", "L6", "L7")


SURVEYS = [
    pytest.param(49, 100, 0, id="49%"),
    pytest.param(50, 100, 3, id="恰50%"),
    pytest.param(149, 299, 0, id="299人的49.8%"),
    pytest.param(150, 299, 3, id="299人的50.2%"),
    pytest.param(74, 100, 3, id="74%"),
    pytest.param(224, 299, 3, id="299人的74.9%"),
    pytest.param(75, 100, 5, id="恰75%"),
    pytest.param(3, 4, 5, id="四人中三人"),
    pytest.param(100, 100, 5, id="全部满意"),
    pytest.param(1, 2, 3, id="两家中一家"),
]


@pytest.mark.parametrize("code", ["C1", "C2"], ids=["输送人员", "企业"])
@pytest.mark.parametrize(("satisfied", "valid", "expected"), SURVEYS)
def test_满意度(policy, code, satisfied, valid, expected):
    assert points(policy, code, SurveyFact(satisfied, valid)) == expected


def test_没有答卷不得分并提示(policy):
    assert line_score("C1", SurveyFact(0, 0), policy=policy).flags == (NO_ANSWER,)
    assert points(policy, "C1", SurveyFact(0, 0)) == 0


def test_样本不足照算并提示(policy):
    score = line_score("C2", SurveyFact(1, 1, required=5), policy=policy)
    assert (score.points, score.flags) == (5, (SMALL_SAMPLE,))
    assert line_score("C2", SurveyFact(5, 5, required=5), policy=policy).flags == ()


@pytest.mark.parametrize(
    ("satisfied", "expected"), [(74, 3), (75, 3), (76, 5), (50, 3)], ids=["74%", "恰75%", "76%", "恰50%"]
)
def test_满意度上限含本数的读法(read_as, satisfied, expected):
    assert points(read_as(satisfaction_upper_inclusive=True), "C1", SurveyFact(satisfied, 100)) == expected


@pytest.mark.parametrize(("events", "expected"), [(0, 0), (1, 5), (2, 10), (7, 10)])
def test_劳务对接活动(policy, events, expected):
    assert points(policy, "C3", CountFact(events)) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, 0), (99, 0), (100, 3), (101, 3), (200, 3), (201, 8), (299, 8), (300, 8), (301, 10)],
)
def test_输送人数(policy, people, expected):
    assert points(policy, "C4", PeopleFact(people, 0)) == expected


@pytest.mark.parametrize("given", [2, 3, 4, 5])
def test_技术技能人才满10人可给2至5分(policy, given):
    assert points(policy, "C4", PeopleFact(0, 10, given)) == given


@pytest.mark.parametrize(
    ("skilled", "given"),
    [(9, 2), (9, 5), (10, 1), (10, 6), (10, 0)],
    ids=["9人给2分", "9人给5分", "10人给1分", "10人给6分", "10人给0分"],
)
def test_技术技能加分超出范围不予接受(policy, skilled, given):
    with pytest.raises(ScoreError):
        points(policy, "C4", PeopleFact(100, skilled, given))


@pytest.mark.parametrize(
    ("skilled", "expected"), [(9, 0), (10, 2), (19, 2), (20, 3), (29, 3), (30, 4), (49, 4), (50, 5), (500, 5)]
)
def test_未给分时按参考分(policy, skilled, expected):
    score = line_score("C4", PeopleFact(0, skilled), policy=policy)
    assert score.points == expected
    assert (SUGGESTED in score.flags) is (skilled >= 10)


@pytest.mark.parametrize(
    ("retained", "matured", "expected"),
    [
        (39, 100, 0),
        (40, 100, 5),
        (1, 2, 5),
        (51, 100, 10),
        (4, 7, 10),
        (3, 5, 10),
        (60, 100, 10),
        (61, 100, 15),
        (121, 200, 15),
        (2, 3, 15),
        (5, 5, 15),
    ],
)
def test_留用率(policy, retained, matured, expected):
    assert points(policy, "C5", RatioFact(retained, matured)) == expected


def test_没有满6个月的人员不得分并提示(policy):
    score = line_score("C5", RatioFact(0, 0), policy=policy)
    assert (score.points, score.flags) == (0, (NONE_MATURED,))


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        pytest.param(GivenFact(Decimal(0)), 0, id="零分不需佐证"),
        pytest.param(GivenFact(Decimal(6), "区级推介", True), 6, id="六分有理由有佐证"),
        pytest.param(GivenFact(Decimal(11), "好", True), None, id="十一分"),
        pytest.param(GivenFact(Decimal(6), " ", True), None, id="没有理由"),
        pytest.param(GivenFact(Decimal(6), "区级推介", False), None, id="没有佐证"),
        pytest.param(GivenFact(Decimal("6.5"), "区级推介", True), None, id="不是整数分"),
        pytest.param(GivenFact(Decimal(-1), "扣", True), None, id="负分"),
    ],
)
def test_工作创新(policy, fact, expected):
    if expected is None:
        with pytest.raises(ScoreError):
            points(policy, "D1", fact)
    else:
        assert points(policy, "D1", fact) == expected


def test_给半分须先改口径(read_as):
    assert check_points("A3", Decimal("4.5"), policy=read_as(score_step=Decimal("0.5"))) == Decimal("4.5")
    with pytest.raises(ScoreError, match="整数倍"):
        check_points("A3", Decimal("4.5"), policy=read_as())


def test_事实与指标不符不予计分(policy):
    with pytest.raises(ScoreError, match="不能用"):
        line_score("A1", CountFact(2), policy=policy)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_任何比例恰好落在一档(part, whole):
    policy = versions()[0]
    matured, retained = max(part, whole), min(part, whole)
    if matured:
        for code in ("C1", "C5"):
            holding = [band for band in policy.indicator(code).bands if band.holds(100 * retained, matured)]
            assert len(holding) == 1


# --- R-66 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "edu_counts", "expected"),
    [
        pytest.param(SkillFact(level=3, verified=True), False, True, id="高级工已核验"),
        pytest.param(SkillFact(level=5, verified=True), False, True, id="五级已核验"),
        pytest.param(SkillFact(higher_education=True), False, False, id="仅本科"),
        pytest.param(SkillFact(higher_education=True), True, True, id="仅本科而学历计入"),
        pytest.param(SkillFact(level=4), False, None, id="证书未核验"),
        pytest.param(SkillFact(title=TitleLevel.JUNIOR, verified=True), False, True, id="初级职称"),
        pytest.param(SkillFact(), False, False, id="什么都没有"),
    ],
)
def test_技术技能人才(read_as, fact, edu_counts, expected):
    assert is_skilled(fact, policy=read_as(tech_edu_counts=edu_counts)) is expected


def test_中级以上的读法下初级职称不计(read_as):
    fact = SkillFact(title=TitleLevel.JUNIOR, verified=True)
    assert is_skilled(fact, policy=read_as(tech_min_title=TitleLevel.MIDDLE)) is False


# --- R-35 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "vetoed", "outcome", "amount"),
    [
        ("59", False, Result.FAILED, 0),
        ("59.5", False, Result.FAILED, 0),
        ("60", False, Result.PASSED, 40000),
        ("69.5", False, Result.PASSED, 40000),
        ("70", False, Result.PASSED, 50000),
        ("79", False, Result.PASSED, 50000),
        ("80", False, Result.PASSED, 60000),
        ("89.5", False, Result.PASSED, 60000),
        ("90", False, Result.PASSED, 70000),
        ("100", False, Result.PASSED, 70000),
        ("95", True, Result.FAILED, 0),
    ],
)
def test_结果与奖励(policy, score, vetoed, outcome, amount):
    found = result(Decimal(score), vetoed, policy=policy)
    assert found is outcome
    assert reward(Decimal(score), found is Result.PASSED, policy=policy) == Decimal(amount)


FULL = {
    "A1": PartsFact((True, True)),
    "A2": PartsFact((True, True, True)),
    "A3": LiaisonFact(True, 0),
    "A4": SafetyFact(0, 0),
    "B1": PartsFact((True,)),
    "B2": CasesFact(0),
    "B3": CasesFact(0),
    "C1": SurveyFact(100, 100),
    "C2": SurveyFact(10, 10),
    "C3": CountFact(2),
    "C4": PeopleFact(301, 50, 5),
    "C5": RatioFact(100, 100),
    "D1": GivenFact(Decimal(10), "市级推介", True),
}
NOBODY = {"C1": SurveyFact(0, 0), "C2": SurveyFact(0, 0), "C4": PeopleFact(0, 0), "C5": RatioFact(0, 0)}


def sheet(policy, **changed):
    lines = {code: points(policy, code, fact) for code, fact in (FULL | changed).items()}
    return total(lines, policy=policy)


@pytest.mark.parametrize(
    ("changed", "expected", "amount"),
    [
        pytest.param({}, 100, 70000, id="各项满分"),
        pytest.param({"C4": PeopleFact(99, 9)}, 85, 60000, id="人数不足"),
        pytest.param({"C4": PeopleFact(99, 9), "C5": RatioFact(0, 0)}, 70, 50000, id="人数不足且无留用"),
        pytest.param(NOBODY, 60, 40000, id="零输送仍得60分"),
        pytest.param(NOBODY | {"D1": GivenFact(Decimal(9), "推介", True)}, 59, 0, id="零输送创新9分"),
        pytest.param({"A4": SafetyFact(1, 0)}, 95, 0, id="满分加一起事故"),
        pytest.param(
            {
                "B2": CasesFact(1),
                "C1": SurveyFact(88, 96),
                "C2": SurveyFact(14, 16),
                "C3": CountFact(3),
                "C4": PeopleFact(264, 18, 2),
                "C5": RatioFact(81, 120),
                "D1": GivenFact(Decimal(6), "区级推介", True),
            },
            90,
            70000,
            id="实例",
        ),
    ],
)
def test_总分(policy, changed, expected, amount):
    score = sheet(policy, **changed)
    assert score == expected
    vetoed = veto((FULL | changed)["A4"], policy=policy)
    passed = result(score, vetoed, policy=policy) is Result.PASSED
    assert reward(score, passed, policy=policy) == Decimal(amount)


@pytest.mark.parametrize(
    ("guard", "score", "outcome"),
    [
        pytest.param(ZeroDeliveryGuard.WARN, 60, Result.PASSED, id="只提示"),
        pytest.param(ZeroDeliveryGuard.FAIL, 60, Result.FAILED, id="直接不合格"),
        pytest.param(ZeroDeliveryGuard.NOT_APPLICABLE, 45, Result.FAILED, id="两项不适用"),
    ],
)
def test_零输送的三种读法(read_as, guard, score, outcome):
    policy = read_as(zero_delivery_guard=guard)
    nobody = NOBODY | {"B2": CasesFact(0, delivered=0), "B3": CasesFact(0, delivered=0)}
    found = sheet(policy, **nobody)
    assert found == score
    assert result(found, False, policy=policy, delivered=0) is outcome


def test_缺一项不能合计(policy):
    with pytest.raises(ScoreError, match="D1"):
        total({line.code: Decimal(0) for line in policy.indicators if line.code != "D1"}, policy=policy)


@pytest.mark.parametrize(
    ("decided", "until", "opens"),
    [
        pytest.param(d(2022, 3, 10), d(2024, 3, 10), d(2024, 3, 11), id="对应日"),
        pytest.param(d(2024, 2, 29), d(2026, 2, 28), d(2026, 3, 1), id="闰日"),
        pytest.param(d(2023, 12, 31), d(2025, 12, 31), d(2026, 1, 1), id="跨年"),
        pytest.param(d(2021, 9, 30), d(2023, 9, 30), d(2023, 10, 1), id="周六不顺延"),
        pytest.param(d(2023, 12, 1), d(2025, 12, 1), d(2025, 12, 2), id="试行期后照满"),
    ],
)
def test_不得申报至(policy, decided, until, opens):
    assert bar_until(decided, policy=policy) == until
    assert is_barred(until, until)
    assert not is_barred(until, opens)
    assert not is_barred(None, opens)
