"""投诉与安全责任事故 (附件3 A4; R-54, R-64): deadlines, what counts, what it leads to. Pure functions."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.scoring import SafetyFact, line_score, veto
from jinhua_labor.policy.switches import LineFunction
from jinhua_labor.policy.types import Policy, Settings
from stations.oversight.enums import COUNTING_VERDICTS, ComplaintState

REMIND_DAYS = 3
"""How many days before a deadline who owes the step is reminded: the office's own habit, no rule."""


def tell_by(received_on: date, *, settings: Settings) -> date:
    """Last day to tell the person how the complaint is handled; calendar days, the day itself included."""
    return received_on + timedelta(days=settings.complaint_notify_days)


def finish_by(received_on: date, *, settings: Settings) -> date:
    """Last day to finish the complaint."""
    return received_on + timedelta(days=settings.complaint_finish_days)


@dataclass(frozen=True, slots=True)
class ComplaintFact:
    """Both deadlines of a complaint and what has been done."""

    tell_by: date
    finish_by: date
    told_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The step that is owed next, its last day, and by how many days it is late."""

    step: str
    by: date
    late: int = 0

    @property
    def text(self) -> str:
        return f"逾期{self.late}天未{self.step}" if self.late else f"须于{date_cn(self.by)}前{self.step}"


def due(fact: ComplaintFact, *, on: date) -> Due | None:
    """What is owed on the day: 告知 first, then 办结; None once closed."""
    if fact.closed_on is not None:
        return None
    step, by = ("办结", fact.finish_by) if fact.told_on else ("告知", fact.tell_by)
    return Due(step, by, max(0, (on - by).days))


def lateness(fact: ComplaintFact) -> tuple[str, ...]:
    """What was done after its last day, and by how many days; for the record."""
    done = (("告知", fact.tell_by, fact.told_on), ("办结", fact.finish_by, fact.closed_on))
    return tuple(f"{step}超期{(day - by).days}天" for step, by, day in done if day is not None and day > by)


def reminds(fact: ComplaintFact, *, on: date) -> bool:
    """Whether the deadline of the step owed is near enough to remind, or past."""
    owed = due(fact, on=on)
    return owed is not None and on >= owed.by - timedelta(days=REMIND_DAYS)


def counts(verdict: str) -> bool:
    """Whether a complaint is 经核实: 部分属实 counts as 是."""
    return verdict in COUNTING_VERDICTS


EARLIER: dict[ComplaintState, tuple[ComplaintState, ...]] = {
    ComplaintState.TOLD: (ComplaintState.REGISTERED,),
    ComplaintState.VERIFIED: (ComplaintState.TOLD, ComplaintState.VERIFIED),
    ComplaintState.CLOSED: (ComplaintState.VERIFIED,),
}
"""From where a step may be made; what was verified may be verified anew until it is closed."""


def may_become(state: ComplaintState, target: ComplaintState) -> bool:
    return state in EARLIER.get(target, ())


@dataclass(frozen=True, slots=True)
class Consequence:
    """What accidents and complaints of a year lead to before anyone scores: points of A4, the veto, in words."""

    fact: SafetyFact
    points: Decimal
    vetoed: bool
    left: int | None
    """How many more verified complaints lead to the veto; None once it is there."""
    text: str


def consequence(fact: SafetyFact, *, policy: Policy) -> Consequence:
    """The consequence in words; the reading of the veto is the policy's."""
    line = next(one for one in policy.indicators if one.function is LineFunction.SAFETY)
    points, vetoed = line_score(line.code, fact, policy=policy).points, veto(fact, policy=policy)
    said = []
    if fact.accidents:
        said.append(f"负有责任的安全责任事故 {fact.accidents} 起")
    if fact.verified or not fact.accidents:
        said.append(f"已核实投诉 {fact.verified} 起" if fact.verified else "没有经核实的投诉")
    words = f"本年度{'、'.join(said)}"
    if vetoed:
        return Consequence(fact, points, True, None, f"{words}，一票否决，本年度不合格。")
    left = _until_veto(fact, policy)
    lost = line.weight - points
    cost = f"，扣 {lost:f} 分" if lost else ""
    more = f"再核实 {left} 起" if fact.verified or fact.accidents else f"核实 {left} 起"
    return Consequence(fact, points, False, left, f"{words}{cost}；{more}即一票否决，本年度不合格。")


def if_verified(fact: SafetyFact, *, policy: Policy) -> Consequence:
    """The consequence if one more complaint is verified."""
    return consequence(
        SafetyFact(fact.accidents, fact.verified + 1, max(fact.received, fact.verified + 1)), policy=policy
    )


def _until_veto(fact: SafetyFact, policy: Policy) -> int:
    more = 1
    while not veto(
        SafetyFact(fact.accidents, fact.verified + more, max(fact.received, fact.verified + more)), policy=policy
    ):
        more += 1
    return more
