"""Which version of a station's paper holds on a day, what 附件3 A1, A2, B1 make of it, and what runs out.

第三条（二）（三）, 第八条（二）; R-32, R-51, R-52, R-55. Pure functions.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import ONE_DAY, Period, add_months
from jinhua_labor.policy.scoring import PartsFact
from jinhua_labor.policy.types import Settings

from .enums import PaperKind, Side


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a paper; `accepted` is what the centre found (None: 待核), `thread` whose version it is."""

    kind: PaperKind
    version: int
    valid_from: date
    valid_to: date | None = None
    filed_on: date = date.min
    accepted: bool | None = None
    thread: str = ""  # tells one 工作地点 from another
    period: int | None = None
    side: str = ""
    furnished: bool = False  # 配备必要办公设施
    title: str = ""

    def covers(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Holding(StrEnum):
    """How a paper stands on a day, the worst first."""

    ABSENT = "未登记"
    REFUSED = "核对不符合"
    LAPSED = "已过期"
    UNCHECKED = "待核"
    MET = "已核"

    @property
    def in_force(self) -> bool:
        """Whether there is a paper on that day that the centre has not refused."""
        return self in (Holding.UNCHECKED, Holding.MET)


def holder(versions: Iterable[Paper], on: date) -> Paper | None:
    """The version that speaks for the day: the latest of those begun by then that the centre has not refused.

    It may have run out: a lease given up is a version that ends earlier, and the older one does not come back.
    """
    begun = [paper for paper in versions if paper.valid_from <= on and paper.accepted is not False]
    return max(begun, key=lambda paper: paper.version, default=None)


def standing_of(versions: Collection[Paper], on: date) -> Holding:
    """How the paper of these versions stands on the day."""
    speaks = holder(versions, on)
    if speaks is None:
        refused = any(paper.accepted is False for paper in versions)
        return Holding.REFUSED if refused else Holding.ABSENT
    if not speaks.covers(on):
        return Holding.LAPSED
    return Holding.MET if speaks.accepted else Holding.UNCHECKED


def in_force_until(versions: Collection[Paper], on: date) -> date | None:
    """The last day of the unbroken time in force that contains `on`; None when it has no end. A version that follows
    without a gap carries it on."""
    turns = {paper.valid_from for paper in versions} | {
        paper.valid_to + ONE_DAY for paper in versions if paper.valid_to is not None
    }
    for turn in sorted(day for day in turns if day > on):
        if not standing_of(versions, turn).in_force:
            return turn - ONE_DAY
    return None


@dataclass(frozen=True, slots=True)
class StationFile:
    """The papers of a station on a day, as 附件3 A1 (R-51), A2 (R-52) and B1 (R-55) ask for them."""

    rules: Holding
    agreement: Holding
    inside: Holding
    outside: Holding
    furnished: bool
    plan: Holding
    plan_filed_on: date | None
    plan_due_on: date

    def system(self, *, provisional: bool) -> PartsFact:
        """A1: 制度 and 协议. `provisional` takes what the centre has not looked at yet as right (the live meter)."""
        return PartsFact((_will_do(self.rules, provisional), _will_do(self.agreement, provisional)))

    def offices(self, *, provisional: bool) -> PartsFact:
        """A2: 区内, 省外, 办公设施."""
        inside, outside = _will_do(self.inside, provisional), _will_do(self.outside, provisional)
        return PartsFact((inside, outside, self.furnished))

    def work_plan(self, *, provisional: bool) -> PartsFact:
        """B1: a plan for this year, filed in time."""
        return PartsFact((_will_do(self.plan, provisional),))


def station_file(papers: Iterable[Paper], *, on: date, period: Period, settings: Settings) -> StationFile:
    """What the file shows on the day. 制度 and 务工人员管理办法: at least one, and none that has lapsed or was refused;
    a side (区内、省外) stands by its best site; the plan of `period` counts when filed by the end of its first months
    (`plan_due_months`)."""
    threads = by_thread(papers)

    def standings(*kinds: PaperKind) -> list[Holding]:
        return [standing_of(rows, on) for (kind, _, _), rows in threads.items() if kind in kinds]

    sides = {side: _best_site(threads, side, on) for side in Side}
    due = plan_due_on(period, settings=settings)
    plans = threads.get((PaperKind.PLAN, "", period.number), [])
    in_time = [paper for paper in plans if paper.filed_on <= due]
    usable = [paper for paper in in_time if paper.accepted is not False]
    if usable:
        plan = Holding.MET if any(paper.accepted for paper in usable) else Holding.UNCHECKED
    elif in_time:
        plan = Holding.REFUSED
    else:
        plan = Holding.LAPSED if plans else Holding.ABSENT
    return StationFile(
        rules=min(standings(PaperKind.RULES, PaperKind.WORKER_RULES), key=_rank, default=Holding.ABSENT),
        agreement=max(standings(PaperKind.AGREEMENT), key=_rank, default=Holding.ABSENT),
        inside=sides[Side.DISTRICT][0],
        outside=sides[Side.AREA][0],
        furnished=all(furnished for _, furnished in sides.values()),
        plan=plan,
        plan_filed_on=min((paper.filed_on for paper in plans), default=None),
        plan_due_on=due,
    )


def plan_due_on(period: Period, *, settings: Settings) -> date:
    """The last day on which the plan of a year is filed in time (R-55)."""
    return add_months(period.start, settings.plan_due_months) - ONE_DAY


class Warned(StrEnum):
    """What an alert says of a paper."""

    MISSING = "缺少"
    EXPIRED = "已过期"
    EXPIRING = "即将到期"


@dataclass(frozen=True, slots=True)
class PaperAlert:
    """A paper that is missing, has run out or will within the days of the setting."""

    kind: PaperKind
    warned: Warned
    text: str
    last_day: date | None = None
    thread: str = ""

    @property
    def is_ground(self) -> bool:
        """Whether it may lead to a proposal under 第八条（二）; never to an automatic act."""
        return self.warned is not Warned.EXPIRING and self.kind in GROUNDS


GROUNDS = (PaperKind.BUSINESS, PaperKind.LICENCE, PaperKind.AGREEMENT, PaperKind.SITE)
WANTED = (PaperKind.LICENCE, PaperKind.AGREEMENT)


def paper_alerts(papers: Iterable[Paper], *, on: date, settings: Settings) -> tuple[PaperAlert, ...]:
    """Licence expired, agreement lapsed, a side left without a site; and what ends within `paper_expiry_days`."""
    threads = by_thread(papers)
    alerts = [
        PaperAlert(kind, Warned.MISSING, f"档案中没有{kind.label}")
        for kind in WANTED
        if not any(key[0] == kind for key in threads)
    ]
    alerts += [_site_lost(threads, side, on) for side in Side if not _best_site(threads, side, on)[0].in_force]
    for (kind, thread, _), rows in threads.items():
        standing, speaks = standing_of(rows, on), holder(rows, on)
        if speaks is None or kind == PaperKind.PLAN:
            continue
        if standing is Holding.LAPSED and kind != PaperKind.SITE:
            text = f"{kind.label}{_until(speaks)}到期"
            alerts.append(PaperAlert(kind, Warned.EXPIRED, text, speaks.valid_to, thread))
        elif standing.in_force and (ends := ending(rows, on, settings=settings)) is not None:
            named = f"{kind.label}（{speaks.title}）" if kind == PaperKind.SITE else kind.label
            text = f"{named}{date_cn(ends)}到期，还有{(ends - on).days}天"
            alerts.append(PaperAlert(kind, Warned.EXPIRING, text, ends, thread))
    return tuple(alerts)


def ending(versions: Collection[Paper], on: date, *, settings: Settings) -> date | None:
    """The last day of a paper in force that ends within `paper_expiry_days` without a version that follows."""
    if not standing_of(versions, on).in_force:
        return None
    ends = in_force_until(versions, on)
    return ends if ends is not None and ends - on <= timedelta(days=settings.paper_expiry_days) else None


Thread = tuple[PaperKind, str, int | None]


def by_thread(papers: Iterable[Paper]) -> dict[Thread, list[Paper]]:
    """The versions of each paper together."""
    threads: dict[Thread, list[Paper]] = {}
    for paper in papers:
        threads.setdefault((paper.kind, paper.thread, paper.period), []).append(paper)
    return threads


def _rank(holding: Holding) -> int:
    return list(Holding).index(holding)


def _will_do(holding: Holding, provisional: bool) -> bool:
    return holding is Holding.MET or (provisional and holding is Holding.UNCHECKED)


def _best_site(threads: Mapping[Thread, list[Paper]], side: Side, on: date) -> tuple[Holding, bool]:
    """How the best site of a side stands, and whether one in force has its 办公设施."""
    found, furnished = Holding.ABSENT, False
    for rows in threads.values():
        if rows[0].kind != PaperKind.SITE or rows[0].side != side:
            continue
        standing, speaks = standing_of(rows, on), holder(rows, on)
        found = max(found, standing, key=_rank)
        furnished = furnished or (standing.in_force and speaks is not None and speaks.furnished)
    return found, furnished


def _site_lost(threads: Mapping[Thread, list[Paper]], side: Side, on: date) -> PaperAlert:
    sites = [rows for rows in threads.values() if rows[0].kind == PaperKind.SITE and rows[0].side == side]
    ended = [paper.valid_to for rows in sites if (paper := holder(rows, on)) is not None and paper.valid_to]
    if not ended:
        return PaperAlert(PaperKind.SITE, Warned.MISSING, f"{side.label}没有工作地点")
    last = max(ended)
    return PaperAlert(PaperKind.SITE, Warned.EXPIRED, f"{side.label}的工作地点{date_cn(last)}使用期满", last)


def _until(paper: Paper) -> str:
    return date_cn(paper.valid_to) if paper.valid_to else ""
