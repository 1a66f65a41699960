"""Cards and the list by which they are handed out: for the centre only, each time with its purpose in the journal."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from assessments.surveys.enums import Kind
from assessments.surveys.models import Survey, SurveyCard
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.masks import mask_name
from jinhua_labor.documents.surveys import CardPrint, CardSheet, HandoutList, cards_pdf, handout_pdf

AT_ONCE = 80
"""Cards of one print: ten sheets, made while one waits; a larger sample is printed in pieces."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF, and what it is called."""

    content: bytes
    name: str


def parts(survey: Survey) -> list[tuple[int, int, int]]:
    """(part, first card, last card): a large sample is printed in several pieces."""
    return [
        (index + 1, first, min(first + AT_ONCE - 1, survey.drawn))
        for index, first in enumerate(range(1, survey.drawn + 1, AT_ONCE))
    ]


def print_cards(*, survey_id: uuid.UUID, part: int, purpose: str, by: User) -> Printed:
    """The QR cards of one part of the sample; used ones are printed too, so that nobody sees who answered."""
    survey, first, last = _begin(survey_id, part, by, action="survey.print_cards", purpose=purpose, counts=True)
    base = settings.PORTAL_URL.rstrip("/")
    rows = SurveyCard.objects.filter(survey=survey, number__range=(first, last)).order_by("number")
    sheet = CardSheet(
        station=survey.station.name,
        employers=survey.kind == Kind.EMPLOYERS,
        number=survey.period_no,
        start=survey.starts_on,
        end=survey.ends_on,
        closes_on=survey.closes_on,
        address=base + reverse("answer:enter"),
        cards=tuple(CardPrint(row.number, row.code, base + reverse("answer:card", args=[row.code])) for row in rows),
    )
    return Printed(cards_pdf(sheet), f"{survey}_二维码卡_{first}-{last}.pdf")


def print_handout(*, survey_id: uuid.UUID, part: int, purpose: str, by: User) -> Printed:
    """发放名单: to whom each card goes. Names are masked, with the last four digits to tell two of them apart."""
    survey, first, last = _begin(survey_id, part, by, action="survey.print_handout", purpose=purpose, counts=False)
    rows = (
        SurveyCard.objects.filter(survey=survey, number__range=(first, last))
        .select_related("employer", "delivery__employer", "delivery__person")
        .order_by("number")
    )
    sheet = HandoutList(
        station=survey.station.name,
        employers=survey.kind == Kind.EMPLOYERS,
        number=survey.period_no,
        closes_on=survey.closes_on,
        printed_by=by.name,
        printed_on=today(),
        rows=tuple(_line(row) for row in rows),
    )
    return Printed(handout_pdf(sheet), f"{survey}_发放名单_{first}-{last}.pdf")


def _line(card: SurveyCard) -> tuple[str, ...]:
    if card.employer:
        return f"{card.number:03d}", card.employer.name
    if card.delivery is None:
        return f"{card.number:03d}", "已从名册删除", "", ""
    row = card.delivery
    return f"{card.number:03d}", row.employer.name, mask_name(row.name), f"尾号 {row.person.last4}"


@transaction.atomic
def _begin(
    survey_id: uuid.UUID, part: int, by: User, *, action: str, purpose: str, counts: bool
) -> tuple[Survey, int, int]:
    """The survey and the numbers of the part, after it is in the journal."""
    if by.role != Role.CENTRE:
        raise PermissionDenied
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("station").get(pk=survey_id)
    if survey.is_closed or survey.closes_on < today():
        raise Refused("调查已经结束，卡片和名单不再保留。")
    found = next(((first, last) for number, first, last in parts(survey) if number == part), None)
    if found is None:
        raise Refused("没有这一部分卡片，请刷新后重选。")
    if counts:
        Survey.objects.filter(pk=survey.pk).update(printed=F("printed") + 1)
    record(by=by, action=action, obj=survey, purpose=purpose, detail={"cards": list(found)})
    return survey, *found
