"""States of a round, a candidate, a title and its 复核."""

from django.db.models import TextChoices


class CandidateStage(TextChoices):
    """From 申报 or 推荐 to the title; the two-step review runs from SUBMITTED to SCREENED."""

    SUBMITTED = "SUBMITTED", "待核对"
    SCREENED = "SCREENED", "待审核"
    APPROVED = "APPROVED", "已入选"
    RECOGNISED = "RECOGNISED", "已认定"
    REJECTED = "REJECTED", "未入选"
    WITHDRAWN = "WITHDRAWN", "已撤回"


OPEN_CANDIDATE = (CandidateStage.SUBMITTED, CandidateStage.SCREENED, CandidateStage.APPROVED)
"""A candidate that may still get the title."""


class Channel(TextChoices):
    APPLIED = "APPLIED", "单位申报"
    NOMINATED = "NOMINATED", "中心推荐"


class TitleState(TextChoices):
    HELD = "HELD", "有效"
    WITHDRAWN = "WITHDRAWN", "已撤销"
    LAPSED = "LAPSED", "随资格取消失效"


class Verdict(TextChoices):
    """What a 复核 found (第十一条)."""

    PASSED = "PASSED", "通过"
    FAILED = "FAILED", "不通过"
    RECTIFY = "RECTIFY", "限期整改"


class Criterion(TextChoices):
    """The four 基本标准 (第十条)."""

    SCORE = "1", "（一）承担工作2年以上、每年评估得分"
    WORKERS = "2", "（二）每年输送人数和技术技能人才占比"
    RETENTION = "3", "（三）六个月后留用率"
    LEDGER = "4", "（四）台账完备"
