"""How far a yearly assessment has come (states of 第七条's journey), and why a sheet was written."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """From the day the year is over to the final result; the two-step review runs from CHECKING to CONFIRMING.

    How far 公示 of a CONFIRMED result has come is read from its notice (`rules.results.publicity`), not stored.
    """

    OPEN = "OPEN", "待自评"
    SCORING = "SCORING", "评分中"
    CHECKING = "CHECKING", "待复核"
    FEEDBACK = "FEEDBACK", "反馈中"
    CONFIRMING = "CONFIRMING", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    FINAL = "FINAL", "已确定"
    VOID = "VOID", "不评估"


HIDDEN_FROM_STATION = (Stage.SCORING, Stage.CHECKING)
"""Before the second person has checked, the station sees nothing of the official sheet."""

UNITS_WORDS: dict[str, str] = {
    Stage.OPEN: "等待您自评",
    Stage.SCORING: "中心评分中",
    Stage.CHECKING: "中心评分中",
    Stage.FEEDBACK: "请您核对评分草稿",
    Stage.CONFIRMING: "等待确认",
}
"""What the station reads where the office's word would not tell it whose turn it is."""


class Cause(TextChoices):
    """Why a sheet was written: the first of the year, or a new one after an objection or for a correction."""

    FIRST = "FIRST", "首次评分"
    OBJECTION = "OBJECTION", "异议成立重新评分"
    CORRECTION = "CORRECTION", "更正已确定的结果"


class Outcome(TextChoices):
    """评估结果 (第七条)."""

    PASSED = "PASSED", "合格"
    FAILED = "FAILED", "不合格"
