"""What follows the confirmation (R-31): how far 公示 has come, when a result is final, what the notice says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.figures import plain
from jinhua_labor.policy.switches import ConfirmedBy
from jinhua_labor.policy.types import Policy


class Publicity(StrEnum):
    """How far the publication of a confirmed result has come."""

    NONE = "待拟公示稿"
    WAITING = "公示稿待发布"
    RUNNING = "公示中"
    OBJECTED = "异议处理中"
    OVER = "公示期满"


@dataclass(frozen=True, slots=True)
class NoticeFact:
    """The notice of a result: whether it is out (None: taken back), its last day, objections still unanswered."""

    published: bool
    ends_on: date | None = None
    unanswered: int = 0


def publicity(notice: NoticeFact | None, *, on: date) -> Publicity:
    """How far 公示 has come on the day. Its last day belongs to it; an unanswered objection keeps it open (R-31)."""
    if notice is None:
        return Publicity.NONE
    if not notice.published or notice.ends_on is None:
        return Publicity.WAITING
    if notice.unanswered:
        return Publicity.OBJECTED
    return Publicity.RUNNING if on <= notice.ends_on else Publicity.OVER


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What is public of one result: no person, no reason."""

    station: str
    operator: str
    number: int  # 第几年度
    start: date
    end: date
    total: Decimal
    outcome: str  # 合格、不合格
    vetoed: bool
    again: bool = False  # a result that was changed after an objection, or corrected

    @property
    def year(self) -> str:
        return f"第{self.number}年度（{date_cn(self.start)}至{date_cn(self.end)}）"

    @property
    def result(self) -> str:
        return f"{self.outcome}（一票否决）" if self.vetoed else self.outcome


def result_rows(lines: Sequence[ResultLine]) -> list[str]:
    """What the 公示 says of each result, a line each: nobody edits these."""
    return [
        f"{number}．{line.station}（承建单位：{line.operator}），{line.year}：{plain(line.total)}分，{line.result}。"
        + ("此前公示的该年度结果以本次为准。" if line.again else "")
        for number, line in enumerate(lines, 1)
    ]


def announcement(lines: Sequence[ResultLine], *, policy: Policy, office: str, phone: str) -> tuple[str, str]:
    """(标题, 正文) of the 公示 of these results: station, unit, year, score, result, and where to object (R-31)."""
    again = all(line.again for line in lines)
    stations = {line.station for line in lines}
    subject = lines[0].station if len(stations) == 1 else f"{len(stations)}个省外劳务协作工作站"
    title = f"关于{subject}年度评估结果的{'更正' if again else ''}公示"
    confirmed = "区人社局" if policy.assessment_confirmed_by is ConfirmedBy.BUREAU else "区就业服务中心"
    said = (
        "根据《" + policy.document.regulation + "》第七条，区就业服务中心对下列劳务协作工作站建立一年后开展的工作"
        f"进行了年度评估，并经{confirmed}确认，现将结果予以公示。"
    )
    channel = f"向{office}" + (f"（电话：{phone}）" if phone else "")
    objection = (
        f"公示期自发布次日起{policy.publicity_workdays_assessment}个工作日。对公示内容有异议的，请在公示期内实名{channel}提出，"
        "并说明理由、附上依据；也可以在本页面提交。"
    )
    return title, "\n\n".join([said, *result_rows(lines), objection])
