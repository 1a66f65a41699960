"""Conditions of 第三条, where to apply, refusal, number and term: R-09 … R-14, R-18, R-19."""

from dataclasses import fields, replace
from datetime import date as d

import pytest

from jinhua_labor.policy.load import versions
from stations.applications.enums import CreditCheck, Side, Verdict
from stations.applications.rules import (
    Area,
    FiftyGate,
    Level,
    ManagementFacts,
    Occupied,
    OperatorFacts,
    QualityFigures,
    Share,
    SiteFacts,
    area_problems,
    blocking,
    counts_for_fifty,
    document_number,
    fifty_gate,
    fifty_problems,
    general_problems,
    judgement_problems,
    management_problems,
    refusal_problems,
    site_problems,
    term_problems,
)
from stations.roster.enums import CountStatus
from stations.roster.rules import distinct_counted

POLICY = versions()[0]
SETTINGS = POLICY.settings


def found(problems):
    """Level and target of what was found, the two things a page builds on."""
    return [(problem.level.value, problem.target) for problem in problems]


# --- R-09 -------------------------------------------------------------------------------------------------------------

OPERATOR = OperatorFacts(
    credit_code_valid=True,
    registered=True,
    has_licence=True,
    licence_from=d(2021, 1, 5),
    licence_to=d(2021, 6, 30),
    credit_check=CreditCheck.NONE,
)


@pytest.mark.parametrize(
    ("changed", "on", "expected"),
    [
        pytest.param({}, d(2021, 6, 30), [], id="许可证最后一天"),
        pytest.param({}, d(2021, 7, 1), [("UNMET", "licence_to")], id="许可证到期次日"),
        pytest.param({}, d(2021, 1, 4), [("UNMET", "licence_from")], id="许可证尚未生效"),
        pytest.param({"has_licence": False}, d(2021, 6, 1), [("UNMET", "licence_no")], id="仅备案"),
        pytest.param({"licence_to": None}, d(2031, 6, 1), [], id="许可证长期"),
        pytest.param({"credit_code_valid": False}, d(2021, 6, 1), [("UNMET", "credit_code")], id="信用代码不符"),
        pytest.param({"registered": False}, d(2021, 6, 1), [("UNMET", "M1")], id="执照不是存续"),
        pytest.param(
            {"barred_until": d(2024, 3, 10), "licence_to": None},
            d(2024, 3, 10),
            [("UNMET", "operator")],
            id="禁报期末日",
        ),
        pytest.param({"barred_until": d(2024, 3, 10), "licence_to": None}, d(2024, 3, 11), [], id="禁报期满次日"),
        pytest.param({"credit_check": CreditCheck.FOUND}, d(2021, 6, 1), [("UNMET", "credit_check")], id="有不良记录"),
        pytest.param(
            {"credit_check": CreditCheck.FOUND, "bureau_reason": "已修复"}, d(2021, 6, 1), [], id="不良记录局写明理由"
        ),
        pytest.param({"credit_check": CreditCheck.DOUBT}, d(2021, 6, 1), [("WARN", "credit_check")], id="存疑只提示"),
        pytest.param({"credit_check": None}, d(2021, 6, 1), [("MISSING", "credit_check")], id="未做信用核查"),
    ],
)
def test_总体要求(changed, on, expected):
    assert found(general_problems(replace(OPERATOR, **changed), on=on, screening=True)) == expected


def test_提交时不问信用核查():
    assert general_problems(replace(OPERATOR, credit_check=None), on=d(2021, 6, 1)) == ()


# --- R-10 -------------------------------------------------------------------------------------------------------------

AREA = Area("52", "示例州", "示例县")
INSIDE = SiteFacts(
    Side.DISTRICT, Area("33", "金华市", "金东区"), "330703", "示例路1号", photos=1, facilities=3, target="site-1"
)
OUTSIDE = SiteFacts(Side.AREA, AREA, "", "示例街2号", photos=1, facilities=3, target="site-2")


@pytest.mark.parametrize(
    ("sites", "area", "expected"),
    [
        pytest.param([INSIDE, OUTSIDE], AREA, [], id="两地齐全"),
        pytest.param([INSIDE], AREA, [("UNMET", "sites")], id="只有金东区"),
        pytest.param([OUTSIDE], AREA, [("UNMET", "sites")], id="只有省外"),
        pytest.param([INSIDE, replace(OUTSIDE, photos=0)], AREA, [("MISSING", "site-2")], id="省外缺照片"),
        pytest.param([replace(INSIDE, facilities=0), OUTSIDE], AREA, [("MISSING", "site-1")], id="金东缺设施"),
        pytest.param([INSIDE, replace(OUTSIDE, has_tenure=False)], AREA, [("MISSING", "site-2")], id="缺使用证明"),
        pytest.param(
            [INSIDE, replace(OUTSIDE, tenure_to=d(2021, 5, 31))], AREA, [("UNMET", "site-2")], id="租期前一日已满"
        ),
        pytest.param([INSIDE, replace(OUTSIDE, tenure_to=d(2021, 6, 1))], AREA, [], id="租期当日届满"),
        pytest.param(
            [INSIDE, replace(OUTSIDE, area=Area("33", "杭州市", "示例县"))],
            AREA,
            [("UNMET", "sites")],
            id="在浙江其他市",
        ),
        pytest.param(
            [INSIDE, replace(OUTSIDE, area=Area("51", "示例市", "示例县"))],
            Area("52"),
            [("UNMET", "sites")],
            id="四川地点贵州协作",
        ),
        pytest.param(
            [INSIDE, replace(OUTSIDE, area=Area("52", "另一州", "示例县"))], AREA, [("UNMET", "sites")], id="另一州"
        ),
        pytest.param([INSIDE, OUTSIDE], Area("52"), [], id="协作地区只到省"),
        pytest.param([replace(INSIDE, district="330702"), OUTSIDE], AREA, [("UNMET", "sites")], id="在婺城区"),
    ],
)
def test_实体化运作(sites, area, expected):
    problems = site_problems(sites, area=area, liaisons=1, on=d(2021, 6, 1), policy=POLICY, settings=SETTINGS)
    assert found(problems) == expected


@pytest.mark.parametrize("liaisons", [0, 2], ids=["没有专人", "两名专人"])
def test_须恰有一名专人(liaisons):
    problems = site_problems(
        [INSIDE, OUTSIDE], area=AREA, liaisons=liaisons, on=d(2021, 6, 1), policy=POLICY, settings=SETTINGS
    )
    assert found(problems) == [("MISSING", "liaison_name")]


def test_初审前须核查场所():
    problems = site_problems(
        [replace(INSIDE, confirmed=True), OUTSIDE],
        area=AREA,
        liaisons=1,
        on=d(2021, 6, 1),
        policy=POLICY,
        settings=SETTINGS,
        screening=True,
    )
    assert found(problems) == [("MISSING", "site-2")]


# --- R-11 -------------------------------------------------------------------------------------------------------------

MANAGED = ManagementFacts(
    has_rules=True, has_agreement=True, has_plan=True, agreement_from=d(2021, 1, 10), agreement_to=d(2021, 6, 1)
)
MET = {"RULES": Verdict.MET, "PACT": Verdict.MET, "PLAN": Verdict.MET}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="协议当日届满"),
        pytest.param({"agreement_to": d(2021, 5, 31)}, [("UNMET", "agreement_to")], id="协议昨日终止"),
        pytest.param({"agreement_from": d(2021, 6, 2)}, [("UNMET", "agreement_from")], id="协议明日生效"),
        pytest.param({"agreement_to": None}, [("WARN", "agreement_to")], id="协议无截止日只提示"),
        pytest.param({"has_plan": False}, [("MISSING", "PLAN")], id="缺计划"),
        pytest.param({"has_rules": False}, [("MISSING", "M4C")], id="缺管理制度"),
        pytest.param({"has_agreement": False, "agreement_to": None}, [("MISSING", "M4B")], id="缺协议"),
        pytest.param({"has_measures": False}, [("MISSING", "agreement_measures")], id="没有具体措施"),
        pytest.param({"verdicts": MET | {"PLAN": Verdict.UNMET}}, [("UNMET", "PLAN")], id="计划判为不合格"),
        pytest.param({"verdicts": {"RULES": Verdict.MET, "PACT": Verdict.MET}}, [("MISSING", "PLAN")], id="计划未判断"),
    ],
)
def test_管理规范(changed, expected):
    facts = replace(MANAGED, **({"verdicts": MET} | changed))
    assert found(management_problems(facts, on=d(2021, 6, 1), screening=True)) == expected


def test_无截止日的协议不妨碍提交():
    assert blocking(management_problems(replace(MANAGED, agreement_to=None), on=d(2021, 6, 1))) == ()


# --- R-12 -------------------------------------------------------------------------------------------------------------

GOOD, WAITING, OUT = CountStatus.COUNTED, CountStatus.PENDING, CountStatus.EXCLUDED


@pytest.mark.parametrize(
    ("rows", "submit", "screen"),
    [
        pytest.param([(n, GOOD) for n in range(49)], False, False, id="49人"),
        pytest.param([(n, GOOD) for n in range(50)], True, True, id="50人"),
        pytest.param([(min(n, 47), GOOD) for n in range(50)], False, False, id="50行重复2人"),
        pytest.param([(n, OUT if n < 6 else GOOD) for n in range(55)], False, False, id="55行派遣6人"),
        pytest.param([(n, WAITING if n == 0 else GOOD) for n in range(50)], True, False, id="50人中1人待核"),
    ],
)
def test_五十人(rows, submit, screen):
    tally = distinct_counted(rows)
    gate = fifty_gate(counted=tally.counted, pending=tally.pending, policy=POLICY)
    assert (gate.may_submit, gate.may_pass) == (submit, screen)
    assert (not fifty_problems(gate), not fifty_problems(gate, screening=True)) == (submit, screen)


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (FiftyGate(40, 3, 50), "还差7人"),
        (FiftyGate(49, 5, 50), "待核5人核实后方可初审同意"),
    ],
    ids=["还差几人", "待核几人"],
)
def test_五十人的说明(gate, words):
    assert words in fifty_problems(gate, screening=True)[0].message


def test_五十人以条文为准():
    assert fifty_gate(counted=50, pending=0, policy=replace(POLICY, min_delivered=51)).short == 1


@pytest.mark.parametrize(
    ("switches", "entry", "hukou", "looked_at"),
    [
        pytest.param({}, d(2015, 1, 1), "51", True, id="不限年限不限地区"),
        pytest.param({"min50_lookback_months": 24}, d(2019, 5, 31), "52", False, id="回溯24个月之外"),
        pytest.param({"min50_lookback_months": 24}, d(2019, 6, 1), "52", True, id="回溯24个月之内"),
        pytest.param({"min50_same_region": True}, d(2021, 1, 1), "51", False, id="只计协作省份"),
    ],
)
def test_累计范围(switches, entry, hukou, looked_at):
    policy = replace(POLICY, **switches)
    assert counts_for_fifty(entry, hukou, area=AREA, on=d(2021, 6, 1), policy=policy) is looked_at


# --- R-13 -------------------------------------------------------------------------------------------------------------


def test_没有重点企业显示零而不拦():
    assert Share(0, 0).percent == 0
    assert Share(0, 62).percent == 0
    assert Share(2, 3).percent == 66


def test_判断不符合须写理由():
    assert found(judgement_problems(Verdict.UNMET, " ", target="C5", clause="第三条（五）")) == [("MISSING", "C5")]
    assert found(judgement_problems(None, "", target="C5", clause="第三条（五）")) == [("MISSING", "C5")]
    assert judgement_problems(Verdict.UNMET, "岗位技能不符", target="C5", clause="第三条（五）") == ()
    assert judgement_problems(Verdict.MET, "", target="C5", clause="第三条（五）") == ()


def test_服务优良不收健康资料():
    assert {field.name for field in fields(QualityFigures)} == {"skilled", "schooled", "key_employers"}


# --- R-14 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        pytest.param(Area("52", "示例州", "示例县"), Area("52", " 示例州 ", "示例　县"), True, id="空格全角不算不同"),
        pytest.param(Area("52", "示例1州"), Area("52", "示例１州"), True, id="全角数字"),
        pytest.param(Area("52", "示例州"), Area("52", "示例州", "示例县"), False, id="州与其县是两个地区"),
        pytest.param(Area("52", "示例州"), Area("51", "示例州"), False, id="不同省"),
    ],
)
def test_同一地区(one, two, same):
    assert (one.key == two.key) is same


@pytest.mark.parametrize(
    ("area", "occupied", "expected"),
    [
        pytest.param(AREA, [], [], id="没有在办"),
        pytest.param(AREA, [Occupied(AREA.key, "/files/1", False)], [("UNMET", "/files/1")], id="同地区在办"),
        pytest.param(Area("51", "示例市"), [Occupied(AREA.key, "/files/1", False)], [], id="另一地区"),
        pytest.param(AREA, [Occupied(AREA.key, "/stations/1", True)], [("UNMET", "/stations/1")], id="已有工作站"),
        pytest.param(Area("33", "杭州市"), [], [("UNMET", "area_province")], id="省内"),
        pytest.param(Area(""), [], [("MISSING", "area_province")], id="未选"),
    ],
)
def test_同一地区只办一件(area, occupied, expected):
    assert found(area_problems(area, occupied=occupied, policy=POLICY)) == expected


# --- R-18, R-19 -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "clause", "remedy", "expected"),
    [
        pytest.param("人数不足", "第三条（四）", SETTINGS.remedy_text, [], id="齐全"),
        pytest.param(" ", "第三条（四）", SETTINGS.remedy_text, ["reason"], id="没有理由"),
        pytest.param("人数不足", "", SETTINGS.remedy_text, ["clause"], id="没有条款"),
        pytest.param("人数不足", "第三条（四）", "", ["remedy"], id="没有救济途径"),
    ],
)
def test_不予设立(reason, clause, remedy, expected):
    assert [problem.target for problem in refusal_problems(reason, clause, remedy)] == expected


def test_救济途径写明期限():
    assert "六十日" in SETTINGS.remedy_text
    assert "六个月" in SETTINGS.remedy_text


@pytest.mark.parametrize(
    ("typed", "taken", "number", "ok"),
    [
        pytest.param("金东人社[2021]14号", set(), "金东人社〔2021〕14号", True, id="方括号改六角"),
        pytest.param("金东人社（２０２１）第０１４号", set(), "金东人社〔2021〕14号", True, id="全角第字前导零"),
        pytest.param("金东人社[2021]14号", {"金东人社〔2021〕14号"}, "金东人社〔2021〕14号", False, id="同年重号"),
        pytest.param("金东人社[2022]14号", {"金东人社〔2021〕14号"}, "金东人社〔2022〕14号", True, id="次年同号"),
        pytest.param("2021年14号文", set(), "2021年14号文", False, id="不是文号"),
    ],
)
def test_发文字号(typed, taken, number, ok):
    spelled, problems = document_number(typed, taken=taken)
    assert (spelled, not problems) == (number, ok)


@pytest.mark.parametrize(
    ("term_to", "expected"),
    [
        pytest.param(d(2023, 12, 31), [], id="至试行期末"),
        pytest.param(d(2024, 1, 1), [("WARN", "term_to")], id="超出试行期只提示"),
        pytest.param(d(2021, 4, 12), [("UNMET", "term_to")], id="申请当日"),
        pytest.param(None, [("MISSING", "term_to")], id="未填"),
    ],
)
def test_经营期限(term_to, expected):
    assert found(term_problems(term_to, submitted_on=d(2021, 4, 12), policy=POLICY)) == expected


def test_提示不算拦阻():
    problems = term_problems(d(2024, 1, 1), submitted_on=d(2021, 4, 12), policy=POLICY)
    assert problems[0].level is Level.WARN
    assert blocking(problems) == ()
