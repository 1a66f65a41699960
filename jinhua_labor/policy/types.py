"""A version of the notice as frozen data: its text, 附件3, the parameters of its clauses, how each is read.

Counts of days named `*_workdays` are working days; `*_months`, `*_days` are calendar ones; `*_ratio` and
`*_percent` are whole per cent; amounts are 元. `Policy` and `Settings` compare by identity on purpose: two
versions with the same numbers are still two versions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jinhua_labor.policy.switches import (
    AssessmentMode,
    BanAnchor,
    BanSubject,
    ConfirmedBy,
    EstablishedAnchor,
    ExcellentLookback,
    JointActivity,
    LedgerMedium,
    LineFunction,
    PolicyExpiry,
    RenewalMode,
    RetentionCohort,
    RetentionScope,
    RetirementTrack,
    ReverifyFailAction,
    RunoffStraddle,
    SetupOncePer,
    TitleLevel,
    VetoMode,
    YearAttribution,
    ZeroDeliveryGuard,
)


class PolicyError(ValueError):
    """A policy version that cannot be right; the message says in Chinese what is wrong.

    `where` is the place as a path of keys: `pv.veto_mode`, `settings.sla_total_workdays`, `indicators.C4`, `tiers`.
    """

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be right, and where (as in `PolicyError`)."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One parameter beside its clause. `reading` (解释口径) is empty where the text itself says it."""

    name: str
    clause: str
    quote: str
    reading: str
    alternative: str
    gap: str

    @property
    def interpretive(self) -> bool:
        """True where the notice is silent or has two meanings, and the bureau may read it otherwise."""
        return bool(self.reading)


@dataclass(frozen=True, slots=True)
class Article:
    """第N条 verbatim; `chapter` is the number of its chapter."""

    number: int
    label: str
    chapter: int
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """`heading` as issued (one is “第2章”), `label` as navigation shows it."""

    number: int
    heading: str
    label: str


@dataclass(frozen=True, slots=True)
class Annex:
    """附件 as issued: the cells or columns of its form in order, and its texts."""

    number: int
    title: str
    head: tuple[str, ...]
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Document:
    """The notice's text around the parameters: head, chapters, articles, list and bodies of the 附件."""

    title: str
    regulation: str
    addressee: str
    opening: str
    preamble: str
    issuer: str
    printer: str
    annex_list: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    articles: tuple[Article, ...]
    annexes: tuple[Annex, ...]

    def article(self, number: int) -> Article:
        """第`number`条; KeyError when the notice has none."""
        for article in self.articles:
            if article.number == number:
                return article
        raise KeyError(number)


@dataclass(frozen=True, slots=True)
class Band:
    """Points for values between two ends; `high` None means without end."""

    low: int
    low_inclusive: bool
    high: int | None
    high_inclusive: bool
    score: int

    def holds(self, numerator: int, denominator: int = 1) -> bool:
        """Whether numerator/denominator lies in the band, compared as whole numbers, never rounded."""
        low = self.low * denominator
        if numerator < low or (numerator == low and not self.low_inclusive):
            return False
        if self.high is None:
            return True
        high = self.high * denominator
        return numerator < high or (numerator == high and self.high_inclusive)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line (指标) of 附件3. `deduct` is taken off for each case; `veto_at` is the “3次以上” of A4."""

    code: str
    rule: str
    category: str
    name: str
    criterion: str
    weight: int
    function: LineFunction
    deduct: int
    veto_at: int
    bands: tuple[Band, ...]
    suggestion: tuple[Band, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class Tier:
    """年度绩效奖励 from `floor` points (含) up to the next tier's (第十二条（二）)."""

    floor: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class MaterialPart:
    """A part of a material that has a slot of its own."""

    code: str
    label: str
    required: bool


@dataclass(frozen=True, slots=True)
class Material:
    """One of the seven materials of 第四条: copies on paper, whether 加盖公章 is asked, what it must show."""

    number: int
    clause: str
    text: str
    name: str
    copies: int
    copy_kind: str
    stamp: bool
    shareable: bool
    per_site: bool
    from_data: str
    parts: tuple[MaterialPart, ...]
    shows: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Operating settings: promises and limits the notice does not fix."""

    district_code: str
    notice_workdays: int
    supplement_workdays: int
    sla_initial_workdays: int
    sla_final_workdays: int
    sla_total_workdays: int
    retention_due_workdays: int
    retention_remind_workdays: int
    assess_due_workdays: int
    self_assessment_workdays: int
    feedback_workdays: int
    assess_remind_workdays: int
    objection_answer_workdays: int
    defence_workdays: int
    handover_workdays: int
    grant_publicity_workdays: int
    grant_approval_steps: tuple[str, ...]
    account_change_days: int
    recovery_due_days: int
    visit_min_per_year: int
    supervision_min_inspectors: int
    liaison_gap_alert_days: int
    reverify_rectify_months: int
    survey_min_workers: int
    survey_min_percent: int
    survey_draw_percent: int
    survey_before_days: int
    survey_open_days: int
    survey_max_days: int
    survey_show_from: int
    complaint_notify_days: int
    complaint_finish_days: int
    paper_required: bool
    renewal_window_days: int
    renewal_grace_months: int
    remedy_text: str
    paper_expiry_days: int
    plan_due_months: int
    assignment_max_days: int
    retention_years_ledger: int
    retention_years_grant: int
    log_months: int
    pii_export_log_years: int
    session_idle_minutes: int
    session_absolute_hours: int
    sessions_max: int
    lockout_failures: int
    lockout_minutes: int
    password_min: int
    password_days: int
    second_factor_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A version of the notice. Every field up to `fair_competition_no` is a parameter with its `Reading`."""

    # 第一条: who counts
    home_province: str
    count_hmt: bool
    established_anchor: EstablishedAnchor
    min_si_months: int
    si_types_any: tuple[str, ...]
    si_places: tuple[str, ...]
    si_same_employer: bool
    si_after_entry_only: bool
    si_late_grace_months: int
    si_prior_warn_months: int
    age_min: int
    minor_below_age: int
    female_track_default: RetirementTrack
    forms_counted: tuple[str, ...]
    redeliver_gap_months: int
    claim_window_months: int
    year_attribution: YearAttribution
    contract_grace_months: int
    # 第三条
    min_delivered: int
    min50_lookback_months: int | None
    min50_same_region: bool
    # 第五、六条
    publicity_establishment: int
    renewal_mode: RenewalMode
    liaison_count: int
    liaison_grace_workdays: int
    ledger_items_scored: tuple[str, ...]
    ledger_medium: LedgerMedium
    retention_months: int
    retention_scope: RetentionScope
    # 第七条 and 附件3
    assessment_mode: AssessmentMode
    assessment_confirmed_by: ConfirmedBy
    pass_score: int
    publicity_workdays_assessment: int
    score_step: Decimal
    veto_mode: VetoMode
    veto_complaints_verified_only: bool
    satisfaction_upper_inclusive: bool
    joint_activity: JointActivity
    tech_min_count: int
    tech_score_min: int
    tech_score_max: int
    tech_min_skill_level: int
    tech_min_title: TitleLevel
    tech_edu_counts: bool
    retention_cohort: RetentionCohort
    zero_delivery_guard: ZeroDeliveryGuard
    # 第八条
    consecutive_fail: int
    ban_months: int
    ban_subject: BanSubject
    ban_anchor: BanAnchor
    # 第十、十一条
    excellent_min_months: int
    excellent_min_score: int
    excellent_min_workers: int
    excellent_tech_ratio: int
    excellent_retention: int
    excellent_lookback: ExcellentLookback
    excellent_interval_years: int
    excellent_first_year: int | None
    reverify_years: int
    reverify_window_days: int
    reverify_fail_action: ReverifyFailAction
    publicity_workdays_excellent: int
    # 第十二、十五条
    setup_amount: Decimal
    setup_once_per: SetupOncePer
    excellent_amount: Decimal
    doc_no: str
    issued: date
    effective_from: date
    effective_to: date
    policy_expiry: PolicyExpiry
    runoff_straddle: RunoffStraddle
    fair_competition_no: str
    # what is not a single value
    id: str
    document: Document
    materials: tuple[Material, ...]
    indicators: tuple[Indicator, ...]
    tiers: tuple[Tier, ...]
    transition: Mapping[str, str]
    readings: Mapping[str, Reading]
    settings: Settings

    def indicator(self, code: str) -> Indicator:
        """The line of 附件3 with this code (A1 … D1); KeyError when there is none."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise KeyError(code)
