"""满意度调查 (附件3 C1, C2; R-58, R-59, G-25): the sample, what is valid, who is satisfied, what may be shown. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from assessments.surveys.enums import SATISFIED, Kind, Satisfaction
from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import SurveyFact
from jinhua_labor.policy.types import Settings

T = TypeVar("T")
PERCENT = 100

# --- The sample -------------------------------------------------------------------------------------------------------


def required(kind: Kind, population: int, *, settings: Settings) -> int:
    """How many valid answers there should be. Workers: `survey_min_workers` or `survey_min_percent` of all, whichever
    is more (a part of a person is a whole one), all where there are fewer. Employers: every one that was served."""
    if kind == Kind.EMPLOYERS:
        return population
    share = -(-population * settings.survey_min_percent // PERCENT)
    return min(population, max(settings.survey_min_workers, share))


def cards(kind: Kind, population: int, *, settings: Settings) -> int:
    """How many are drawn: more than have to answer, because some never do; never more than there are."""
    needed = required(kind, population, settings=settings)
    return min(population, -(-needed * settings.survey_draw_percent // PERCENT))


def draw(people: Sequence[T], count: int, *, chance: Random) -> list[T]:
    """`count` of these at random, each with the same chance; all of them where there are no more."""
    return chance.sample(people, min(count, len(people)))


# --- When -------------------------------------------------------------------------------------------------------------


def opening_problem(period: Period, *, on: date, settings: Settings) -> str:
    """Why the survey of a year cannot be opened on the day, in words; empty when it can."""
    earliest = period.end - timedelta(days=settings.survey_before_days)
    if on < earliest:
        return f"该年度{date_cn(period.end)}结束，{date_cn(earliest)}起才能开展调查。"
    return ""


def closing_range(opens_on: date, *, settings: Settings) -> tuple[date, date]:
    """The first and the last day on which a survey opened that day may close."""
    return opens_on + timedelta(days=settings.survey_open_days), opens_on + timedelta(days=settings.survey_max_days)


def closing_problem(opens_on: date, closes_on: date, *, settings: Settings) -> str:
    """What is wrong with the closing day, in words; empty when nothing is."""
    first, last = closing_range(opens_on, settings=settings)
    if first <= closes_on <= last:
        return ""
    return f"截止日期应在{date_cn(first)}至{date_cn(last)}之间。"


# --- Answers ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as the tally reads it: the question that is scored, and the day."""

    satisfaction: str
    answered_on: date


@dataclass(frozen=True, slots=True)
class Tally:
    """Valid answers, and those among them that are satisfied."""

    valid: int
    satisfied: int


def is_valid(answer: Answer, *, opens_on: date, closes_on: date) -> bool:
    """Whether the answer counts: one of the five steps, given while the survey was open, both days included."""
    return answer.satisfaction in Satisfaction.values and opens_on <= answer.answered_on <= closes_on


def standing(given: Iterable[tuple[Hashable | None, Answer]], *, opens_on: date, closes_on: date) -> list[Answer]:
    """Of answers in the order they came, those that stand: of one employer the last valid one, of workers, who are
    nobody (None) and answer once, every valid one (R-59)."""
    last: dict[Hashable, Answer] = {}
    nobodys = []
    for sender, answer in given:
        if not is_valid(answer, opens_on=opens_on, closes_on=closes_on):
            continue
        if sender is None:
            nobodys.append(answer)
        else:
            last[sender] = answer
    return [*nobodys, *last.values()]


def tally(answers: Iterable[Answer], *, opens_on: date, closes_on: date) -> Tally:
    """满意 and 很满意 among the valid answers."""
    valid = [one for one in answers if is_valid(one, opens_on=opens_on, closes_on=closes_on)]
    return Tally(len(valid), sum(one.satisfaction in SATISFIED for one in valid))


def fact(found: Tally | None, needed: int) -> SurveyFact:
    """The fact C1 or C2 is scored by; a survey that is not closed, or never was, has found nothing yet."""
    return SurveyFact(found.satisfied, found.valid, needed) if found else SurveyFact(0, 0, needed)


# --- In words ---------------------------------------------------------------------------------------------------------


def percent(part: int, whole: int) -> str:
    """「68.3%」, cut to one decimal place half up; 「—」 of nothing."""
    if whole == 0:
        return "—"
    tenths = (2 * part * 1000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def rate_words(drawn: int, answered: int) -> str:
    """「发出 60 份，收回 41 份，回收率 68.3%」."""
    return f"发出 {drawn} 份，收回 {answered} 份，回收率 {percent(answered, drawn)}"


def sample_words(valid: int, needed: int) -> str:
    """Whether there are enough answers, in words (样本不足 is computed all the same, and said)."""
    if valid >= needed:
        return f"有效答卷 {valid} 份，达到要求的 {needed} 份"
    return f"有效答卷 {valid} 份，样本不足：应有 {needed} 份，少 {needed - valid} 份"


# --- What may be shown ------------------------------------------------------------------------------------------------


def may_show(answered: int, *, settings: Settings) -> bool:
    """Whether answers are many enough that a share of them tells of nobody."""
    return answered >= settings.survey_show_from


@dataclass(frozen=True, slots=True)
class Share:
    """One possible answer and how many gave it."""

    label: str
    count: int
    share: str


def shares(counts: Mapping[str, int], choices: Sequence[tuple[str, str]]) -> list[Share]:
    """The distribution over the choices, in their order; what nobody chose is 0, not left out."""
    found = Counter(counts)
    total = sum(found[value] for value, _ in choices)
    return [Share(label, found[value], percent(found[value], total)) for value, label in choices]
