"""文书查验: what anybody may learn from a number on a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinhua_labor.core.docno import DocNoError, normalise_doc_no
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.review.models import Review
from jinhua_labor.review.states import State

_RECEIPT = re.compile(r"[A-Z]{2}-\d{6}-\d{8}-\d{3,}")
_PLAIN = {
    State.SUBMITTED: "已收件，正在办理",
    State.RETURNED: "已通知申请人补正",
    State.SCREENED: "已收件，正在办理",
    State.APPROVED: "已办结",
    State.REJECTED: "已办结",
    State.WITHDRAWN: "已撤回",
    State.LAPSED: "逾期视为撤回",
}
"""What a stranger with the number reads: that the receipt is true and whether it is done, not with what result."""


@dataclass(frozen=True, slots=True)
class Verified:
    """`document` for a 发文字号, `status` for a 受理编号; neither where nothing is known under the code."""

    code: str
    document: IssuedDocument | None = None
    status: str = ""

    @property
    def known(self) -> bool:
        return self.document is not None or bool(self.status)


def check(code: str) -> Verified:
    """One query at most; names, areas and results of a file are not told."""
    compact = "".join(code.split()).upper()
    if _RECEIPT.fullmatch(compact):
        state = Review.objects.filter(number=compact).values_list("state", flat=True).first()
        return Verified(compact, status=_PLAIN.get(State(state), "") if state else "")
    try:
        number = normalise_doc_no(code)
    except DocNoError:
        return Verified(code.strip()[:60])
    return Verified(number, document=IssuedDocument.objects.filter(doc_no=number).first())
