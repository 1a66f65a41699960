"""The first station's past years on their way through the assessment: one waits for 自评, one is being scored, one is
with the station, one with the bureau, the earlier ones are confirmed."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from assessments.sheets.models import Assessment, Sheet, SheetLine
from assessments.sheets.rules.facts import PARTS, SheetFacts
from assessments.sheets.rules.score import skill
from assessments.sheets.services import opening, review, scoring, self_assessment
from assessments.sheets.services.scoring import Entry
from jinhua_labor.accounts.models import User
from jinhua_labor.rulebook import policy_on
from stations.registry.models import Station
from stations.roster.services.recount import recount_list

from .cases import person
from .days import at
from .papers import paper

if TYPE_CHECKING:
    from .story import Story

UNIT, SCORER, CHECKER, OFFICIAL = "jia", "shouli", "zhongxin", "shenhe"
OPENED = 8
"""Working days since the years were opened; 自评 has two left."""


def tell(story: Story) -> None:
    """Opened together on the day on which the portal began to assess, the latest year first in the list below."""
    station = Station.objects.get(pk=story.plaque_station.pk)
    with at(story.day(OPENED), 8):
        opening.open_due(day=story.day(OPENED), by=User.objects.system())
    with at(story.base):
        recount_list(roster_list=station.roster)  # a freeze counts as of its own day
    years = list(Assessment.objects.filter(station=station).order_by("-period_no"))
    _statement(story, years[0], "C3", "本年度组织招聘会两场、校企对接一场，名单和照片附后。", back=3)
    for place, year in enumerate(years[1:]):
        sheet = _handed_in(story, year)
        if place == 0:
            with at(story.day(4), 9):
                _score(sheet, only=("A1", "A2"))
            continue
        with at(story.day(5), 15):
            _score(sheet)
            versions = sum(sheet.lines.values_list("version", flat=True))
            review.submit(sheet_id=sheet.pk, lines_version=versions, by=person(SCORER))
        with at(story.day(4), 10):
            review.check(sheet_id=sheet.pk, by=person(CHECKER))
        with at(story.day(2), 10):
            if place == 1:
                text = "另有一场线上招聘会未计入，报名名单附后，请核实。"
                review.answer(sheet_id=sheet.pk, code="C3", text=text, upload=paper("报名名单", text), by=person(UNIT))
                continue
            review.agree(sheet_id=sheet.pk, by=person(UNIT))
        with at(story.day(1), 9):
            review.screen(sheet_id=sheet.pk, opinion="如实复核，同意报区人社局确认。", by=person(CHECKER))
        if place > 2:
            with at(story.day(1), 16):
                review.confirm(sheet_id=sheet.pk, opinion="同意评估结果。", by=person(OFFICIAL))


def _statement(story: Story, year: Assessment, code: str, text: str, *, back: int) -> None:
    with at(story.day(back), 9):
        self_assessment.add(
            assessment_id=year.pk,
            code=code,
            text=text,
            upload=paper("自评材料", text),
            by=person(UNIT),
            key=uuid.uuid4(),
        )


def _handed_in(story: Story, year: Assessment) -> Sheet:
    """自评 with one statement, handed in."""
    _statement(story, year, "D1", "建立“一企一群”联络做法，务工人员问题当日答复。", back=7)
    with at(story.day(6), 11):
        self_assessment.submit(assessment_id=year.pk, text="全年工作平稳，未发生安全责任事故。", by=person(UNIT))
    return Sheet.objects.get(assessment=year)


def _score(sheet: Sheet, only: tuple[str, ...] = ()) -> None:
    """Every line a person has to give; 创新 rests on what the station handed in."""
    facts = scoring.facts_of(sheet)
    assert facts is not None
    for line in sheet.lines.filter(given__isnull=True).order_by("code"):
        if not only or line.code in only:
            scoring.save_line(
                sheet_id=sheet.pk, code=line.code, entry=_entry(sheet, line, facts), version=line.version,
                by=person(SCORER),
            )  # fmt: skip


def _entry(sheet: Sheet, line: SheetLine, facts: SheetFacts) -> Entry:
    if line.code in PARTS:
        shown = facts.fact(line.code).parts  # type: ignore[union-attr]
        return Entry(parts=shown, reason="" if all(shown) else "站点档案中没有，实地核查也未见到。")
    if line.code == "C4":
        choice = skill(facts, policy=policy_on(sheet.assessment.ends_on).policy)
        return Entry(skill_points=choice.suggested if choice else None)
    said = sheet.assessment.self_evidence.filter(code=line.code).first()
    papers = (said.attachment_id,) if said and said.attachment_id else ()
    return Entry(points=Decimal(3), reason="有本地做法，效果较好。", papers=papers)
