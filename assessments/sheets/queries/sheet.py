"""A sheet as its page shows it: thirteen lines with the facts behind each, what was given, by whom and why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.sheets.enums import Outcome, Stage
from assessments.sheets.models import Assessment, LineAnswer, LineEvidence, SelfEvidence, Sheet, SheetLine
from assessments.sheets.queries.evidence import Evidence, evidence
from assessments.sheets.rules.facts import PARTS, SheetFacts
from assessments.sheets.rules.judging import SUGGESTED_STEPS, is_judged
from assessments.sheets.rules.score import (
    PEOPLE,
    Settled,
    Skill,
    VetoReading,
    outcome,
    skill,
    veto,
    veto_readings,
)
from assessments.sheets.rules.words import Judged, judged, notes, words
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.types import Indicator, Policy
from jinhua_labor.rulebook import policy_on

NOTHING = Evidence()
PRESENT_SECONDS = 60
"""Whoever had the sheet open within so many seconds is shown to the others."""


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of 附件3 on the page."""

    indicator: Indicator
    line: SheetLine
    first: bool  # the first of its category
    judged: Judged | None
    choice: Skill | None  # C4: the points that may be given for the skilled
    words: str
    notes: tuple[str, ...]
    behind: Evidence
    evidence: tuple[LineEvidence, ...]
    own: tuple[SelfEvidence, ...]  # what the station said in 自评
    answers: tuple[LineAnswer, ...]
    readings: tuple[VetoReading, ...] = ()  # A4: what each reading of 一票否决 says, where one of them vetoes
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def decided(self) -> list[tuple[str, bool]]:
        """The parts of a line that gives all or nothing as they were judged."""
        return list(zip(PARTS.get(self.code, ()), self.line.parts, strict=False))

    @property
    def overridden(self) -> bool:
        """Whether somebody gave another number than the system's."""
        return self.line.computed is not None and self.line.given is not None and self.line.given != self.line.computed


def lines_of(sheet: Sheet, facts: SheetFacts | None, user: User) -> list[LineView]:
    """The thirteen lines in the order of 附件3; a fixed number of queries whatever stands behind them."""
    policy = policy_on(sheet.assessment.ends_on).policy
    rows = {row.code: row for row in sheet.lines.select_related("given_by").prefetch_related("evidence__attachment")}
    own: dict[str, list[SelfEvidence]] = defaultdict(list)
    for said in sheet.assessment.self_evidence.select_related("attachment"):
        own[said.code].append(said)
    answers: dict[str, list[LineAnswer]] = defaultdict(list)
    for row in sheet.answers.select_related("attachment", "by", "replied_by"):
        answers[row.code].append(row)
    year = sheet.assessment
    behind = evidence(year.station, year.period, facts, user, policy=policy) if facts else {}
    found, category = [], ""
    for indicator in policy.indicators:
        code = indicator.code
        if code not in rows:
            continue
        found.append(
            LineView(
                indicator,
                rows[code],
                indicator.category != category,
                judged(code, facts, policy=policy) if facts and is_judged(code) else None,
                skill(facts, policy=policy) if facts and code == PEOPLE else None,
                _told(rows[code], facts, policy) if facts else "",
                notes(code, facts, policy=policy) if facts else (),
                behind.get(code, NOTHING),
                tuple(rows[code].evidence.all()),
                tuple(own[code]),
                tuple(answers[code]),
                _readings(indicator, facts, user, policy=policy) if facts else (),
            )
        )
        category = indicator.category
    return found


def _readings(indicator: Indicator, facts: SheetFacts, user: User, *, policy: Policy) -> tuple[VetoReading, ...]:
    """The three readings of 一票否决 beside its line (G-05), for the offices and only where they matter."""
    if not indicator.veto_at or user.role == Role.OPERATOR:
        return ()
    found = veto_readings(facts, policy=policy)
    return found if any(one.vetoed for one in found) else ()


def _told(line: SheetLine, facts: SheetFacts, policy: Policy) -> str:
    """The line in words; of a judged one what was given too, which need not be what the file suggests."""
    return words(line.code, facts, policy=policy, points=line.given if is_judged(line.code) else None)


@dataclass(frozen=True, slots=True)
class Tally:
    """The foot of the sheet: what has been given so far, and what it brings once every line is given."""

    total: Decimal
    given: int
    lines: int
    settled: Settled | None
    veto: str
    lines_version: int

    @property
    def complete(self) -> bool:
        return self.given == self.lines

    @property
    def outcome(self) -> str:
        return Outcome(self.settled.outcome).label if self.settled else ""


def tally(views: list[LineView], facts: SheetFacts | None, *, policy: Policy) -> Tally:
    given = {view.code: view.line.given for view in views if view.line.given is not None}
    complete = len(given) == len(policy.indicators)
    return Tally(
        total=sum(given.values(), Decimal(0)),
        given=len(given),
        lines=len(policy.indicators),
        settled=outcome(given, facts, policy=policy) if facts and complete else None,
        veto=veto(facts, policy=policy) if facts else "",
        lines_version=sum(view.line.version for view in views),
    )


def others_on(sheet: Sheet, user: User) -> list[str]:
    """Names of the other people who have the sheet open now."""
    since = timezone.now() - dt.timedelta(seconds=PRESENT_SECONDS)
    rows = sheet.presences.filter(seen_at__gte=since).exclude(user=user).select_related("user")
    return [row.user.name for row in rows]


def suggested_steps(indicator: Indicator) -> dict[int, str]:
    """D1: the suggested points with what each stands for (G-26)."""
    return {band.score: text for band, text in zip(indicator.suggestion, SUGGESTED_STEPS, strict=False)}


# --- How far it has come ----------------------------------------------------------------------------------------------

STEPS = (
    ("自评", Stage.OPEN),
    ("评分", Stage.SCORING),
    ("复核", Stage.CHECKING),
    ("站点反馈", Stage.FEEDBACK),
    ("确认", Stage.CONFIRMING),
    ("公示", Stage.CONFIRMED),
    ("结果确定", Stage.FINAL),
)


def steps(assessment: Assessment, user: User) -> list[tuple[str, str, str]]:
    """For `<c-steps>`; the station does not read at which step inside the centre its sheet stands."""
    order = [stage for _, stage in STEPS]
    at = order.index(Stage(assessment.stage)) if assessment.stage in order else -1
    if user.role == Role.OPERATOR and assessment.stage == Stage.CHECKING:
        at = order.index(Stage.SCORING)
    if assessment.stage == Stage.FINAL:
        at = len(order)
    return [(label, "done" if n < at else "current" if n == at else "", "") for n, (label, _) in enumerate(STEPS)]


def events(assessment: Assessment, user: User) -> list[dict[str, Any]]:
    """沿革 of the year, the earliest first; the station reads what was told to it."""
    office = user.role != Role.OPERATOR
    found: list[dict[str, Any]] = [{"title": "评估启动，名册冻结", "at": assessment.created_at, "by": "", "text": ""}]
    if assessment.self_submitted_at:
        by = assessment.self_submitted_by.name if assessment.self_submitted_by else ""
        found.append({"title": "站点提交自评", "at": assessment.self_submitted_at, "by": by, "text": ""})
    rows = assessment.sheets.select_related("review", "checked_by", "agreed_by", "opened_by", "notice")
    for sheet in rows.prefetch_related("review__events__by").order_by("round"):
        if sheet.round > 1:
            found.append(
                {
                    "title": sheet.get_cause_display(),
                    "at": sheet.opened_at,
                    "by": "",
                    "text": sheet.reason if office else "",
                }
            )
        if office and sheet.review:
            titles = TITLES | {"APPROVE": f"{sheet.review.get_decider_display()}确认"}
            found += [
                {"title": titles.get(event.action, event.get_action_display()), "at": event.at, "by": event.by.name,
                 "text": event.comment}
                for event in sheet.review.events.all()
            ]  # fmt: skip
        if sheet.checked_at and (office or assessment.stage not in {Stage.SCORING, Stage.CHECKING}):
            by = sheet.checked_by.name if office and sheet.checked_by else ""
            found.append({"title": "评分草稿送站点反馈", "at": sheet.checked_at, "by": by, "text": ""})
        if sheet.agreed_at:
            by = sheet.agreed_by.name if sheet.agreed_by else ""
            found.append({"title": "站点表示没有其他意见", "at": sheet.agreed_at, "by": by, "text": ""})
        decided = f"{sheet.review.get_decider_display()}确认" if sheet.review else "确认"
        if sheet.confirmed_at and not office:
            found.append({"title": decided, "at": sheet.confirmed_at, "by": "", "text": ""})
        if sheet.notice and sheet.notice.released_at and sheet.notice.ends_on:
            title = f"结果公示，至{date_cn(sheet.notice.ends_on)}止"
            found.append({"title": title, "at": sheet.notice.released_at, "by": "", "text": ""})
    return sorted(found, key=lambda row: row["at"])


TITLES = {"SUBMIT": "评分完成，送复核", "RETURN": "退回评分", "SCREEN": "报送确认", "SEND_BACK": "退回复核人"}
"""What the steps of the review are called on an assessment."""
