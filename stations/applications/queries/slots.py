"""The slots of the seven materials and what lies in them, as the 材料 page shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from jinhua_labor.policy.types import Material as PolicyMaterial
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import Channel, Side, Slot
from stations.applications.fields import slot_target
from stations.applications.models import Application, Material, Site

from .editable import Editable
from .progress import Item, Progress
from .targets import place_text, site_label

PHOTOS = ("jpeg", "png")
PAPERS = ("pdf", "jpeg", "png")
SECRET = frozenset({Slot.M7})
"""Papers of identity (证件): opened by a logged POST only."""

FILES_MAX = 20

# What stands beside the seven: asked by 第三条, not numbered by 第四条.
EXTRA: dict[str, tuple[str, str, tuple[str, ...]]] = {
    Slot.PLAN: ("第三条（三）", "年度省外劳动力工作计划", ("写明年度输送目标、来源地、对接企业和保障措施",)),
    Slot.LEASE: (
        "第三条（二）",
        "场所使用证明",
        ("产权证明、租赁合同或借用协议", "地址与所填工作地点一致，在使用期限之内"),
    ),
}
PART_SHOWS: dict[str, tuple[str, ...]] = {
    Slot.M4A: ("单位基本情况、人员和业务规模",),
    Slot.M4B: ("与省外劳务输出地区签订，双方签章、签订日期、有效期和主要措施清楚",),
    Slot.M4C: ("务工人员招募、培训、跟踪服务和权益保障的办法",),
    Slot.M4D: ("其他与劳务协作有关的制度，没有可以不传",),
}
LATER = {
    Slot.M3: "申请表填好后打印，签字盖章，再扫描或拍照上传。",
    Slot.M5: "名册导入后打印附件2盖章上传；名册数据已在线提交的，可以不传。",
}


@dataclass(frozen=True, slots=True)
class SlotView:
    """One slot of one material (of one site)."""

    slot: str
    site: Site | None
    title: str
    shows: tuple[str, ...]
    required: bool
    kinds: tuple[str, ...]
    secret: bool
    files: tuple[Material, ...]
    unlocked: bool
    note: str = ""
    marks: tuple[Item, ...] = ()
    offered: tuple[Material, ...] = ()  # what the last application had here

    @property
    def key(self) -> str:
        return f"{self.slot}-{self.site.pk}" if self.site else self.slot

    @property
    def photo(self) -> bool:
        return "pdf" not in self.kinds

    @property
    def accept(self) -> str:
        return "image/jpeg,image/png" if self.photo else "application/pdf,image/jpeg,image/png"

    @property
    def limits(self) -> str:
        """What is told before choosing a file."""
        kinds = "JPG、PNG 照片" if self.photo else "PDF、JPG、PNG"
        return f"{kinds}，单个不超过20MB，最多{FILES_MAX}个"

    @property
    def full(self) -> bool:
        return len(self.files) >= FILES_MAX


@dataclass(frozen=True, slots=True)
class MaterialView:
    """One of the seven (`number`), or what 第三条 asks beside them (`number` 0)."""

    number: int
    title: str
    clause: str
    text: str
    copies: int
    copy_kind: str
    stamp: bool
    slots: tuple[SlotView, ...] = field(default_factory=tuple)
    paper: int = 0
    reading: str = ""

    @property
    def complete(self) -> bool:
        wanted = [slot for slot in self.slots if slot.required] or self.slots
        return bool(wanted) and all(slot.files for slot in wanted)

    @property
    def paper_enough(self) -> bool:
        return self.paper >= self.copies


def materials(
    application: Application, *, day: dt.date, allowed: Editable, told: Progress | None = None, offer: bool = False
) -> list[MaterialView]:
    """The seven in the notice's order, then 工作计划 and 场所使用证明; three queries whatever the number of files.

    `offer` adds what the operator's last application had in slots that are still empty.
    """
    sites = list(application.sites.all())
    rows = application.materials.filter(superseded_at__isnull=True).select_related("attachment")
    files: dict[tuple[str, object], list[Material]] = {}
    for row in rows:
        files.setdefault((row.slot, row.site_id), []).append(row)
    before = last_files(application) if offer else {}
    paper = dict(application.paper.values_list("material", "copies")) if application.channel == Channel.COUNTER else {}

    def slot(
        code: str, title: str, shows: tuple[str, ...], *, required: bool = True, site: Site | None = None
    ) -> SlotView:
        here = tuple(files.get((code, site.pk if site else None), ()))
        target = slot_target(code, site.pk if site else None)
        unlocked = allowed.slot(code, site.pk if site else None)
        return SlotView(
            slot=code,
            site=site,
            title=title,
            shows=shows,
            required=required,
            kinds=PHOTOS if code == Slot.M6 else PAPERS,
            secret=code in SECRET,
            files=here,
            unlocked=unlocked,
            note=LATER.get(Slot(code), ""),
            marks=tuple(told.of_slot(target)) if told else (),
            offered=tuple(before.get(code, ())) if unlocked and not here and site is None else (),
        )

    def per_site(code: str, title: str, shows: tuple[str, ...]) -> tuple[SlotView, ...]:
        return tuple(
            slot(
                code, f"{site_label(application, site)}{title}", (place_text(site) or "地址尚未填写", *shows), site=site
            )
            for site in sites
        )

    views = [_seven(material, slot, per_site, paper) for material in policy_on(day).policy.materials]
    clause, title, shows = EXTRA[Slot.PLAN]
    views.append(
        MaterialView(
            0, title, clause, "省外劳动力工作计划切实可行", 0, "", stamp=False, slots=(slot(Slot.PLAN, title, shows),)
        )
    )
    clause, title, shows = EXTRA[Slot.LEASE]
    views.append(
        MaterialView(0, title, clause, "在金东区和省外劳务输出地区均设有实际工作地点", 0, "", stamp=False,
                     slots=per_site(Slot.LEASE, title, shows))
    )  # fmt: skip
    return views


def _seven(material: PolicyMaterial, slot, per_site, paper: dict[int, int]) -> MaterialView:  # type: ignore[no-untyped-def]
    code = f"M{material.number}"
    if material.parts:
        slots = tuple(
            slot(part.code, part.label, PART_SHOWS.get(part.code, ()), required=part.required)
            for part in material.parts
        )
    elif material.per_site:
        slots = per_site(code, "照片", material.shows[1:])
    else:
        slots = (slot(code, material.name, material.shows, required=not material.from_data),)
    return MaterialView(
        number=material.number,
        title=material.name,
        clause=material.clause,
        text=material.text.rstrip("；;。"),
        copies=material.copies,
        copy_kind=material.copy_kind,
        stamp=material.stamp,
        slots=slots,
        paper=paper.get(material.number, 0),
        reading=material.reading,
    )


REUSABLE = frozenset({Slot.M1, Slot.M2, Slot.M4A, Slot.M4B, Slot.M4C, Slot.M4D, Slot.M7, Slot.PLAN})
"""What a later application may carry over: papers of the unit, not of the form, the roster or a site."""


def last_files(application: Application) -> dict[str, list[Material]]:
    """The papers of the unit in its last other application, by slot."""
    last = (
        Application.objects.filter(operator=application.operator_id)
        .exclude(pk=application.pk)
        .order_by("-created_at")
        .first()
    )
    if last is None:
        return {}
    found: dict[str, list[Material]] = {}
    rows = last.materials.filter(superseded_at__isnull=True, slot__in=sorted(REUSABLE)).select_related("attachment")
    for row in rows:
        found.setdefault(row.slot, []).append(row)
    return found


def needed_sides(application: Application) -> set[str]:
    """Sides of which no site is entered."""
    return set(Side) - {site.side for site in application.sites.all()}
