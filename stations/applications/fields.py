"""The fields of 附件1 and of what stands beside the printed form, in the notice's order: names, labels, groups.

One table for the form, for marking a defect, for unlocking it again, and for what is still missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stations.applications.enums import Side

FACILITIES: tuple[str, ...] = (
    "办公桌椅", "电脑", "电话", "打印复印机", "档案柜", "网络", "接待洽谈区", "公示栏", "监控设备",
)  # fmt: skip
"""必要办公设施 (第三条（二）) as a checklist; the notice names none, so any tick counts and the centre judges."""

PROFILE_MIN = 50
"""简介: at least so many characters (reading of 附件1; the box has no number)."""

SITE_TARGET = re.compile(r"site:(?P<site>[0-9a-f-]{36}):(?P<field>\w+)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `required` before SUBMIT; `with_` are the fields that a mark on this one unlocks too."""

    name: str
    label: str
    required: bool = True
    with_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A block of the page; `rows` are fields that stand side by side."""

    key: str
    title: str
    hint: str
    rows: tuple[tuple[Field, ...], ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(field for row in self.rows for field in row)


_AREA = ("area_province", "area_city", "area_county")
_TERM = ("agreement_signed_on", "agreement_from", "agreement_to")
_LICENCE = ("licence_from", "licence_to")

PRINTED: tuple[Group, ...] = (
    Group(
        "area",
        "省外劳务协作地区",
        "填到协作协议写明的一级，市（州）、县（市、区）没有的可以不填。",
        (
            (
                Field("area_province", "省（自治区、直辖市）", with_=_AREA),
                Field("area_city", "市（州、盟）", required=False, with_=_AREA),
                Field("area_county", "县（市、区）", required=False, with_=_AREA),
            ),
        ),
    ),
    Group(
        "head",
        "申请机构负责人",
        "",
        ((Field("head", "申请机构负责人"), Field("head_phone", "联系电话")),),
    ),
    Group(
        "partner",
        "合作机构",
        "省外劳务输出地区与贵单位签订劳务协作协议的一方。",
        (
            (Field("partner_name", "合作机构名称"),),
            (Field("partner_head", "合作机构负责人"), Field("partner_phone", "联系电话")),
        ),
    ),
    Group("address", "劳务协作工作站地址", "", ((Field("station_address", "劳务协作工作站地址"),),)),
    Group("term", "申请经营期限", "", ((Field("term_to", "申请经营期限：自申请之日起至"),),)),
    Group("profile", "劳务协作工作站简介", "", ((Field("profile", "劳务协作工作站简介"),),)),
)
"""What 附件1 prints, in its order; 申请机构 itself comes from the registration."""

BESIDE: tuple[Group, ...] = (
    Group(
        "licence",
        "单位资质",
        "与营业执照、《人力资源服务许可证》一致。",
        (
            (Field("legal_rep", "法定代表人"), Field("licence_no", "人力资源服务许可证编号")),
            (
                Field("licence_issuer", "许可证发证机关"),
                Field("licence_from", "许可证有效期起", with_=_LICENCE),
                Field("licence_to", "许可证有效期止", required=False, with_=_LICENCE),
            ),
        ),
    ),
    Group(
        "agreement",
        "劳务协作协议",
        "协议原文在“材料”页上传。",
        (
            (Field("partner_kind", "合作机构性质"), Field("agreement_signed_on", "签订日期", with_=_TERM)),
            (
                Field("agreement_from", "有效期起", with_=_TERM),
                Field("agreement_to", "有效期止", required=False, with_=_TERM),
            ),
            (Field("agreement_measures", "主要措施"),),
        ),
    ),
    Group(
        "liaison",
        "对接专人",
        "第三条（二）：指定专人负责两地劳务协作对接工作，须为1名。",
        ((Field("liaison_name", "对接专人"), Field("liaison_phone", "联系电话")),),
    ),
)
"""What is asked beside the printed form; it is not printed on 附件1."""

SITE_FIELDS: tuple[Field, ...] = (
    Field("province", "省", with_=("city", "county", "address")),
    Field("city", "市（州）", required=False, with_=("province", "county", "address")),
    Field("county", "县（市、区）", required=False, with_=("province", "city", "address")),
    Field("address", "详细地址", with_=("province", "city", "county")),
    Field("tenure", "使用方式", with_=("lease_from", "lease_to")),
    Field("lease_from", "使用期限起", required=False, with_=("tenure", "lease_to")),
    Field("lease_to", "使用期限止", required=False, with_=("tenure", "lease_from")),
    Field("facilities", "办公设施"),
)

GROUPS: tuple[Group, ...] = PRINTED + BESIDE
FIELDS: dict[str, Field] = {field.name: field for group in GROUPS for field in group.fields}
SITE_FIELD: dict[str, Field] = {field.name: field for field in SITE_FIELDS}

ORDERED: tuple[tuple[str, str, str], ...] = (
    ("licence_from", "licence_to", "许可证有效期的截止日期不能早于起始日期。"),
    ("agreement_from", "agreement_to", "协议有效期的截止日期不能早于起始日期。"),
    ("agreement_signed_on", "agreement_to", "协议的截止日期不能早于签订日期。"),
    ("lease_from", "lease_to", "使用期限的截止日期不能早于起始日期。"),
)
"""Pairs of dates that must not be upside down, of the application and of a site."""

GROUP_TITLES: dict[str, str] = {field.name: group.title for group in GROUPS for field in group.fields}


def full_label(name: str) -> str:
    """「合作机构 联系电话」: the label with its block where the label alone is not enough."""
    field, title = FIELDS[name], GROUP_TITLES[name]
    if name == "term_to":
        return title
    if title in field.label or title == "单位资质":
        return field.label
    return f"{title} {field.label}"


def site_fields(side: str) -> tuple[Field, ...]:
    """What is asked of a site on this side: one in 金东区 lies there, only its address is asked."""
    given = ("province", "city", "county") if side == Side.DISTRICT else ()
    return tuple(field for field in SITE_FIELDS if field.name not in given)


def site_target(site_id: object, field: str) -> str:
    """How a field of a site is named in a defect."""
    return f"site:{site_id}:{field}"


def slot_target(slot: str, site_id: object | None = None) -> str:
    """How a slot of the materials is named in a defect."""
    return f"{slot}:{site_id}" if site_id else slot
