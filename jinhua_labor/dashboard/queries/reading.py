"""The notice for reading: its text with, under each article, how the bureau reads it (解释口径), by which document, and
what is to change from when (R-49)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jinhua_labor.policy.types import Annex, Article, Chapter, Indicator, Policy, Reading
from jinhua_labor.rulebook.rules import Change, Record, Slice, differences
from jinhua_labor.rulebook.words import PARAMETERS, worded

_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")
_ANNEX = re.compile(r"附件(\d)")


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """A reading in force: what it is about, how it is read in a word, and the document that says so, if it is not the
    notice's own."""

    reading: Reading
    label: str
    value: str
    record: Record | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is confirmed and not in force yet, with everything that will differ."""

    piece: Slice
    record: Record | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article as paragraphs, with its readings."""

    article: Article
    heading: str
    paragraphs: tuple[str, ...]
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True, slots=True)
class ChapterShown:
    chapter: Chapter
    articles: tuple[ArticleShown, ...]


@dataclass(frozen=True, slots=True)
class AnnexShown:
    annex: Annex
    readings: tuple[ReadingShown, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class NoticeShown:
    policy: Policy
    chapters: tuple[ChapterShown, ...]
    annexes: tuple[AnnexShown, ...]
    others: tuple[ReadingShown, ...]
    extension: Record | None
    records: tuple[Record, ...]
    ahead: tuple[Ahead, ...]


def shown(held: Slice, upcoming: Sequence[Slice] = ()) -> NoticeShown:
    """The whole notice in its order; a reading stands at its article or 附件, what belongs to neither at the end."""
    policy = held.policy
    by_place: dict[str, list[ReadingShown]] = {}
    for reading in policy.readings.values():
        if reading.interpretive:
            by_place.setdefault(_place(reading.clause), []).append(_shown(reading, held))
    document = policy.document
    chapters = tuple(
        ChapterShown(chapter, tuple(_article(a, by_place) for a in document.articles if a.chapter == chapter.number))
        for chapter in document.chapters
    )
    annexes = tuple(
        AnnexShown(
            annex,
            tuple(by_place.pop(f"附件{annex.number}", ())),
            policy.indicators if annex.number == 3 else (),
        )
        for annex in document.annexes
    )
    others = tuple(reading for rows in by_place.values() for reading in rows)
    return NoticeShown(policy, chapters, annexes, others, held.extension, held.readings, tuple(_ahead(held, upcoming)))


def _shown(reading: Reading, held: Slice) -> ReadingShown:
    name = reading.name
    return ReadingShown(reading, PARAMETERS[name][0], worded(name, getattr(held.policy, name)), held.read_by(name))


def _ahead(held: Slice, upcoming: Sequence[Slice]) -> list[Ahead]:
    """Each version to come beside the one before it."""
    found, last = [], held
    for piece in upcoming:
        record = piece.readings[-1] if piece.readings else piece.notice
        found.append(Ahead(piece, record, differences(last.policy, piece.policy)))
        last = piece
    return found


def _article(article: Article, by_place: dict[str, list[ReadingShown]]) -> ArticleShown:
    return ArticleShown(
        article,
        article.label,
        tuple(line.strip() for line in article.text.splitlines() if line.strip()),
        tuple(by_place.pop(article.label, ())),
    )


def _place(clause: str) -> str:
    """第三条（四） stands at 第三条, 附件3 C4 at 附件3."""
    if found := _ARTICLE.match(clause):
        return found.group()
    if found := _ANNEX.match(clause):
        return found.group()
    return clause
