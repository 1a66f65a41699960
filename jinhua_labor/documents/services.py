"""Every write of an issued document: its number, what it said, and the digests of the signed copy."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import IntegrityError, transaction

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.attachments.reading import open_path
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.docno import DocNoError, parse_doc_no
from jinhua_labor.core.errors import Refused

from .models import DocumentKind, IssuedDocument

_CHUNK = 1 << 20


@transaction.atomic
def register(
    *,
    kind: DocumentKind,
    doc_no: str,
    title: str,
    issued_on: dt.date,
    content: dict[str, Any],
    signed: Attachment,
    by: User,
) -> IssuedDocument:
    """Enters a document that went out on paper: `doc_no` normalised, `content` what it says as plain data, `signed` the
    sealed copy, whose SHA-256 and SM3 (GB/T 32905) are kept.

    Raises Refused when the number is given away already.
    """
    try:
        with transaction.atomic():
            document = IssuedDocument.objects.create(
                kind=kind,
                doc_no=doc_no,
                title=title,
                issued_on=issued_on,
                content=content,
                content_sha256=digest(content),
                signed_file=signed,
                signed_sha256=signed.sha256,
                signed_sm3=sm3(signed),
                created_by=by,
            )
    except IntegrityError as error:
        if "doc_no_once" not in str(error):
            raise
        raise Refused(taken(doc_no), problems=((taken(doc_no), "#id_doc_no"),)) from error
    record(
        by=by,
        action="document.register",
        obj=document,
        detail={"doc_no": doc_no, "issued_on": issued_on.isoformat(), "sha256": document.signed_sha256},
    )
    return document


def number_problems(doc_no: str, issued_on: dt.date, *, prefix: str = "id_") -> tuple[str, list[tuple[str, str]]]:
    """(发文字号 in its one spelling, what keeps it from being entered as (message, link to the field)): how it is
    written, used before, of another year than 成文日期, a day to come. `prefix` is that of the form's fields."""
    number, problems = doc_no.strip(), []
    try:
        parsed = parse_doc_no(doc_no)
    except DocNoError as error:
        problems.append((str(error), f"#{prefix}doc_no"))
    else:
        number = str(parsed)
        if IssuedDocument.objects.filter(doc_no=number).exists():
            problems.append((taken(number), f"#{prefix}doc_no"))
        if parsed.year != issued_on.year:
            problems.append((f"发文字号的年份〔{parsed.year}〕与成文日期的年份不一致。", f"#{prefix}doc_no"))
    if issued_on > today():
        problems.append(("成文日期不能晚于今天。", f"#{prefix}issued_on"))
    return number, problems


def taken(doc_no: str) -> str:
    """What is said of a number that was used before."""
    return f"{doc_no}已使用，同一年度的发文字号不能重复。"


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content in one spelling, so that a later change behind the portal's back can be shown."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sm3(attachment: Attachment) -> str:
    """SM3 of a stored file as 64 hexadecimal digits. Raises FileMissing when it is not the file that was stored."""
    state = hashes.Hash(hashes.SM3())
    with open_path(attachment).open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.finalize().hex()
