"""What the bureau may record over a notice, and how far a record has come."""

from __future__ import annotations

from django.db.models import TextChoices


class Kind(TextChoices):
    """延期 moves the end of 试行期, 解释口径 reads clauses otherwise, 新文件 is a notice of its own."""

    EXTENSION = "EXTENSION", "延期"
    READING = "READING", "解释口径"
    SUCCESSOR = "SUCCESSOR", "新文件"


class VersionState(TextChoices):
    """Only what is confirmed by a second person has any effect; 未生效、施行中、已失效 follow from its days."""

    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    WITHDRAWN = "WITHDRAWN", "已撤销"
    DISCARDED = "DISCARDED", "已作废"


DECIDED = (VersionState.CONFIRMED, VersionState.WITHDRAWN)
OPEN = (VersionState.DRAFT, VersionState.SUBMITTED)
