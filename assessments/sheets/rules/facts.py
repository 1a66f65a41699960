"""The facts one 附件3 is scored by, and what a reader needs beside them to see where they come from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from jinhua_labor.policy.scoring import (
    CasesFact,
    CountFact,
    Fact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    SurveyFact,
)

COMPUTED = ("A3", "A4", "B2", "B3", "C1", "C2", "C3", "C4", "C5")
"""Lines the facts give by themselves; of C4 the points for 技术技能人才 are given by a person inside their range."""

WHOLE = ("A1", "A2", "B1")
"""Lines judged part by part, all or nothing: the file proposes, a person decides."""

GIVEN = "D1"
"""The line that has no facts: points with their reason and evidence."""

PARTS: dict[str, tuple[str, ...]] = {
    "A1": ("健全的劳务协作工作管理制度", "具体有效的劳务协作协议"),
    "A2": ("区内实际工作地点", "外省劳务输出地区实际工作地点", "必要办公设施"),
    "B1": ("详细、切实可行的年度输送安排计划",),
}
"""What each judged line asks for, in the clause's order."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """How the station's papers stand on the last day of the year (today while it runs): words of the file."""

    rules: str = ""
    agreement: str = ""
    inside: str = ""
    outside: str = ""
    furnished: bool = False
    plan: str = ""
    plan_filed_on: date | None = None
    plan_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """Rows of the year behind N: all, 待核, 不计; certificates of the year nobody has looked up yet."""

    raw: int = 0
    pending: int = 0
    excluded: int = 0
    certificates_waiting: int = 0
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """Counted workers without contract, and with one signed too late (R-08)."""

    missing: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """Items of the ledger by code: missing, covered in part, kept as a file but not yet seen on paper."""

    missing: tuple[str, ...] = ()
    partial: tuple[tuple[str, int], ...] = ()
    paper_pending: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """留用率 under one reading of the denominator (R-67)."""

    name: str
    retained: int
    matured: int


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """Whom M holds and R does not: 未留用, 无法核实, 留用 without insurance of the month, not yet answered (of these
    still in time); `maturing`: counted workers whose six months end between today and the cutoff; the other cohorts."""

    left: int = 0
    unverified: int = 0
    uninsured: int = 0
    open: int = 0
    in_time: int = 0
    maturing: int = 0
    cohorts: tuple[Cohort, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """One fact a line, and behind them what the words need. `official`: 纸质 and papers as the official sheet takes
    them; else the live meter's view (an electronic entry is there, what is not checked yet is right)."""

    official: bool
    cutoff: date
    as_of: date
    system: PartsFact  # A1
    offices: PartsFact  # A2
    liaison: LiaisonFact  # A3
    safety: SafetyFact  # A4
    plan: PartsFact  # B1
    contracts: CasesFact  # B2
    ledger: CasesFact  # B3
    workers: SurveyFact  # C1
    employers: SurveyFact  # C2
    activities: CountFact  # C3
    people: PeopleFact  # C4, without the points for skilled workers
    retention: RatioFact  # C5
    of_file: FileFacts = field(default_factory=FileFacts)
    of_roster: RosterFacts = field(default_factory=RosterFacts)
    of_contracts: ContractFacts = field(default_factory=ContractFacts)
    of_ledger: LedgerFacts = field(default_factory=LedgerFacts)
    of_retention: RetentionFacts = field(default_factory=RetentionFacts)

    def fact(self, code: str) -> Fact:
        """The fact of a line; KeyError for D1, which has none, and for an unknown code."""
        found: Fact = getattr(self, _NAMES[code])
        return found

    def to_json(self) -> dict[str, Any]:
        """As JSON: days as texts, everything else as numbers, truths and lists."""
        found: dict[str, Any] = _plain(asdict(self))
        return found

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> SheetFacts:
        """The facts that `to_json` wrote; what a later version of the portal asks for beside them is left empty."""
        parts = {name: PartsFact(tuple(said[name]["parts"])) for name in ("system", "offices", "plan")}
        file, retention = dict(said["of_file"]), dict(said["of_retention"])
        for name in ("plan_filed_on", "plan_due_on"):
            file[name] = date.fromisoformat(file[name]) if file.get(name) else None
        retention["cohorts"] = tuple(Cohort(**one) for one in retention["cohorts"])
        ledger = said["of_ledger"]
        return cls(
            official=said["official"],
            cutoff=date.fromisoformat(said["cutoff"]),
            as_of=date.fromisoformat(said["as_of"]),
            **parts,
            liaison=LiaisonFact(**said["liaison"]),
            safety=SafetyFact(**said["safety"]),
            contracts=CasesFact(**said["contracts"]),
            ledger=CasesFact(**said["ledger"]),
            workers=SurveyFact(**said["workers"]),
            employers=SurveyFact(**said["employers"]),
            activities=CountFact(**said["activities"]),
            people=PeopleFact(**said["people"]),
            retention=RatioFact(**said["retention"]),
            of_file=FileFacts(**file),
            of_roster=RosterFacts(**said["of_roster"]),
            of_contracts=ContractFacts(**said["of_contracts"]),
            of_ledger=LedgerFacts(
                missing=tuple(ledger["missing"]),
                partial=tuple((code, percent) for code, percent in ledger["partial"]),
                paper_pending=tuple(ledger["paper_pending"]),
            ),
            of_retention=RetentionFacts(**retention),
        )


_NAMES = {
    "A1": "system",
    "A2": "offices",
    "A3": "liaison",
    "A4": "safety",
    "B1": "plan",
    "B2": "contracts",
    "B3": "ledger",
    "C1": "workers",
    "C2": "employers",
    "C3": "activities",
    "C4": "people",
    "C5": "retention",
}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
