"""认定文件 of a round after GB/T 9704-2012."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinhua_labor.accounts.models import User
from jinhua_labor.documents.official import Column, OfficialDocument, Paragraph, Table

from .enums import CandidateStage
from .models import Candidate, Round

_COLUMNS = (Column("序号", 12), Column("工作站名称", 78), Column("承建单位", 66))


def recognition(round_: Round, user: User) -> OfficialDocument:
    """The document as it was issued, or the draft over those approved so far."""
    if round_.document:
        return of_content(round_.document.content)
    from .services.rounds import said

    rows = Candidate.objects.visible_to(user).filter(round=round_, stage=CandidateStage.APPROVED)
    return of_content(said(round_, list(rows.select_related("station", "operator").order_by("station__name"))))


def of_content(content: dict[str, Any]) -> OfficialDocument:
    """认定通知 of such content; without number and date it is the draft with their blanks."""
    issued_on = dt.date.fromisoformat(content["issued_on"]) if content["issued_on"] else None
    rows = tuple((str(n), row["name"], row["operator"]) for n, row in enumerate(content["stations"], 1))
    return OfficialDocument(
        title=f"关于认定{content['year']}年区级劳务协作工作优秀站点\n的通知",
        main_to="各省外劳务协作工作站",
        blocks=(
            Paragraph(
                f"根据《{content['regulation']}》（{content['basis']}）第四章，经区就业服务中心核对、区人社局审核并公示，"
                f"认定下列{len(rows)}个劳务协作工作站为{content['year']}年区级劳务协作工作优秀站点。"
            ),
            Table(_COLUMNS, rows),
            Paragraph("优秀站点每2年复核一次，复核不通过的撤销称号。"),
        ),
        doc_no=content["doc_no"],
        issued_on=issued_on,
        printed_on=issued_on,
    )
