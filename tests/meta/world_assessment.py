"""What the yearly assessment adds to the world of the sweeps: a year at each step somebody takes, each of a station of
its own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from assessments.models import Assessment, LineAnswer, Sheet, SheetLine
from assessments.sheets.enums import Stage
from assessments.sheets.rules.facts import SheetFacts
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.services import store
from jinhua_labor.core.clock import today
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.policy.scoring import (
    CasesFact,
    CountFact,
    LiaisonFact,
    PartsFact,
    PeopleFact,
    RatioFact,
    SafetyFact,
    SurveyFact,
)
from jinhua_labor.review.states import Kind, State
from jinhua_labor.rulebook import policy_on
from tests import factories
from tests.meta import rows
from tests.meta import rows_assessment as made

if TYPE_CHECKING:
    from tests.meta.world import Party

FACTS = SheetFacts(
    official=True,
    cutoff=rows.LATER,
    as_of=rows.LATER,
    system=PartsFact((True, True)),
    offices=PartsFact((True, True, True)),
    liaison=LiaisonFact(True, 0),
    safety=SafetyFact(0, 0),
    plan=PartsFact((True,)),
    contracts=CasesFact(1, 264),
    ledger=CasesFact(0, 264),
    workers=SurveyFact(88, 96),
    employers=SurveyFact(14, 16),
    activities=CountFact(3),
    people=PeopleFact(264, 18),
    retention=RatioFact(81, 120),
)
"""The worked example of the dictionary (§4.4), but for the points somebody gives."""
GIVEN = {"B2": 4, "C4": 10, "C5": 15, "D1": 6}
PARTS = {"A1": [True, True], "A2": [True, True, True], "B1": [True]}


def equip(party: Party, clerk: User) -> None:
    """One year at each step, with what the station and the offices wrote to it."""
    waiting = _year(party, self_due_on=today() + dt.timedelta(days=5))
    scoring = _sheet(party, clerk, Stage.SCORING, mark=True)
    line = scoring.lines.get(code="D1")
    feedback = _sheet(party, clerk, Stage.FEEDBACK, review_state=State.SUBMITTED)
    confirmed = _sheet(party, clerk, Stage.CONFIRMED, review_state=State.APPROVED)
    _final(party, clerk)
    party.things |= {
        "assessment": waiting,
        "self_evidence": _statement(party, waiting),
        "scoring_sheet": scoring,
        "line_evidence": made.line_evidence(line=line, attachment=_paper(party, "OFFICE"), added_by=clerk),
        "checking_sheet": _sheet(party, clerk, Stage.CHECKING, review_state=State.SUBMITTED, mark=True),
        "feedback_sheet": feedback,
        "line_answer": _answer(party, feedback),
        "confirming_sheet": _sheet(party, clerk, Stage.CONFIRMING, review_state=State.SCREENED),
        "confirmed_sheet": confirmed,
        "confirmed_year": confirmed.assessment,
    }


def grow(party: Party, clerk: User) -> None:
    """One more of everything a list of this room may show."""
    _year(party, self_due_on=today() + dt.timedelta(days=5))
    _statement(party, party.assessment)
    for stage, state in ((Stage.SCORING, ""), (Stage.FEEDBACK, State.SUBMITTED), (Stage.CONFIRMED, State.APPROVED)):
        _sheet(party, clerk, stage, review_state=state)
    made.line_evidence(
        line=party.scoring_sheet.lines.get(code="D1"), attachment=_paper(party, "OFFICE"), added_by=clerk
    )


def _final(party: Party, clerk: User) -> None:
    """A result that became final this year."""
    sheet = _sheet(party, clerk, Stage.CONFIRMED, review_state=State.APPROVED)
    notice = rows.published(kind=NoticeKind.ASSESSMENT, title="测试评估结果公示", prepared_by=clerk)
    Sheet.objects.filter(pk=sheet.pk).update(notice=notice, final_on=today())
    Assessment.objects.filter(pk=sheet.assessment_id).update(stage=Stage.FINAL, final_on=today())


def _year(party: Party, **fields: Any) -> Assessment:
    station = rows.station(
        operator=party.organisation,
        name=f"{party.word}第{rows.number()}评估站",
        document=party.station.document,
        established_on=rows.DAY,
    )
    return made.assessment(station=station, self_text=f"{party.word}的自评说明", **fields)


def _statement(party: Party, year: Assessment) -> Any:
    paper = _paper(party, "PARTY_AND_OFFICE")
    return made.self_evidence(
        assessment=year, text=f"{party.word}的自评", attachment=paper, added_by=party.user, code="D1"
    )


def _paper(party: Party, audience: str) -> Any:
    """Really stored: a unit may take its own paper back, and then the file goes."""
    return store(factories.png(), by=party.user, organisation=party.organisation, audience=audience)


def _answer(party: Party, sheet: Sheet) -> LineAnswer:
    return made.line_answer(sheet=sheet, code="C3", text=f"{party.word}的意见", by=party.user)


def _sheet(party: Party, clerk: User, stage: Stage, *, review_state: str = "", mark: bool = False) -> Sheet:
    """The sheet of a year at this stage, every line given; `mark` where the station must not read it yet."""
    from tests.meta.world import OFFICE_MARK

    year = _year(party, stage=stage)
    fields: dict[str, Any] = {"assessment": year, "opened_by": User.objects.system(), "facts": FACTS.to_json()}
    if review_state:
        fields["review"] = rows.review(
            kind=Kind.ASSESSMENT,
            state=review_state,
            created_by=clerk,
            organisation=clerk.organisation,
            url_name="assessments:sheet",
            title=f"{year.station.name}第1年度评估",
        )
    if stage in {Stage.FEEDBACK, Stage.CONFIRMING, Stage.CONFIRMED}:
        fields |= {
            "checked_by": rows.clerk(),
            "checked_at": timezone.now(),
            "feedback_until": today() + dt.timedelta(days=5),
        }
    sheet = made.sheet(**fields)
    reason = OFFICE_MARK if mark else "测试理由"
    for indicator in policy_on(year.ends_on).policy.indicators:
        given = Decimal(GIVEN.get(indicator.code, indicator.weight))
        judged = indicator.code in {*PARTS, "D1"}
        SheetLine.objects.create(
            sheet=sheet,
            code=indicator.code,
            weight=indicator.weight,
            computed=None if judged else given,
            given=given,
            skill_points=2 if indicator.code == "C4" else None,
            parts=PARTS.get(indicator.code, []),
            reason=reason if judged else "",
            given_by=clerk,
            given_at=timezone.now(),
        )
    if sheet.review_id:
        type(sheet.review).objects.filter(pk=sheet.review_id).update(object_id=sheet.pk)
    if stage == Stage.CONFIRMED:
        Sheet.objects.filter(pk=sheet.pk).update(
            total=90, vetoed=False, outcome="PASSED", counted=264, skilled=18, matured=120, retained=81, snapshot={},
            sha256="0" * 64, confirmed_at=timezone.now(),
        )  # fmt: skip
        sheet.refresh_from_db()
    return sheet
