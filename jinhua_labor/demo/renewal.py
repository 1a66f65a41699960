"""The first station's term is about to end: its renewal has passed 初审 and waits for the bureau."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from jinhua_labor.review.states import Recommendation
from stations.oversight.services import renewals
from stations.registry.models import Station
from stations.registry.services import papers

from .cases import person
from .days import at
from .papers import paper

if TYPE_CHECKING:
    from .story import Story

YEARS = 3


def tell(story: Story) -> None:
    """Handed in four working days ago with the agreement that follows; screened two days later."""
    station = Station.objects.get(pk=story.plaque_station.pk)
    begins = station.term_to + dt.timedelta(days=1)
    ends = begins + dt.timedelta(days=365 * YEARS)
    with at(story.day(4), 10):
        row = renewals.submit(
            station_id=station.pk,
            content=renewals.Content(
                term_to=ends,
                changes="",
                agreement=papers.Content(
                    title="劳务协作协议（续签）", valid_from=begins, valid_to=ends, party=station.partner_name
                ),
                uploads=[paper("劳务协作协议（续签）", f"{station.partner_name}与承建单位续签。")],
            ),
            by=person("jia"),
            key=uuid.uuid4(),
        )
    with at(story.day(2), 11):
        renewals.screen(
            renewal_id=row.pk,
            recommendation=Recommendation.AGREE,
            opinion="续签协议齐全，许可证和两地场所有效，同意续期。",
            by=person("chushen"),
        )
