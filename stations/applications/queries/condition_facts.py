"""What is computed beside each condition of 第三条 for the reviewer: licence, places, papers, numbers, shares."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from jinhua_labor.core.dates import date_cn
from jinhua_labor.review.states import Action
from jinhua_labor.rulebook import policy_on
from stations.applications.enums import CreditCheck, Side, Slot
from stations.applications.models import Application, Site
from stations.applications.rules import FiftyGate, OperatorFacts, QualityFigures, Share, fifty_gate
from stations.roster.queries import facts_for_quality, summary

from .completeness import anchor
from .facts import Papers, area_of, operator_facts, site_facts
from .targets import area_text, place_text, site_label


@dataclass(frozen=True, slots=True)
class Fact:
    """A computed fact: `ok` True or False where a rule looks at it, None where only a person can judge; `url` opens
    what lies behind."""

    label: str
    value: str
    ok: bool | None = None
    url: str = ""


def submitted_on(application: Application) -> dt.date | None:
    """The day of the latest submission: the 50 are counted as of it (R-12)."""
    moment = application.review.submitted_at
    return timezone.localdate(moment) if moment else None


def decision_facts(application: Application, *, day: dt.date) -> OperatorFacts:
    """R-09 at 初审 and 审核, with the bureau's reason for going on in spite of a bad record."""
    facts = operator_facts(application, day=day)
    if application.credit_check != CreditCheck.FOUND:
        return facts
    return dataclasses.replace(facts, bureau_reason=credit_waiver(application))


def credit_waiver(application: Application) -> str:
    """The reason the bureau wrote when it sent the file back to go on in spite of a bad record (R-09); else empty."""
    event = (
        application.review.events.filter(action=Action.SEND_BACK, detail__credit_waiver=True).order_by("-pk").first()
    )
    return event.comment if event else ""


def gate_of(application: Application, *, day: dt.date) -> FiftyGate:
    """The meter from the list's stored count."""
    tally = summary(application.roster_list)
    return fifty_gate(counted=tally.counted, pending=tally.pending, policy=policy_on(day).policy)


def general(application: Application, *, day: dt.date) -> list[Fact]:
    facts = decision_facts(application, day=day)
    until = date_cn(facts.licence_to) if facts.licence_to else "长期"
    valid = facts.has_licence and (facts.licence_to is None or facts.licence_to >= day)
    valid = valid and (facts.licence_from is None or facts.licence_from <= day)
    bar = f"{date_cn(facts.barred_until)}（含）前不得申报" if facts.barred_until else "无"
    code = f"{application.operator.credit_code}（{'校验相符' if facts.credit_code_valid else '校验不符'}）"
    licence = f"{application.licence_no or '未填写'}，{application.licence_issuer}，有效期至{until}"
    looked_up = {"NONE": True, "FOUND": bool(facts.bureau_reason)}.get(application.credit_check)
    found = [
        Fact("统一社会信用代码", code, facts.credit_code_valid),
        Fact("人力资源服务许可证", licence, valid, anchor(application, Slot.M2)),
        Fact("取消资格限制期", bar, facts.barred_until is None),
        Fact("信用核查", application.get_credit_check_display() or "未登记", looked_up),
    ]
    if application.credit_note:
        found.append(Fact("核查说明", application.credit_note))
    if facts.bureau_reason:
        found.append(Fact("区人社局意见", facts.bureau_reason))
    return found


def places(application: Application, *, day: dt.date) -> list[Fact]:
    papers = Papers(application)
    found = []
    for site, facts in zip(application.sites.all(), site_facts(application, papers, day=day), strict=True):
        inside = site.side == Side.DISTRICT or area_of(application).holds(facts.area)
        term = f"，使用至{date_cn(site.lease_to)}" if site.lease_to else ""
        where = f"{place_text(site) or '未填写地址'}，{site.get_tenure_display() or '未填使用方式'}{term}"
        label = site_label(application, site)
        within = facts.tenure_to is None or facts.tenure_to >= day
        proved, photos = papers.has(Slot.LEASE, site.pk), anchor(application, f"{Slot.M6}:{site.pk}")
        proof = anchor(application, f"{Slot.LEASE}:{site.pk}")
        found += [
            Fact(label, where, inside and within, anchor(application, f"site:{site.pk}")),
            Fact(f"{label}照片", f"{facts.photos}张", facts.photos > 0, photos),
            Fact(f"{label}使用证明", "已上传" if proved else "缺少", proved, proof),
            Fact(f"{label}办公设施", "、".join(site.facilities) or "未勾选", bool(site.facilities)),
            Fact(f"{label}核查", _checked(site), site.checked_at is not None),
        ]
    liaison = f"{application.liaison_name} {application.liaison_phone}".strip()
    found.append(Fact("对接专人", liaison or "未指定", bool(application.liaison_name)))
    return found


def _checked(site: Site) -> str:
    if site.checked_at is None or site.checked_by is None:
        return "尚未核查"
    return f"{date_cn(timezone.localdate(site.checked_at))} {site.checked_by.name}：{site.check_note}"


def papers(application: Application, *, day: dt.date) -> list[Fact]:
    there = Papers(application)
    found = []
    for label, slot in (("管理制度", Slot.M4C), ("劳务协作协议", Slot.M4B), ("年度工作计划", Slot.PLAN)):
        text = f"{there.counts[(slot, '')]}个文件" if there.has(slot) else "缺少"
        found.append(Fact(label, text, there.has(slot), anchor(application, slot)))
    starts, ends = application.agreement_from, application.agreement_to
    covers = starts is not None and starts <= day and (ends is None or ends >= day)
    term = f"{date_cn(starts) or '未填'}至{date_cn(ends) or '未写明'}"
    signed = f"，{date_cn(application.agreement_signed_on)}签订" if application.agreement_signed_on else ""
    party = f"{application.partner_name}（{application.get_partner_kind_display() or '性质未填'}）"
    found += [
        Fact("协议对方", f"{party}，协作地区{area_text(application)}"),
        Fact("协议期限", f"{term}{signed}", covers),
        Fact("协议主要措施", application.agreement_measures or "未填写", bool(application.agreement_measures.strip())),
    ]
    return found


def count(application: Application, *, day: dt.date) -> list[Fact]:
    tally, gate = summary(application.roster_list), gate_of(application, day=day)
    url = anchor(application, "roster")
    as_of = submitted_on(application)
    found = [
        Fact("计入", f"{tally.counted}人（需{gate.needed}人）", gate.may_pass, f"{_rows(application)}?rs=COUNTED#rows"),
        Fact("待核", f"{tally.pending}人", None if tally.pending else True, f"{_rows(application)}?rs=PENDING#rows"),
        Fact("不计", f"{tally.excluded}行", None, f"{_rows(application)}?rs=EXCLUDED#rows"),
        Fact("名册原始行数", f"{tally.raw}行", None, url),
    ]
    if as_of:
        counted = f"，现有核算截至{date_cn(tally.as_of)}" if tally.as_of and tally.as_of != as_of else ""
        found.append(Fact("统计截至", f"最近一次提交之日{date_cn(as_of)}{counted}；办理时按此重新核算"))
    return found


def _rows(application: Application) -> str:
    return reverse("applications:review", args=[application.pk])


def quality(application: Application, *, day: dt.date) -> QualityFigures:
    """The shares of condition (五) in the year of the latest submission."""
    year = (submitted_on(application) or day).year
    found = facts_for_quality(application.roster_list, year)
    return QualityFigures(
        skilled=Share(found.certified, found.total),
        schooled=Share(found.schooled, found.schooling_known),
        key_employers=Share(found.to_key_employers, found.total),
    )


def shares(application: Application, *, day: dt.date) -> list[Fact]:
    figures = quality(application, day=day)
    year = (submitted_on(application) or day).year
    rows = {
        "持技能等级或职业资格证书": figures.skilled,
        "初中以上文化程度（已知的人中）": figures.schooled,
        f"输送到{year}年重点企业": figures.key_employers,
    }
    return [
        Fact(label, f"{share.part}/{share.whole}人，{share.percent}%" if share.whole else "没有数据")
        for label, share in rows.items()
    ]
