"""优秀站点 (第四章): a round of two years ago with a title, and this year's, to which one station has applied."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from assessments.excellent.services import candidates, rounds, titles
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.models import User
from jinhua_labor.notices import services as notices
from jinhua_labor.review.states import Recommendation
from stations.registry.models import Station

from .cases import person
from .days import at
from .papers import paper

if TYPE_CHECKING:
    from .story import Story

CLERK, SCREENER, OFFICIAL, HEAD = "shouli", "chushen", "shenhe", "juzhang"
STILL_OPEN = 20
"""Days from the day of seeding through which stations may apply."""


def recognised(station: Station, *, year: int, on: dt.date) -> None:
    """The first round, opened on this day: one station applied, its ledgers were seen on site, it got the title."""

    def day(days: int) -> dt.date:
        return on + dt.timedelta(days=days)

    with at(on):
        round_ = rounds.open_round(
            year=year, cutoff=on, apply_until=day(20), quota=2, remark="首轮评选。", by=person(OFFICIAL)
        )
    with at(day(3), 10):
        row = candidates.stand(
            round_id=round_.pk,
            station_id=station.pk,
            statement="连续两个年度输送超过三百人，建立“一企一群”联络做法。",
            by=person(_unit(station)),
            key=uuid.uuid4(),
        )
    with at(day(22), 15):
        for assessed in Assessment.objects.filter(station=station).order_by("period_no"):
            candidates.see_ledger(assessment_id=assessed.pk, seen_on=day(22), gaps=[], note="", by=person(CLERK))
    with at(day(24), 10):
        candidates.screen(
            candidate_id=row.pk,
            recommendation=Recommendation.AGREE,
            opinion="四项标准逐年均符合。",
            by=person(SCREENER),
        )
    with at(day(27), 10):
        candidates.approve(candidate_id=row.pk, opinion="同意认定。", by=person(OFFICIAL))
    with at(day(28), 10):
        notice = rounds.prepare_notice(round_id=round_.pk, by=person(CLERK))
    with at(day(29), 9):
        notice = notices.release(notice_id=notice.pk, by=person(HEAD))
    assert notice.ends_on is not None
    issued = notice.ends_on + dt.timedelta(days=3)
    with at(issued, 10):
        rounds.recognise(
            round_id=round_.pk,
            doc_no=f"金东人社〔{issued.year}〕41号",
            issued_on=issued,
            upload=paper("认定文件盖章件", f"{station.name}为优秀站点。"),
            by=person(OFFICIAL),
        )


def running(story: Story) -> None:
    """This year's round with one application; the 复核 of the title whose two years are nearly over."""
    opened = story.day(9)
    with at(opened):
        round_ = rounds.open_round(
            year=story.base.year,
            cutoff=opened,
            apply_until=story.base + dt.timedelta(days=STILL_OPEN),
            quota=3,
            remark="",
            by=person(OFFICIAL),
        )
    with at(story.day(3), 10):
        candidates.stand(
            round_id=round_.pk,
            station_id=story.plaque_station.pk,
            statement="五年来坚持接送到厂、跟踪六个月，务工人员和企业反映良好。",
            by=person("jia"),
            key=uuid.uuid4(),
        )
    with at(story.base, 0, 0):
        titles.open_due(day=story.base, by=User.objects.system())


def _unit(station: Station) -> str:
    found = station.operator.people.order_by("created_at").first()
    assert found is not None
    return str(found.username)
