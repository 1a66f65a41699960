"""取消资格 of a station under way: told two days ago, the unit may still state and defend."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from stations.oversight.enums import Ground
from stations.oversight.services import revocations
from stations.registry.models import Station

from .cases import person
from .days import at
from .papers import paper

if TYPE_CHECKING:
    from .story import Story


def tell(story: Story) -> None:
    """Proposed three working days ago after two inspections, told to the unit on the next."""
    station = Station.objects.get(operator=person("bing").organisation)
    clerk = person("shouli")
    with at(story.day(3), 10):
        row = revocations.propose(
            station_id=station.pk,
            content=revocations.Content(
                grounds=[Ground.G2],
                facts=(
                    "经两次实地检查，登记的金东区工作地点已退租，现场无人办公，至今没有报备新的工作地点。"
                    "（演示内容，虚构）"
                ),
                uploads=[paper("实地检查记录", f"{station.name}。两次到场，房屋已由房东收回，无人办公。")],
            ),
            by=clerk,
            key=uuid.uuid4(),
        )
    with at(story.day(2), 10):
        revocations.notify(revocation_id=row.pk, by=clerk)
