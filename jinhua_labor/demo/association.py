"""Two checks given to the association: one that is over with its opinion, one that waits for it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from jinhua_labor.accounts.models import Organisation
from stations.oversight.enums import SharedSection
from stations.oversight.models import Assignment
from stations.oversight.queries.assignments import offered_files
from stations.oversight.services import assignments as services
from stations.registry.models import Station

from . import accounts
from .cases import person
from .days import at

if TYPE_CHECKING:
    from .story import Story

CLERK, ADVISER = "shouli", "xiehui"
STILL_OPEN = 14
"""Days from the day of seeding through which the second check lasts."""


def tell(story: Story) -> None:
    """The first was answered and ran out; the second shows the roster, the visits and two papers."""
    station = Station.objects.order_by("established_on")[0]
    with at(story.day(45), 9):
        over = _assign(
            station, "请查看工作站的管理制度，就行业自律和收费公示提出意见。", story.day(30), (SharedSection.VISITS,)
        )
    with at(story.day(38), 15):
        services.give_opinion(
            assignment_id=over.pk,
            text="管理制度齐全，收费公示栏已上墙。建议补充投诉处理的时限，并在示例县的工作地点同样公示。",
            by=person(ADVISER),
            key=uuid.uuid4(),
        )
    with at(story.day(2), 11):
        _assign(
            station,
            "请结合走访情况，查看名册构成和场所条件，就明年的输送安排提出意见。",
            story.base + dt.timedelta(days=STILL_OPEN),
            (SharedSection.ROSTER, SharedSection.VISITS, SharedSection.ACTIVITIES),
        )


def _assign(station: Station, purpose: str, until: dt.date, sections: tuple[str, ...]) -> Assignment:
    task = services.Task(
        organisation=Organisation.objects.get(name=accounts.ASSOCIATION),
        purpose=purpose,
        ends_on=until,
        sections=sections,
        files=[one.attachment.pk for one in offered_files(station)[:2]],
        files_read=True,
    )
    return services.assign(station_id=station.pk, task=task, by=person(CLERK), key=uuid.uuid4())
