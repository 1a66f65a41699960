"""续期 (附件1 经营期限; R-19, G-31): who may ask when, what stands in the way, which term follows: pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import ONE_DAY, add_months
from jinhua_labor.policy.switches import RenewalMode
from jinhua_labor.policy.types import Policy, Settings
from stations.registry.enums import StationState
from stations.registry.rules import Bar, bar_in_force, may_renew


@dataclass(frozen=True, slots=True)
class RenewalFacts:
    """What is known of a station whose term is to be renewed.

    `asked_to` None: nothing is asked yet; `asked_on` the day of the first submission, which decides whether it came in
    time. `lapsed` are the papers of 第三条 that have run out or are missing.
    """

    state: StationState
    term_to: date
    asked_to: date | None = None
    asked_on: date | None = None
    same_unit: bool = True
    barred_until: date | None = None
    other_station_in_area: bool = False
    lapsed: tuple[str, ...] = ()
    agreement_refused: bool = False
    agreement_to: date | None = None


@dataclass(frozen=True, slots=True)
class RenewalProblem:
    """What stands in the way, the clause it comes from, and the field that mends it."""

    message: str
    clause: str
    field: str = ""


def window(term_to: date, *, settings: Settings) -> tuple[date, date]:
    """First and last day on which a renewal may be asked for."""
    opens = term_to - timedelta(days=settings.renewal_window_days)
    return opens, add_months(term_to, settings.renewal_grace_months)


def renewal_problems(facts: RenewalFacts, *, on: date, policy: Policy) -> tuple[RenewalProblem, ...]:
    """Everything that keeps the term from being renewed on that day; the 50 delivered persons are not asked again."""
    settings = policy.settings
    term, found = "附件1“经营期限”", []
    if policy.renewal_mode is RenewalMode.FULL:
        found.append(RenewalProblem("续期按新设办理，请在期限届满后提交设立申请。", term))
    if facts.state in (StationState.REVOKED, StationState.REVOKING):
        found.append(RenewalProblem(f"工作站{facts.state.label}，不能续期。", "第八条"))
    if facts.barred_until and (bar := bar_in_force((Bar(facts.barred_until),), on)):
        found.append(RenewalProblem(f"承建单位被取消资格未满2年，{date_cn(bar.until)}（含）前不能续期。", "第八条"))
    if not facts.same_unit:
        found.append(RenewalProblem("提交之后承建单位已变更，须由现在的承建单位重新申请。", "第六条（三）"))
    if facts.other_station_in_area:
        found.append(RenewalProblem("承建单位在此协作地区已另有工作站。", "第四条"))
    asked_on = facts.asked_on or on
    if not may_renew(facts.term_to, asked_on, settings=settings):
        opens, closes = window(facts.term_to, settings=settings)
        early = asked_on < opens
        words = (
            f"{date_cn(opens)}起可以申请续期。" if early else f"续期须在{date_cn(closes)}（含）前申请，请重新申请设立。"
        )
        found.append(RenewalProblem(words, term))
    if facts.asked_to is not None and facts.asked_to <= max(facts.term_to, on):
        found.append(RenewalProblem("新的经营期限须晚于原经营期限，也须晚于今天。", term, "term_to"))
    found += [RenewalProblem(f"{text}，请先在站点档案中更新。", "第三条") for text in facts.lapsed]
    if facts.agreement_refused:
        found.append(RenewalProblem("劳务协作协议核对不符合要求。", "第三条（三）", "files"))
    return tuple(found)


def agreement_note(facts: RenewalFacts) -> str:
    """What the reviewers should know of an agreement that ends before the new term; it stands in nobody's way."""
    if facts.agreement_to is None or facts.asked_to is None or facts.agreement_to >= facts.asked_to:
        return ""
    return f"劳务协作协议至{date_cn(facts.agreement_to)}止，早于申请的经营期限，到期前须续签。"


def new_term_from(term_to: date, issued_on: date) -> date:
    """The first day of the new term: the day after the old one, or the document's where that is over (no gap is
    papered over)."""
    return max(term_to + ONE_DAY, issued_on)
