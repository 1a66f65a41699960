"""What supports the judgement of 第三条（五）(R-13): shares with certificates, schooling, key employers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from stations.registry.models import KeyEmployer
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery

if TYPE_CHECKING:
    from stations.roster.models import RosterList

# 初中以上; what is written otherwise is told as unknown, not guessed.
SCHOOLED = (
    "初中",
    "高中",
    "中专",
    "中技",
    "技校",
    "职高",
    "大专",
    "专科",
    "高职",
    "本科",
    "大学",
    "研究生",
    "硕士",
    "博士",
)


@dataclass(frozen=True, slots=True)
class Quality:
    """Persons not excluded (`total`) and how many of them; whole numbers, shares are for the page. No numeric gate."""

    total: int
    certified: int
    schooling_known: int
    schooled: int
    to_key_employers: int
    year: int


def facts_for_quality(roster_list: RosterList, year: int) -> Quality:
    """The numbers over the rows that count or may count; key employers are those of `year`. One query."""
    schooled = Q()
    for word in SCHOOLED:
        schooled |= Q(education__contains=word)
    key = Exists(KeyEmployer.objects.filter(employer=OuterRef("employer"), year=year))
    found = (
        Delivery.objects.filter(roster_list=roster_list)
        .exclude(status=CountStatus.EXCLUDED)
        .aggregate(
            total=Count("pk"),
            certified=Count("pk", filter=~Q(skill="") | ~Q(certificate_no="")),
            schooling_known=Count("pk", filter=~Q(education="")),
            schooled=Count("pk", filter=schooled),
            to_key_employers=Count("pk", filter=key),
        )
    )
    return Quality(**found, year=year)
