"""The arithmetic of a line in words: 「81/120 = 67.5% > 60% → 15 分」, with what the reader should be told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.scoring import NO_ANSWER, NONE_MATURED, SMALL_SAMPLE, SurveyFact
from jinhua_labor.policy.switches import VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Band, Indicator, Policy

from .facts import COMPUTED, GIVEN, PARTS, WHOLE, SheetFacts
from .score import PEOPLE, computed, proposed, skill

ITEMS = {
    "L1": "用工企业基本情况",
    "L2": "员工管理制度",
    "L3": "安全生产制度",
    "L4": "需求岗位表",
    "L5": "输送劳动力名册",
    "L6": "劳动合同",
    "L7": "留用名册",
    "L8": "其他相关资料",
}
"""The eight items of the ledger, short (第六条（四）)."""

INCLUSIVE = "含本数，归本档"


def words(code: str, facts: SheetFacts, *, policy: Policy, points: Decimal | None = None) -> str:
    """How the line comes to its points, in one sentence; `points` are those given where they are another number."""
    text = _TELL[code](facts, policy)
    if code in COMPUTED:
        by_rule = computed(facts, policy=policy)[code].points
        text = f"{text} → {_n(by_rule)} 分"
        if code == PEOPLE and (extra := skill(facts, policy=policy)) is not None:
            given = f"另给 {extra.low}～{extra.high} 分，参考 {extra.suggested} 分"
            text += f"；技术技能人才 {facts.people.skilled} 人，{given}"
    if points is not None and (code not in COMPUTED or points != by_rule):
        text += f"；实得 {_n(points)} 分"
    return text


def notes(code: str, facts: SheetFacts, *, policy: Policy) -> tuple[str, ...]:
    """What should stand beside the line in its own words: small samples, open checks, 纸质待核 and the like."""
    return tuple(_NOTES[code](facts, policy)) if code in _NOTES else ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A line a person judges: the clause, its parts with what the file shows, how the bureau reads it."""

    code: str
    name: str
    criterion: str
    weight: int
    parts: tuple[tuple[str, bool, str], ...]
    reading: str


def judged(code: str, facts: SheetFacts, *, policy: Policy) -> Judged:
    """The judged line for the assessor: each part with the proposal and what it rests on; D1 has no parts."""
    line = policy.indicator(code)
    parts: tuple[tuple[str, bool, str], ...] = ()
    if code in WHOLE:
        shown = _standings(code, facts)
        parts = tuple(zip(PARTS[code], proposed(facts, policy=policy)[code], shown, strict=True))
    return Judged(code, line.name, line.criterion, line.weight, parts, line.reading)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def percent(part: int, whole: int, edges: Iterable[int] = ()) -> str:
    """part/whole in per cent with one decimal, or as many as keep it from looking like one of the `edges`."""
    exact = 100 * part / whole if 100 * part % whole == 0 else None
    if exact is not None:
        return f"{int(exact)}%"
    marks = [Decimal(edge) for edge in edges]
    for places in range(1, 7):
        shown = (Decimal(100 * part) / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if shown not in marks:
            break
    return f"{shown:f}%"


def between(value: str, band: Band, unit: str) -> str:
    """「67.5% > 60%」 at the ends of a table, 「55%，在 50%（不含）至 60%（含）之间」 inside it."""
    if band.high is None or f"{band.high}{unit}" == "100%":
        return f"{value} {'≥' if band.low_inclusive else '>'} {band.low}{unit}"
    if band.low == 0:
        return f"{value} {'≤' if band.high_inclusive else '<'} {band.high}{unit}"
    low, high = ("（含）" if inclusive else "（不含）" for inclusive in (band.low_inclusive, band.high_inclusive))
    return f"{value}，在 {band.low}{unit}{low}至 {band.high}{unit}{high}之间"


def _in_band(line: Indicator, numerator: int, denominator: int, value: str, unit: str) -> str:
    band = next(one for one in line.bands if one.holds(numerator, denominator))
    for edge in (band.low, band.high):
        if edge and numerator == edge * denominator and f"{edge}{unit}" != "100%":
            return f"{value}，恰为 {edge}{unit}，{INCLUSIVE}"
    return between(value, band, unit)


def _edges(line: Indicator) -> list[int]:
    return [edge for band in line.bands for edge in (band.low, band.high) if edge is not None]


def _n(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _less(line: Indicator, cases: int) -> str:
    """「5 − 2 × 2」, or that it stops at nothing."""
    if not cases:
        return f"满分 {line.weight} 分"
    left = line.weight - line.deduct * cases
    taken = f"{line.weight} − {cases} × {line.deduct}"
    return taken if left >= 0 else f"{taken} < 0，扣完为止"


# --- Each line --------------------------------------------------------------------------------------------------------


def _whole(code: str) -> Callable[[SheetFacts, Policy], str]:
    def tell(facts: SheetFacts, policy: Policy) -> str:
        parts = proposed(facts, policy=policy)[code]
        said = "；".join(f"{name}：{how}" for name, how in zip(PARTS[code], _standings(code, facts), strict=True))
        weight = policy.indicator(code).weight
        verdict = f"各项齐全，建议 {weight} 分" if parts and all(parts) else "有一项不具备即不得分，建议 0 分"
        return f"{said}。{verdict}"

    return tell


def _standings(code: str, facts: SheetFacts) -> tuple[str, ...]:
    file = facts.of_file
    if code == "A1":
        return (file.rules or "未登记", file.agreement or "未登记")
    if code == "A2":
        return (file.inside or "未登记", file.outside or "未登记", "有" if file.furnished else "没有登记")
    filed = f"{date_cn(file.plan_filed_on)}提交" if file.plan_filed_on else "没有提交"
    due = f"，期限 {date_cn(file.plan_due_on)}" if file.plan_due_on else ""
    return (f"{file.plan or '未登记'}（{filed}{due}）",)


def _liaison(facts: SheetFacts, policy: Policy) -> str:
    fact = facts.liaison
    if not fact.present:
        return "评估年度末日没有专人，不得分" if facts.official else "目前没有专人，不得分"
    changes = f"负责人员变动未事先报备 {fact.violations} 例" if fact.violations else "变动均已事先报备"
    return f"有专人，{changes}：{_less(policy.indicator('A3'), fact.violations)}"


def _safety(facts: SheetFacts, policy: Policy) -> str:
    fact, line = facts.safety, policy.indicator("A4")
    complaints = f"经核实的投诉 {fact.verified} 例" if fact.verified else "没有经核实的投诉"
    if fact.received > fact.verified:
        complaints += f"（收到 {fact.received} 例）"
    if not fact.accidents:
        return f"没有负有责任的安全责任事故，{complaints}：{_less(line, fact.verified)}"
    accidents = f"负有责任的安全责任事故 {fact.accidents} 起，{complaints}"
    if policy.veto_mode is VetoMode.TOGETHER:
        return f"{accidents}：{_less(line, fact.accidents + fact.verified)}"
    return f"{accidents}，不得分"


def _contracts(facts: SheetFacts, policy: Policy) -> str:
    fact, told = facts.contracts, facts.of_contracts
    if not facts.people.counted:
        if policy.zero_delivery_guard is ZeroDeliveryGuard.NOT_APPLICABLE:
            return "没有计入的人员，本项不适用"
        return "没有计入的人员，没有发现未落实的：满分照得"
    cases = [f"{name} {n} 人" for name, n in (("没有合同", told.missing), ("逾期签订", told.late)) if n]
    found = f"未落实 {fact.cases} 例（{'、'.join(cases)}）" if fact.cases else "均已按时签订合同"
    return f"计入 {facts.people.counted} 人，{found}：{_less(policy.indicator('B2'), fact.cases)}"


def _ledger(facts: SheetFacts, policy: Policy) -> str:
    if facts.contracts.delivered == 0 and policy.zero_delivery_guard is ZeroDeliveryGuard.NOT_APPLICABLE:
        return "没有计入的人员，本项不适用"
    missing = facts.of_ledger.missing
    named = "、".join(ITEMS.get(code, code) for code in missing)
    found = f"缺 {facts.ledger.cases} 项（{named}）" if missing else "第1至7目没有缺项"
    return f"{found}：{_less(policy.indicator('B3'), facts.ledger.cases)}"


def _survey(code: str) -> Callable[[SheetFacts, Policy], str]:
    def tell(facts: SheetFacts, policy: Policy) -> str:
        fact, line = facts.fact(code), policy.indicator(code)
        assert isinstance(fact, SurveyFact)
        if not fact.valid:
            return f"{NO_ANSWER}，不得分"
        shown = f"满意 {fact.satisfied}/{fact.valid} = {percent(fact.satisfied, fact.valid, _edges(line))}"
        top = line.bands[-1]
        if policy.satisfaction_upper_inclusive and 100 * fact.satisfied == top.low * fact.valid:
            return f"{shown}，恰为 {top.low}%，按现行口径归下一档"
        return _in_band(line, 100 * fact.satisfied, fact.valid, shown, "%")

    return tell


def _activities(facts: SheetFacts, policy: Policy) -> str:
    count, line = facts.activities.count, policy.indicator("C3")
    if not count:
        return "没有经确认的活动，不得分"
    top = line.bands[-1]
    more = f"，{top.low} 场以上同分" if count > top.low else ""
    return f"组织活动 {count} 场{more}"


def _people(facts: SheetFacts, policy: Policy) -> str:
    count = facts.people.counted
    return _in_band(policy.indicator(PEOPLE), count, 1, f"计入 {count} 人", " 人")


def _retention(facts: SheetFacts, policy: Policy) -> str:
    fact, line = facts.retention, policy.indicator("C5")
    if not fact.matured:
        return f"{NONE_MATURED}，不得分"
    shown = f"{fact.retained}/{fact.matured} = {percent(fact.retained, fact.matured, _edges(line))}"
    return _in_band(line, 100 * fact.retained, fact.matured, shown, "%")


_TELL: dict[str, Callable[[SheetFacts, Policy], str]] = {
    "A1": _whole("A1"),
    "A2": _whole("A2"),
    "A3": _liaison,
    "A4": _safety,
    "B1": _whole("B1"),
    "B2": _contracts,
    "B3": _ledger,
    "C1": _survey("C1"),
    "C2": _survey("C2"),
    "C3": _activities,
    PEOPLE: _people,
    "C5": _retention,
    GIVEN: lambda _, policy: f"由评估人员在 0～{policy.indicator(GIVEN).weight} 分之间评定，给分须写理由并附佐证",
}


# --- What stands beside them ------------------------------------------------------------------------------------------


def _of_file(code: str) -> Callable[[SheetFacts, Policy], list[str]]:
    def tell(facts: SheetFacts, _: Policy) -> list[str]:
        waiting = any("待核" in how for how in _standings(code, facts))
        return ["有材料还没有经中心核对"] if waiting else []

    return tell


def _of_ledger(facts: SheetFacts, _: Policy) -> list[str]:
    told = facts.of_ledger
    found = []
    if told.partial:
        some = "、".join(f"{ITEMS.get(code, code)}（{share}%）" for code, share in told.partial)
        found.append(f"部分齐全：{some}。部分齐全不按缺项计，轻重由评估人员判断")
    if told.paper_pending:
        some = "、".join(ITEMS.get(code, code) for code in told.paper_pending)
        found.append(f"纸质待核：{some}")
    return found


def _of_survey(code: str) -> Callable[[SheetFacts, Policy], list[str]]:
    def tell(facts: SheetFacts, _: Policy) -> list[str]:
        fact = facts.fact(code)
        assert isinstance(fact, SurveyFact)
        if not fact.required:
            return ["本年度还没有开展调查"]
        return [f"{SMALL_SAMPLE}：有效 {fact.valid} 份，应有 {fact.required} 份"] if fact.valid < fact.required else []

    return tell


def _of_people(facts: SheetFacts, _: Policy) -> list[str]:
    told = facts.of_roster
    found = []
    if told.pending or told.excluded:
        found.append(f"名册 {told.raw} 行，其中待核 {told.pending} 行、不计 {told.excluded} 行")
    if told.certificates_waiting:
        found.append(f"{told.certificates_waiting} 份证书还没有核验，未计入技术技能人才")
    return found


def _of_retention(facts: SheetFacts, policy: Policy) -> list[str]:
    told = facts.of_retention
    parts = (("未留用", told.left), ("无法核实", told.unverified), ("未参保", told.uninsured), ("未统计", told.open))
    not_kept = "、".join(f"{name} {n} 人" for name, n in parts if n)
    found = [f"分母之内不算留用的：{not_kept}"] if facts.retention.matured and not_kept else []
    if told.in_time:
        found.append(f"{told.in_time} 人还在统计期限内，送复核时再读一次，届时仍未统计的按无法核实")
    others = [
        f"{COHORTS[one.name]} {one.retained}/{one.matured} = {percent(one.retained, one.matured)}"
        for one in told.cohorts
        if one.matured and one.name != policy.retention_cohort.value
    ]
    if others:
        found.append(f"其他口径（不计分）：{'；'.join(others)}")
    return found


COHORTS = {
    "ENTERED_MATURED": "本年度入职且已满6个月",
    "CHECK_IN_PERIOD": "统计日在本年度的",
    "ALL_ENTERED": "本年度全部入职的",
}
"""The readings of the denominator in the reader's words (G-21)."""

_NOTES: dict[str, Callable[[SheetFacts, Policy], list[str]]] = {
    "A1": _of_file("A1"),
    "A2": _of_file("A2"),
    "B1": _of_file("B1"),
    "B3": _of_ledger,
    "C1": _of_survey("C1"),
    "C2": _of_survey("C2"),
    PEOPLE: _of_people,
    "C5": _of_retention,
}
