"""The notice for reading: its text with, under each article, how the bureau reads it (解释口径)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinhua_labor.policy.types import Annex, Article, Chapter, Indicator, Policy, Reading

_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条")
_ANNEX = re.compile(r"附件(\d)")


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article as paragraphs, with its readings."""

    article: Article
    heading: str
    paragraphs: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class ChapterShown:
    chapter: Chapter
    articles: tuple[ArticleShown, ...]


@dataclass(frozen=True, slots=True)
class AnnexShown:
    annex: Annex
    readings: tuple[Reading, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class NoticeShown:
    policy: Policy
    chapters: tuple[ChapterShown, ...]
    annexes: tuple[AnnexShown, ...]


def shown(policy: Policy) -> NoticeShown:
    """The whole notice in its order; every reading stands at its article or 附件."""
    by_place: dict[str, list[Reading]] = {}
    for reading in policy.readings.values():
        if reading.interpretive:
            by_place.setdefault(_place(reading.clause), []).append(reading)
    document = policy.document
    chapters = tuple(
        ChapterShown(chapter, tuple(_article(a, by_place) for a in document.articles if a.chapter == chapter.number))
        for chapter in document.chapters
    )
    annexes = tuple(
        AnnexShown(
            annex,
            tuple(by_place.get(f"附件{annex.number}", ())),
            policy.indicators if annex.number == 3 else (),
        )
        for annex in document.annexes
    )
    return NoticeShown(policy, chapters, annexes)


def _article(article: Article, by_place: dict[str, list[Reading]]) -> ArticleShown:
    return ArticleShown(
        article,
        article.label,
        tuple(line.strip() for line in article.text.splitlines() if line.strip()),
        tuple(by_place.get(article.label, ())),
    )


def _place(clause: str) -> str:
    """第三条（四） stands at 第三条, 附件3 C4 at 附件3."""
    if found := _ARTICLE.match(clause):
        return found.group()
    if found := _ANNEX.match(clause):
        return found.group()
    return clause
