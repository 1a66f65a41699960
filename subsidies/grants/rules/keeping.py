"""What is left after other benefits, what keeps a grant, and the steps of 审批 (R-33, R-46 … R-48)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.types import Policy, Settings

from .owed import NOTHING, Wait


@dataclass(frozen=True, slots=True)
class Amounts:
    other: Decimal
    payable: Decimal


def amounts(base: Decimal, same_matter: Iterable[Decimal]) -> Amounts:
    """What is left after what the unit had for the same matter; never below zero."""
    other = sum(same_matter, NOTHING)
    return Amounts(other, max(NOTHING, base - other))


def same_matter_problem(issued_on: date, *, policy: Policy) -> str:
    """Why a benefit cannot be the same matter: 第十四条 speaks of 此前 policies only; empty when it may be."""
    if issued_on >= policy.issued:
        since = date_cn(policy.issued)
        return f"第十四条只涉及此前的政策，该政策发文于{date_cn(issued_on)}，不早于{since}，不能认定为同一事项。"
    return ""


class Hold(StrEnum):
    """暂停, read and never stored."""

    REVOKING = "工作站正在取消资格程序中，暂停办理"
    REOPENED = "评估结果正在更正，暂停办理"
    GONE = "工作站资格已取消，这项补贴不再拨付"
    CHANGED = "评估结果更正后金额有变，须重新核定"


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant as the world stands: open procedures other than the unit's own wish, its trigger, what it would be."""

    revoking: bool = False
    reopened: bool = False
    survives: bool = True
    changed: bool = False
    waits: tuple[Wait, ...] = ()
    decided_pay: bool | None = None
    since: date | None = None  # when what holds it began, where that is known

    @property
    def holds(self) -> tuple[Hold, ...]:
        every = (
            (Hold.GONE, not self.survives),
            (Hold.REVOKING, self.revoking),
            (Hold.REOPENED, self.reopened),
            (Hold.CHANGED, self.changed and not self.reopened),
        )
        return tuple(hold for hold, holds in every if holds)

    @property
    def undecided(self) -> tuple[Wait, ...]:
        """What still waits for the bureau: an extension clears EXPIRY by itself, AGAIN needs a decision with a file."""
        return tuple(wait for wait in self.waits if not (wait is Wait.AGAIN and self.decided_pay is not None))

    @property
    def problems(self) -> tuple[str, ...]:
        """Why no step towards the money may be taken now, in words; empty when one may."""
        return tuple(hold.value for hold in self.holds) + self._waiting

    @property
    def _waiting(self) -> tuple[str, ...]:
        return tuple(f"待局决定：{wait.value}" for wait in self.undecided)

    def problems_on(self, day: date) -> tuple[str, ...]:
        """Why money may not have left on this day: what left before the hold began was rightly paid."""
        return self._waiting if self.since is not None and day < self.since else self.problems


FREE = Standing()
"""Nothing keeps it."""
HELD_WORDS = "还没有付出的，请移出批次；确已付出的，在这一笔的页面写明情况后登记。"
"""What to do with a grant in a batch that something came to hold."""


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One step of 按规定程序审批: its number from 1, who takes it, what it is called."""

    number: int
    role: str
    label: str


def approval_steps(settings: Settings) -> tuple[ApprovalStep, ...]:
    """The steps as configured (`grant_approval_steps`), in order."""
    found = []
    for number, text in enumerate(settings.grant_approval_steps, start=1):
        role, _, label = text.partition(" ")
        found.append(ApprovalStep(number, role, label.strip() or "审批"))
    return tuple(found)


def next_step(steps: Sequence[ApprovalStep], taken: Collection[int]) -> ApprovalStep | None:
    """The first step nobody has taken; None when all are."""
    return next((step for step in steps if step.number not in taken), None)
