"""An assessed year of the demo (第七条), step by step as the unit, the centre and the bureau take it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.sheets.models import Assessment, Sheet, SheetLine
from assessments.sheets.rules.facts import PARTS, SheetFacts
from assessments.sheets.rules.score import skill
from assessments.sheets.services import results, review, scoring, self_assessment
from assessments.sheets.services.scoring import Entry
from jinhua_labor.accounts.models import User
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import Notice
from jinhua_labor.rulebook import policy_on

from .cases import person
from .days import at
from .papers import paper

SCORER, CHECKER, OFFICIAL, HEAD = "shouli", "zhongxin", "shenhe", "juzhang"
PACE = (2, 4, 4, 5, 6, 7, 8)
"""Working days from the opening to each step of a year that nobody delays."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is particular of a year: points given otherwise than the system's (code: points, reason), whether offices,
    rules and plan were seen on site where the station's file does not show them, and what 创新 was found worth."""

    given: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    seen: bool = False
    innovation: int = 3


ORDINARY = Told()


@dataclass(frozen=True, slots=True)
class Year:
    """One assessed year and the person of its unit."""

    row: Assessment
    unit: str
    told: Told = ORDINARY

    @property
    def sheet(self) -> Sheet:
        """The one in force."""
        rows = Sheet.objects.select_related("assessment").filter(assessment=self.row)
        return rows.order_by("-round")[0]

    def walk(self, days: Sequence[dt.date]) -> None:
        """As many steps as there are days: handed in, scored, handed on, checked, agreed to, reported, confirmed."""
        steps: tuple[Callable[[], object], ...] = (
            self.hand_in, self.score, self.hand_on, self.check, self.agree, self.report, self.confirm,
        )  # fmt: skip
        for number, (step, day) in enumerate(zip(steps, days, strict=False)):
            with at(day, 9 + number):
                step()

    def state(self, code: str, text: str) -> None:
        """自评 to one line, with a paper."""
        self_assessment.add(
            assessment_id=self.row.pk,
            code=code,
            text=text,
            upload=paper("自评材料", text),
            by=person(self.unit),
            key=uuid.uuid4(),
        )

    def hand_in(self) -> None:
        self.state("D1", "建立“一企一群”联络做法，务工人员问题当日答复。")
        self_assessment.submit(
            assessment_id=self.row.pk, text="全年工作平稳，未发生安全责任事故。", by=person(self.unit)
        )

    def score(self, only: Sequence[str] = ()) -> None:
        """Every line a person has to give, and those given otherwise than the system's."""
        sheet = self.sheet
        facts = scoring.facts_of(sheet)
        assert facts is not None
        for line in sheet.lines.order_by("code"):
            if line.code in only or (not only and (line.given is None or line.code in self.told.given)):
                scoring.save_line(
                    sheet_id=sheet.pk,
                    code=line.code,
                    entry=self._entry(line, facts),
                    version=line.version,
                    by=person(SCORER),
                )

    def _entry(self, line: SheetLine, facts: SheetFacts) -> Entry:
        if line.code in self.told.given:
            points, why = self.told.given[line.code]
            return Entry(points=Decimal(points), reason=why, uploads=[paper("核对记录", why)])
        if line.code in PARTS:
            shown = facts.fact(line.code).parts  # type: ignore[union-attr]
            if self.told.seen:
                return Entry(parts=(True,) * len(shown), reason="" if all(shown) else "纸质材料齐全，已实地核对。")
            return Entry(parts=shown, reason="" if all(shown) else "站点档案中没有，实地核查也未见到。")
        if line.code == "C4":
            choice = skill(facts, policy=policy_on(self.row.ends_on).policy)
            return Entry(skill_points=choice.suggested if choice else None)
        if not self.told.innovation:
            return Entry(points=Decimal(0))
        said = self.row.self_evidence.filter(code=line.code).first()
        papers = (said.attachment_id,) if said and said.attachment_id else ()
        return Entry(points=Decimal(self.told.innovation), reason="有本地做法，效果较好。", papers=papers)

    def hand_on(self) -> None:
        sheet = self.sheet
        versions = sum(sheet.lines.values_list("version", flat=True))
        review.submit(sheet_id=sheet.pk, lines_version=versions, by=person(SCORER))

    def check(self) -> None:
        review.check(sheet_id=self.sheet.pk, by=person(CHECKER))

    def agree(self) -> None:
        review.agree(sheet_id=self.sheet.pk, by=person(self.unit))

    def answer(self, code: str, text: str) -> None:
        """站点意见 to one line of the draft, with a paper."""
        review.answer(
            sheet_id=self.sheet.pk, code=code, text=text, upload=paper("补充材料", text), by=person(self.unit)
        )

    def report(self) -> None:
        review.screen(sheet_id=self.sheet.pk, opinion="如实复核，同意报区人社局确认。", by=person(CHECKER))

    def confirm(self) -> None:
        review.confirm(sheet_id=self.sheet.pk, opinion="同意评估结果。", by=person(OFFICIAL))


def after(day: dt.date, workdays: int) -> dt.date:
    return work_calendar().add_workdays(day, workdays)


def paced(opened: dt.date) -> list[dt.date]:
    """The days of the seven steps of a year that nobody delays."""
    return [after(opened, workdays) for workdays in PACE]


def announce(years: Sequence[Year], *, prepared: dt.date, released: dt.date) -> Notice:
    """公示 of these results, one notice for all."""
    with at(prepared, 15):
        notice = results.prepare_notice(assessment_ids=[year.row.pk for year in years], by=person(SCORER))
    with at(released, 9):
        return notices.release(notice_id=notice.pk, by=person(HEAD))


def conclude(years: Sequence[Year], notice: Notice) -> dt.date:
    """Final on the day after the period, with nothing open; the day."""
    assert notice.ends_on is not None
    day = notice.ends_on + dt.timedelta(days=1)
    with at(day, 1):
        for year in years:
            results.settle(assessment_id=year.row.pk, day=day, by=User.objects.system())
    return day
