"""The places a defect can mark, as words: what each is called, what it says now, where it stands on the page."""

from __future__ import annotations

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.provinces import PROVINCES
from stations.applications.enums import Side, Slot, TargetKind
from stations.applications.fields import FIELDS, SITE_FIELD, SITE_TARGET, full_label
from stations.applications.models import Application, Material, Site
from stations.roster.models import Delivery

EMPTY = "（空）"
GONE = "（已删除）"


def label_of(application: Application, kind: str, target: str) -> str:
    """What the notice calls the place: 「申请表 · 合作机构 联系电话」「材料 · 务工人员管理办法」「名册 · 第 7 行」."""
    if kind == TargetKind.FIELD:
        return f"申请表 · {field_label(application, target)}"
    if kind == TargetKind.MATERIAL:
        return f"材料 · {slot_label(application, target)}"
    row = Delivery.objects.filter(pk=target).first()
    return f"名册 · 序号 {row.seq} {row.name}" if row else "名册"


def field_label(application: Application, target: str) -> str:
    if target == "sites":
        return "工作地点"
    if target == "roster":
        return "输送劳动力名册"
    if match := SITE_TARGET.fullmatch(target):
        site = _site(application, match["site"])
        own = SITE_FIELD.get(match["field"])
        where = site_label(application, site) if site else "工作地点"
        return f"{where} {own.label if own else ''}".strip()
    return full_label(target) if target in FIELDS else target


def slot_label(application: Application, target: str) -> str:
    slot, _, site_id = target.partition(":")
    name = Slot(slot).label if slot in Slot.values else slot
    site = _site(application, site_id) if site_id else None
    return f"{name}（{site_label(application, site)}）" if site else str(name)


def site_label(application: Application, site: Site) -> str:
    """「金东区工作地点」, numbered where there are several on one side."""
    same = [other.pk for other in application.sites.all() if other.side == site.side]
    number = f"{same.index(site.pk) + 1}" if len(same) > 1 and site.pk in same else ""
    return f"{Side(site.side).label}工作地点{number}"


def current_text(application: Application, kind: str, target: str) -> str:
    """What stands there now, as text: kept with a defect when it is told, compared when it is answered.

    Rows are masked; files are named with the head of their digest, so that a replaced file of the same name differs.
    """
    if kind == TargetKind.FIELD:
        return field_text(application, target)
    if kind == TargetKind.MATERIAL:
        return material_text(application, target)
    row = Delivery.objects.select_related("person", "employer").filter(pk=target).first()
    return row_text(row) if row and row.roster_list_id == application.roster_list_id else GONE


def field_text(application: Application, target: str) -> str:
    if target == "sites":
        return "\n".join(f"{Side(site.side).label}：{place_text(site)}" for site in application.sites.all())
    if target == "roster":
        return f"{Delivery.objects.filter(roster_list=application.roster_list_id).count()} 行"
    if match := SITE_TARGET.fullmatch(target):
        site = _site(application, match["site"])
        return value_text(site, match["field"]) if site and match["field"] in SITE_FIELD else GONE
    return value_text(application, target) if target in FIELDS else ""


def value_text(row: Application | Site, name: str) -> str:
    """A stored value as a person reads it."""
    value = getattr(row, name)
    if value in (None, "", []):
        return ""
    if name in ("area_province", "province"):
        return PROVINCES.get(value, value)
    if isinstance(value, list):
        return "、".join(value)
    if display := getattr(row, f"get_{name}_display", None):
        return str(display())
    return value if isinstance(value, str) else date_cn(value)


def place_text(site: Site) -> str:
    return f"{PROVINCES.get(site.province, '')}{site.city}{site.county}{site.address}"


def area_text(application: Application) -> str:
    """省外劳务协作地区（省市县） in one line, as 附件1 prints it."""
    return f"{PROVINCES.get(application.area_province, '')}{application.area_city}{application.area_county}"


def material_text(application: Application, target: str) -> str:
    slot, _, site_id = target.partition(":")
    rows = in_slot(application, slot, site_id or None)
    return "；".join(f"{row.attachment.name}（{row.attachment.sha256[:8]}）" for row in rows)


def in_slot(application: Application, slot: str, site_id: object | None = None) -> list[Material]:
    """The files that count in a slot: not superseded, oldest first."""
    rows = application.materials.filter(slot=slot, superseded_at__isnull=True).select_related("attachment")
    return list(rows.filter(site=site_id) if site_id else rows)


def row_text(row: Delivery) -> str:
    return f"{row.name} {row.person.masked_id} {row.hukou_text} {row.employer.name} {date_cn(row.entry_on)}"


def _site(application: Application, site_id: str) -> Site | None:
    return next((site for site in application.sites.all() if str(site.pk) == str(site_id)), None)
