"""优秀站点 (第四章; R-36 … R-42): when a round may open, the four criteria year by year, who may stand, 复核."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.figures import plain
from jinhua_labor.policy.periods import MONTHS_PER_YEAR, add_months
from jinhua_labor.policy.switches import ExcellentLookback, ReverifyFailAction
from jinhua_labor.policy.types import Policy

from .enums import Criterion

TWO_YEARS = 2
"""第十条（一） asks for more than one year of results, 第十一条 looks at the two latest ones."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year that became FINAL: its frozen numbers, and whether the ledger was looked at on site. `ledger_gaps` names
    the items of L1 … L7 short of 100 %; `reopened`: the bureau is correcting the result, the numbers do not hold."""

    number: int
    total: Decimal
    passed: bool
    counted: int
    skilled: int
    matured: int
    retained: int
    ledger_seen: bool = False
    ledger_gaps: tuple[str, ...] = ()
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One criterion in one year: met, failed, or None while it cannot be said; the figures in words."""

    met: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion over the years in scope, and what it says beyond them (time since 设立, number of results)."""

    criterion: Criterion
    cells: tuple[Cell, ...]
    beyond: tuple[Cell, ...] = ()

    @property
    def met(self) -> bool | None:
        every = [cell.met for cell in (*self.cells, *self.beyond)]
        return False if False in every else None if None in every or not every else True


@dataclass(frozen=True, slots=True)
class Matrix:
    """The four criteria × the years in scope."""

    years: tuple[int, ...]
    rows: tuple[Row, ...]

    @property
    def table(self) -> tuple[tuple[Row, tuple[tuple[int, Cell], ...]], ...]:
        """Each criterion with its cells, each beside its year."""
        return tuple((row, tuple(zip(self.years, row.cells, strict=True))) for row in self.rows)

    @property
    def met(self) -> bool | None:
        """True: qualified; None: nothing fails, something is still open (`waiting`); False: not qualified."""
        every = [row.met for row in self.rows]
        return False if False in every else None if None in every else True

    @property
    def failures(self) -> tuple[str, ...]:
        """「（二）第2年度：输送299人，少于300人」, in the order of the clauses."""
        return self._said(False)

    @property
    def waiting(self) -> tuple[str, ...]:
        """「（四）第2年度：台账尚未实地核对」: what cannot be said yet, in the order of the clauses."""
        return self._said(None)

    def _said(self, met: bool | None) -> tuple[str, ...]:
        return tuple(
            f"{row.criterion.label[:3]}{f'第{year}年度：' if year else ''}{cell.words}"
            for row in self.rows
            for year, cell in (*zip(self.years, row.cells, strict=True), *((0, cell) for cell in row.beyond))
            if cell.met is met
        )


def scope(years: Iterable[YearFigures], *, policy: Policy, latest: bool = False) -> tuple[YearFigures, ...]:
    """The years that are looked at: all FINAL ones, or the two latest (`excellent_lookback`; always for 复核)."""
    ordered = sorted(years, key=lambda year: year.number)
    if latest or policy.excellent_lookback is ExcellentLookback.LAST_2:
        ordered = ordered[-TWO_YEARS:]
    return tuple(ordered)


def matrix(
    years: Iterable[YearFigures], *, established_on: date, cutoff: date, policy: Policy, latest: bool = False
) -> Matrix:
    """The four criteria of 第十条 over the years in scope (R-37 … R-40).

    The day on which two years are full qualifies; 80 points, 300 people, 10 % and 60 % themselves qualify, compared as
    whole numbers.
    """
    found = list(years)
    seen = scope(found, policy=policy, latest=latest)
    since = add_months(established_on, policy.excellent_min_months)
    long_enough = Cell(cutoff >= since, f"设立满{policy.excellent_min_months}个月之日为{date_cn(since)}")
    enough = Cell(len(found) >= TWO_YEARS, f"已确定的年度评估结果{len(found)}个")
    return Matrix(
        tuple(year.number for year in seen),
        (
            Row(Criterion.SCORE, _cells(seen, policy, _score), (long_enough, enough)),
            Row(Criterion.WORKERS, _cells(seen, policy, _workers)),
            Row(Criterion.RETENTION, _cells(seen, policy, _retention)),
            Row(Criterion.LEDGER, tuple(_ledger(year) for year in seen)),
        ),
    )


def _cells(
    years: Iterable[YearFigures], policy: Policy, judge: Callable[[YearFigures, Policy], Cell]
) -> tuple[Cell, ...]:
    """One criterion year by year; the old numbers of a result under correction speak neither for nor against it."""
    return tuple(Cell(None, "结果正在更正") if year.reopened else judge(year, policy) for year in years)


def _score(year: YearFigures, policy: Policy) -> Cell:
    if not year.passed:
        return Cell(False, f"{plain(year.total)}分，不合格")
    met = year.total >= policy.excellent_min_score
    return Cell(met, f"{plain(year.total)}分" + ("" if met else f"，低于{policy.excellent_min_score}分"))


def _workers(year: YearFigures, policy: Policy) -> Cell:
    enough = year.counted >= policy.excellent_min_workers
    skilled = 100 * year.skilled >= policy.excellent_tech_ratio * year.counted
    words = f"输送{year.counted}人，其中技术技能人才{year.skilled}人"
    if not enough:
        words += f"，输送少于{policy.excellent_min_workers}人"
    if not skilled:
        words += f"，技术技能人才低于{policy.excellent_tech_ratio}%"
    return Cell(enough and skilled, words)


def _retention(year: YearFigures, policy: Policy) -> Cell:
    if year.matured == 0:
        return Cell(False, "没有满六个月的人员")
    met = 100 * year.retained >= policy.excellent_retention * year.matured
    words = f"留用{year.retained}/{year.matured}"
    return Cell(met, words if met else f"{words}，低于{policy.excellent_retention}%")


def _ledger(year: YearFigures) -> Cell:
    if not year.ledger_seen:
        return Cell(None, "台账尚未实地核对")
    if year.ledger_gaps:
        return Cell(False, f"台账不完备：{'、'.join(year.ledger_gaps)}")
    return Cell(True, "台账完备")


# --- Rounds and candidates (R-41, R-42) -------------------------------------------------------------------------------


def round_problem(year: int, earlier: Sequence[int], *, policy: Policy) -> str:
    """Why no round may open in this year; empty when one may: every two years, the first as set (第十一条)."""
    if earlier:
        last = max(earlier)
        if year < last + policy.excellent_interval_years:
            return (
                f"优秀站点评选每{policy.excellent_interval_years}年开展一次，上一轮为{last}年，"
                f"{last + policy.excellent_interval_years}年才能再次启动。"
            )
    elif policy.excellent_first_year is not None and year < policy.excellent_first_year:
        return f"首轮评选定于{policy.excellent_first_year}年。"
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether a station may stand at all."""

    active: bool
    revoking: bool
    titled: bool


def standing_problem(standing: Standing) -> str:
    """Why a station may not stand; empty when it may. 已认定的不重复评选 (第十一条)."""
    if standing.titled:
        return "该工作站已是优秀站点，不重复评选，按期复核。"
    if standing.revoking:
        return "该工作站正在取消资格程序中，不能参加评选。"
    if not standing.active:
        return "该工作站不在运行中，不能参加评选。"
    return ""


# --- 复核 (R-42) ------------------------------------------------------------------------------------------------------


class Due(StrEnum):
    EARLY = "未到复核期"
    OPEN = "复核期内"
    LATE = "已过复核期"


def reverify_due(recognised_on: date, number: int, *, policy: Policy) -> date:
    """The day of the `number`-th 复核 (1 …), computed from the day of recognition, never from an earlier 复核."""
    return add_months(recognised_on, MONTHS_PER_YEAR * policy.reverify_years * number)


def reverify_window(due_on: date, *, on: date, policy: Policy) -> Due:
    """Whether the 复核 of that day may be done now: within `reverify_window_days` before and after it."""
    window = timedelta(days=policy.reverify_window_days)
    if on < due_on - window:
        return Due.EARLY
    return Due.OPEN if on <= due_on + window else Due.LATE


def rectifies_first(*, again: bool, policy: Policy) -> bool:
    """Whether a failed 复核 gives time to put things right before the title is withdrawn (G-32): never `again`."""
    return policy.reverify_fail_action is ReverifyFailAction.RECTIFY_ONCE and not again


def rectify_problem(until: date, *, on: date, policy: Policy) -> str:
    """Why this day cannot be the last one of 限期整改; empty when it can."""
    months = policy.settings.reverify_rectify_months
    last = add_months(on, months)
    if until <= on:
        return "整改期限须在今天之后。"
    if until > last:
        return f"整改期限最长{months}个月，不能晚于{date_cn(last)}。"
    return ""


def waits(until: date | None, *, met: bool | None, on: date) -> bool:
    """Whether a 复核 after 限期整改 still waits: up to its last day only what meets the criteria may be handed in."""
    return until is not None and on <= until and met is not True
