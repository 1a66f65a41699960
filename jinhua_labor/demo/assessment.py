"""The first station's past years on their way through the assessment: the latest waits for 自评 while its survey is
open, one is being scored, one is with the station, one with the bureau, the earliest is objected to in 公示."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessments.sheets.models import Assessment
from assessments.sheets.services import opening
from jinhua_labor.accounts.models import User
from jinhua_labor.notices import services as notices
from stations.registry.models import Station
from stations.roster.services.recount import recount_list

from .days import at
from .papers import paper
from .years import Told, Year, announce

if TYPE_CHECKING:
    from .story import Story

UNIT = "jia"
ON_PAPER = Told(
    {
        "C1": (5, "当年以纸质问卷调查务工人员26人，满意24人，问卷留存。"),
        "C2": (5, "当年以纸质问卷调查3家企业，均为满意，问卷留存。"),
        "C3": (10, "两场招聘会的签到表和照片为纸质档案，已核对。"),
    },
    seen=True,
)
OPENED = 8
"""Working days since the years were opened; 自评 has two left."""


def tell(story: Story) -> None:
    """Opened together on the day on which the portal began to assess, the latest year first in the list below."""
    station = Station.objects.get(pk=story.plaque_station.pk)
    with at(story.day(OPENED), 8):
        opening.open_due(day=story.day(OPENED), by=User.objects.system())
    with at(story.base):
        recount_list(roster_list=station.roster)  # a freeze counts as of its own day
    years = [Year(row, UNIT, ON_PAPER) for row in Assessment.objects.filter(station=station).order_by("-period_no")]
    latest, scored, drafted, *others, earliest = years
    with at(story.day(3), 9):
        latest.state("C3", "本年度组织招聘会两场、校企对接一场，名单和照片附后。")
    scored.walk([story.day(6)])
    with at(story.day(4), 9):
        scored.score(only=("A1", "A2"))
    steps = [story.day(back) for back in (6, 5, 5, 4, 3, 3, 3)]
    drafted.walk(steps[:4])
    with at(story.day(2), 10):
        drafted.answer("D1", "“一企一群”做法已由示例县推广，简报附后，请核实。")
    for year in others:
        year.walk(steps[:-1])
    earliest.walk(steps)
    notice = announce([earliest], prepared=story.day(3), released=story.day(2))
    with at(story.day(1), 10):
        notices.object_to(
            notice_id=notice.pk,
            name="测试异议人",
            contact="0579-00000000",
            content="该年度工作站没有向金东输送过一名务工人员，仍评为合格，与实际不符，请重新核对。",
            evidence=paper("异议说明", "附当年用工情况，内容虚构。"),
        )
