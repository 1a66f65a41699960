"""Which version of the notice holds on a day, and how sure that is (第十五条).

Reads the files only. Extensions, readings and successors that the bureau records are laid over them here once
they can be recorded; nothing that asks `policy_on` has to change then.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinhua_labor.policy.load import versions
from jinhua_labor.policy.switches import PolicyExpiry, RunoffStraddle
from jinhua_labor.policy.types import Policy


class Certainty(StrEnum):
    """CONFIRMED: the day lies within 试行期 or a recorded extension. UNCONFIRMED: 延期待确认."""

    CONFIRMED = "CONFIRMED"
    UNCONFIRMED = "UNCONFIRMED"


class NoPolicy(LookupError):  # noqa: N818 -- an answer of the domain, not a fault
    """No version holds on that day; the message says from when there is one."""


@dataclass(frozen=True, slots=True)
class PolicyOn:
    """The version for a day. The day is the matter's own: acceptance of an application, last day of a period,
    revocation decision, cutoff of a selection, trigger of a grant."""

    policy: Policy
    certainty: Certainty
    on: date

    @property
    def confirmed(self) -> bool:
        """False after the paper end of the version, when no document covers the day."""
        return self.certainty is Certainty.CONFIRMED

    @property
    def refuses_intake(self) -> bool:
        """Whether new applications, selections and 复核 are refused (only under BLOCK; what was accepted finishes)."""
        return not self.confirmed and self.policy.policy_expiry is PolicyExpiry.BLOCK

    @property
    def money_waits(self) -> bool:
        """Whether a grant triggered on the day waits for a document that covers it."""
        return not self.confirmed and self.policy.runoff_straddle is RunoffStraddle.DECISION

    @property
    def notice(self) -> str:
        """What officials and files are told about the version; empty when there is nothing to tell."""
        if self.confirmed:
            return ""
        end = self.policy.effective_to
        until = f"{self.policy.doc_no}试行期已于{end.year}年{end.month}月{end.day}日届满，尚无文件明确延期"
        if self.refuses_intake:
            return f"{until}，暂停受理新的申请、评选和复核。"
        return f"{until}，按原办法继续办理，标注“延期待确认”。"


def policy_on(day: date) -> PolicyOn:
    """The version that holds on `day`, the last one when its time has run out. NoPolicy before the first."""
    holding = None
    for policy in versions():
        if policy.effective_from <= day:
            holding = policy
    if holding is None:
        first = versions()[0].effective_from
        raise NoPolicy(f"本办法自{first.year}年{first.month}月{first.day}日起实施，此前没有适用的文件")
    certainty = Certainty.CONFIRMED if day <= holding.effective_to else Certainty.UNCONFIRMED
    return PolicyOn(holding, certainty, day)
