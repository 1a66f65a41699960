"""What the offices keep and publish beside the files: registers of employers, a 公示 that is running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from jinhua_labor.documents.official import BUREAU
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from stations.registry.models import Employer
from stations.registry.services import employers
from stations.roster.services.matching import find_employer

from .cases import person
from .days import at
from .people import DISPATCH, EMPLOYERS

if TYPE_CHECKING:
    from .story import Story


def registers(story: Story) -> None:
    """What the offices keep: who has a 劳务派遣 licence, and 区内重点企业 of the year."""
    operator = person("bing")
    assert operator.organisation is not None
    with at(story.day(36)):
        found = find_employer(
            operator=operator.organisation,
            text=DISPATCH.name,
            name=DISPATCH.name,
            credit_code=DISPATCH.credit_code,
            in_district=True,
            by=operator,
        )
        employers.amend(
            employer_id=found.employer.pk,
            name=DISPATCH.name,
            in_district=True,
            has_dispatch_licence=True,
            reason="查询劳务派遣经营许可公示",
            by=person("chushen"),
        )
    with at(story.day(35)):
        for unit in EMPLOYERS[:3]:
            employer = Employer.objects.get(credit_code=unit.credit_code)
            for year in {story.day(35).year, story.base.year}:
                employers.add_key_employer(employer_id=employer.pk, year=year, by=person("shenhe"))


def publish(story: Story) -> None:
    """A 公示 that is running, beside what establishments have left."""
    with at(story.day(3), 16):
        notice = notices.prepare(
            kind=NoticeKind.OTHER,
            title=f"关于{story.base.year}年度区内重点企业名单的公示",
            body="\n".join(
                [
                    "根据《金东区省外劳务协作工作站设立与管理办法（试行）》第三条（五），现将本年度区内重点企业名单予以公示：",
                    *(f"{number}. {unit.name}" for number, unit in enumerate(EMPLOYERS[:3], 1)),
                    "对名单有异议的，请在公示期内以书面形式实名反映。",
                ]
            ),
            by=person("chushen"),
            workdays=7,
            office=BUREAU,
            phone=settings.SITE_PHONE,
        )
    with at(story.day(2), 9):
        notices.release(notice_id=notice.pk, by=person("juzhang"))
