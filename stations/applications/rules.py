"""Conditions and materials of an application (第三至五条; R-09 … R-15, R-18, R-19): pure functions over facts.

A check returns what is wrong, never whether to decide: judging is a person's part. Targets are field names of
附件1, slots of the materials (M1 … M7, M4A …) or "roster", so that a page can link to the place.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import add_months
from jinhua_labor.policy.scoring import is_barred
from jinhua_labor.policy.types import Policy, Settings

from .deadlines import (
    Acceptance,
    Clock,
    Round,
    acceptance,
    clock,
    clock_starts_on,
    has_lapsed,
    notice_due_on,
    repeated_defects,
    supplement_due_on,
)
from .enums import CreditCheck, Side, Verdict
from .papers import MaterialFacts, document_number, material_problems, refusal_problems, term_problems
from .problems import Level, Problem, blocking

__all__ = [
    "Acceptance",
    "Area",
    "Clock",
    "FiftyGate",
    "Level",
    "ManagementFacts",
    "MaterialFacts",
    "Occupied",
    "OperatorFacts",
    "Problem",
    "QualityFigures",
    "Round",
    "Share",
    "SiteFacts",
    "acceptance",
    "area_problems",
    "blocking",
    "clock",
    "clock_starts_on",
    "counts_for_fifty",
    "document_number",
    "fifty_gate",
    "fifty_problems",
    "general_problems",
    "has_lapsed",
    "judgement_problems",
    "management_problems",
    "material_problems",
    "notice_due_on",
    "refusal_problems",
    "repeated_defects",
    "site_problems",
    "supplement_due_on",
    "term_problems",
]


# --- R-09 condition (一) ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OperatorFacts:
    """Papers and standing of 申请单位. `licence_to` None is 长期; `credit_check` None until the centre looked it up."""

    credit_code_valid: bool
    registered: bool
    has_licence: bool
    licence_from: date | None = None
    licence_to: date | None = None
    credit_check: CreditCheck | None = None
    bureau_reason: str = ""
    barred_until: date | None = None


def general_problems(facts: OperatorFacts, *, on: date, screening: bool = False) -> tuple[Problem, ...]:
    """Condition (一) on the day of submission or decision. “相应规模” has no number and is judged, not computed."""
    clause = "第三条（一）"
    found = []
    if not facts.credit_code_valid:
        found.append(Problem(Level.UNMET, "credit_code", "统一社会信用代码校验不符，请按营业执照核对。", clause))
    if not facts.registered:
        found.append(Problem(Level.UNMET, "M1", "营业执照登记状态不是存续。", clause))
    if not facts.has_licence:
        message = "须持有《人力资源服务许可证》，仅办理备案的不符合条件。"
        found.append(Problem(Level.UNMET, "licence_no", message, clause))
    elif facts.licence_from is not None and facts.licence_from > on:
        found.append(Problem(Level.UNMET, "licence_from", "《人力资源服务许可证》尚未生效。", clause))
    elif facts.licence_to is not None and facts.licence_to < on:
        message = f"《人力资源服务许可证》已于{date_cn(facts.licence_to)}到期，请更新后填写新的有效期。"
        found.append(Problem(Level.UNMET, "licence_to", message, clause))
    if is_barred(facts.barred_until, on) and facts.barred_until is not None:
        message = f"被取消资格未满2年，{date_cn(facts.barred_until)}（含）前不得重新申报。"
        found.append(Problem(Level.UNMET, "operator", message, "第八条"))
    if screening:
        if facts.credit_check is None:
            found.append(Problem(Level.MISSING, "credit_check", "请登记信用核查结果。", clause))
        elif facts.credit_check == CreditCheck.FOUND and not facts.bureau_reason.strip():
            message = "信用核查有不良记录，未经局写明理由不能通过。"
            found.append(Problem(Level.UNMET, "credit_check", message, clause))
        elif facts.credit_check == CreditCheck.DOUBT:
            found.append(Problem(Level.WARN, "credit_check", "信用核查存疑，请核实。", clause))
    return tuple(found)


# --- R-10 condition (二) ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Area:
    """省外劳务协作地区（省市县）; city and county may be empty."""

    province: str
    city: str = ""
    county: str = ""

    @property
    def key(self) -> str:
        """What makes two areas the same: NFKC, without spaces; a prefecture is not one of its counties (R-14)."""
        return "|".join(_squeeze(part) for part in (self.province, self.city, self.county))

    def holds(self, other: "Area") -> bool:
        """Whether `other` lies in this area; what this area leaves open is not compared."""
        if self.province != other.province:
            return False
        pairs = ((self.city, other.city), (self.county, other.county))
        return all(not _squeeze(mine) or _squeeze(mine) == _squeeze(theirs) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """工作地点 with its proof; `confirmed` is the centre's visit or photo check."""

    side: Side
    area: Area
    district: str = ""
    address: str = ""
    has_tenure: bool = True
    tenure_to: date | None = None
    photos: int = 0
    facilities: int = 0
    confirmed: bool = False
    target: str = "sites"


def site_problems(
    sites: Collection[SiteFacts],
    *,
    area: Area,
    liaisons: int,
    on: date,
    policy: Policy,
    settings: Settings,
    screening: bool = False,
) -> tuple[Problem, ...]:
    """Condition (二): a site in 金东 and one inside the cooperation area, each equipped and proved, and 1名专人."""
    clause = "第三条（二）"
    inside = [site for site in sites if site.side == Side.DISTRICT and site.district == settings.district_code]
    outside = [
        site
        for site in sites
        if site.side == Side.AREA and site.area.province != policy.home_province and area.holds(site.area)
    ]
    found = []
    if not inside:
        found.append(Problem(Level.UNMET, "sites", "缺少金东区内的实际工作地点。", clause))
    if not outside:
        message = "缺少省外劳务协作地区内的实际工作地点（须在浙江省外，且在所填协作地区之内）。"
        found.append(Problem(Level.UNMET, "sites", message, clause))
    for site in [*inside, *outside]:
        found += _one_site(site, on=on, screening=screening, clause=clause)
    if liaisons != policy.liaison_count:
        message = f"须指定{policy.liaison_count}名专人负责两地劳务协作对接。"
        found.append(Problem(Level.MISSING, "liaison_name", message, clause))
    return tuple(found)


def _one_site(site: SiteFacts, *, on: date, screening: bool, clause: str) -> list[Problem]:
    name = f"{site.side.label}工作地点"
    wanted = (
        (bool(site.address.strip()), "请填写详细地址"),
        (site.has_tenure, "缺少场所使用证明"),
        (site.photos > 0, "至少上传1张办公场所照片"),
        (site.facilities > 0, "请勾选办公设施"),
        (site.confirmed or not screening, "尚未实地或照片核查"),
    )
    found = [Problem(Level.MISSING, site.target, f"{name}：{text}。", clause) for there, text in wanted if not there]
    if site.tenure_to is not None and site.tenure_to < on:
        found.append(Problem(Level.UNMET, site.target, f"{name}：使用期限已到期。", clause))
    return found


# --- R-11 condition (三) ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ManagementFacts:
    """The three documents of condition (三); `verdicts` holds the centre's judgement by part (RULES, PACT, PLAN)."""

    has_rules: bool
    has_agreement: bool
    has_plan: bool
    agreement_from: date | None = None
    agreement_to: date | None = None
    has_measures: bool = True
    verdicts: Mapping[str, Verdict] | None = None


_DOCUMENTS = (
    ("RULES", "M4C", "劳务协作工作管理制度"),
    ("PACT", "M4B", "劳务协作协议"),
    ("PLAN", "PLAN", "年度省外劳动力工作计划"),
)


def management_problems(facts: ManagementFacts, *, on: date, screening: bool = False) -> tuple[Problem, ...]:
    """Condition (三): rules, an agreement that covers the day, a work plan; each judged by the centre at 初审."""
    clause = "第三条（三）"
    there = {"RULES": facts.has_rules, "PACT": facts.has_agreement, "PLAN": facts.has_plan}
    verdicts = facts.verdicts or {}
    found = []
    for part, slot, name in _DOCUMENTS:
        if not there[part]:
            found.append(Problem(Level.MISSING, slot, f"缺少{name}。", clause))
        elif screening and part not in verdicts:
            found.append(Problem(Level.MISSING, slot, f"请判断{name}是否合格。", clause))
        elif verdicts.get(part) == Verdict.UNMET:
            found.append(Problem(Level.UNMET, slot, f"{name}判断为不合格。", clause))
    if facts.has_agreement:
        if facts.agreement_from is not None and facts.agreement_from > on:
            found.append(Problem(Level.UNMET, "agreement_from", "劳务协作协议尚未生效。", clause))
        if facts.agreement_to is None:
            message = "劳务协作协议没有写明截止日期，请核实是否长期有效。"
            found.append(Problem(Level.WARN, "agreement_to", message, clause))
        elif facts.agreement_to < on:
            message = f"劳务协作协议已于{date_cn(facts.agreement_to)}到期，请续签后重新上传。"
            found.append(Problem(Level.UNMET, "agreement_to", message, clause))
        if not facts.has_measures:
            found.append(Problem(Level.MISSING, "agreement_measures", "请填写协议的主要措施。", clause))
    return tuple(found)


# --- R-12 condition (四) ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiftyGate:
    """The meter: persons 计入 and 待核 against the number asked for, and what that allows."""

    counted: int
    pending: int
    needed: int

    @property
    def may_submit(self) -> bool:
        """Enough persons count or still may."""
        return self.counted + self.pending >= self.needed

    @property
    def may_pass(self) -> bool:
        """Enough persons count: 初审 may say 同意."""
        return self.counted >= self.needed

    @property
    def short(self) -> int:
        """How many persons are lacking before it may be submitted."""
        return max(0, self.needed - self.counted - self.pending)


def fifty_gate(*, counted: int, pending: int, policy: Policy) -> FiftyGate:
    """The gate of condition (四), over distinct persons as of the latest submission."""
    return FiftyGate(counted, pending, policy.min_delivered)


def fifty_problems(gate: FiftyGate, *, screening: bool = False) -> tuple[Problem, ...]:
    """What keeps the file from SUBMIT, or from SCREEN with 同意."""
    clause = "第三条（四）"
    if not gate.may_submit:
        message = f"计入与待核共{gate.counted + gate.pending}人，还差{gate.short}人（需{gate.needed}人）。"
        return (Problem(Level.UNMET, "roster", message, clause),)
    if screening and not gate.may_pass:
        message = f"已核实计入{gate.counted}人，不足{gate.needed}人，待核{gate.pending}人核实后方可初审同意。"
        return (Problem(Level.UNMET, "roster", message, clause),)
    return ()


def counts_for_fifty(entry_on: date, hukou_province: str | None, *, area: Area, on: date, policy: Policy) -> bool:
    """Whether a delivery is looked at for the 50: always, unless a recorded reading narrows time or region."""
    if policy.min50_lookback_months is not None and entry_on < add_months(on, -policy.min50_lookback_months):
        return False
    return not policy.min50_same_region or hukou_province == area.province


# --- R-13 condition (五) ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept as two whole numbers; there is no threshold anywhere."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down, for showing; 0 of nothing."""
        return 100 * self.part // self.whole if self.whole else 0


@dataclass(frozen=True, slots=True)
class QualityFigures:
    """What the reviewer sees beside condition (五): certificates, schooling where known, 重点企业 in the year."""

    skilled: Share
    schooled: Share
    key_employers: Share


def judgement_problems(verdict: Verdict | None, reason: str, *, target: str, clause: str) -> tuple[Problem, ...]:
    """A judgement must be made, and 不符合 needs its reason."""
    if verdict is None:
        return (Problem(Level.MISSING, target, "请作出判断。", clause),)
    if verdict == Verdict.UNMET and not reason.strip():
        return (Problem(Level.MISSING, target, "判断为不符合的，请写明理由。", clause),)
    return ()


# --- R-14 where to apply ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Occupied:
    """An area the operator already has: `address` is the page of the open file or of the station."""

    key: str
    address: str
    is_station: bool


def area_problems(area: Area, *, occupied: Iterable[Occupied], policy: Policy) -> tuple[Problem, ...]:
    """One open file per operator and area; none where it has a station that is not revoked or expired."""
    clause = "第四条"
    if not area.province:
        return (Problem(Level.MISSING, "area_province", "请选择省外劳务协作地区。", clause),)
    if area.province == policy.home_province:
        return (Problem(Level.UNMET, "area_province", "劳务协作地区须为省外。", "第一条"),)
    for row in occupied:
        if row.key == area.key:
            what = "贵单位在此地区已有工作站" if row.is_station else "贵单位在此地区已有办理中的申请"
            return (Problem(Level.UNMET, row.address, f"{what}，不能重复申请。", clause),)
    return ()


def _squeeze(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
