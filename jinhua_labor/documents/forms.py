"""The two printed forms of the notice that an applicant hands in: 附件1 and 附件2, exactly as issued."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from .annex2 import Annex2Head, Annex2Row, annex2_pdf
from .render import render

__all__ = ["Annex1", "Annex2Head", "Annex2Row", "Opinion", "annex1_pdf", "annex2_pdf", "paragraphs"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an office wrote into its box of 附件1; empty fields leave the paper blank for pen and seal."""

    text: str = ""
    person: str = ""
    given_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Annex1:
    """The thirteen cells of 附件1 《金东区劳务协作工作站设立申请表》, in the order of the notice (R-68)."""

    operator: str = ""  # 申请机构（承建单位）
    area: str = ""  # 省外劳务协作地区（省市县）
    head: str = ""  # 申请机构负责人
    head_phone: str = ""
    partner: str = ""  # 合作机构名称
    partner_head: str = ""  # 合作机构负责人
    partner_phone: str = ""
    address: str = ""  # 劳务协作工作站地址
    term_end: dt.date | None = None  # 申请经营期限
    profile: str = ""  # 劳务协作工作站简介; paragraphs are divided by line breaks
    centre: Opinion = Opinion()
    bureau: Opinion = Opinion()


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of a text typed into a form, each a paragraph."""
    return [line for line in (part.strip() for part in text.splitlines()) if line]


def annex1_pdf(form: Annex1) -> bytes:
    """附件1 as a PDF of one A4 page; a long 简介 or long names let it grow to a second one, nothing is cut (R-68).

    The place of the legal representative's signature and of the seals stays blank: the portal draws neither.
    """
    return render("annex1.html", {"form": form, "profile": paragraphs(form.profile)}, style="annex1")[0]
