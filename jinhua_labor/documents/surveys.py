"""Satisfaction surveys on paper: QR cards to cut out, and the list by which they are handed out."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from .official import day
from .qr import code
from .render import render

_PER_SHEET = 8
_GROUP = 4


@dataclass(frozen=True, slots=True)
class CardPrint:
    """A card: its number, the code its link ends with, the whole link."""

    number: int
    code: str
    url: str


@dataclass(frozen=True, slots=True)
class CardSheet:
    """The cards of one survey. No card names a person; its number only says on the list whose it is."""

    station: str
    employers: bool
    number: int  # 第几年度
    start: dt.date
    end: dt.date
    closes_on: dt.date
    address: str  # where a code can be typed
    cards: tuple[CardPrint, ...]


@dataclass(frozen=True, slots=True)
class HandoutList:
    """发放名单: (卡号, 企业) of an employer, (卡号, 企业, 姓名, 证件尾号) of a worker, masked by the caller."""

    station: str
    employers: bool
    number: int
    closes_on: dt.date
    printed_by: str
    printed_on: dt.date
    rows: tuple[tuple[str, ...], ...]


def cards_pdf(sheet: CardSheet) -> bytes:
    """Eight cards an A4 page, with lines to cut along."""
    drawn = [
        {
            "number": f"{card.number:03d}",
            "qr": code(card.url),
            "typed": " ".join(
                "".join(part) for part in itertools.zip_longest(*[iter(card.code)] * _GROUP, fillvalue="")
            ),
        }
        for card in sheet.cards
    ]
    pages = [drawn[start : start + _PER_SHEET] for start in range(0, len(drawn), _PER_SHEET)]
    context = {
        "sheet": sheet,
        "pages": pages,
        "period": f"{day(sheet.start)}至{day(sheet.end)}",
        "until": day(sheet.closes_on),
        "address": sheet.address.split("://", 1)[-1],
    }
    return render("survey_cards.html", context, style="survey_cards")[0]


def handout_pdf(sheet: HandoutList) -> bytes:
    """The list with a column to tick, for the centre alone."""
    context = {"sheet": sheet, "until": day(sheet.closes_on), "printed": day(sheet.printed_on)}
    return render("survey_handout.html", context, style="survey_handout")[0]
