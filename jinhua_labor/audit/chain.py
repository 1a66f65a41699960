"""The hash chain over the journal: what was sealed cannot be changed, left out or put in between unnoticed.

Rows are added without a lock; a job seals them afterwards. Rows of transactions still running are invisible to the job
and are sealed by a later run, so `seq`, not `id`, is the order of the chain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from .models import AuditEntry

LOCK = 0x6A688_0001  # advisory lock of the sealing job: one chain, one writer
BATCH = 5_000
START = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found: rows sealed, rows waiting, the head, and the first broken `seq` with its reason."""

    sealed: int
    waiting: int
    head: bytes
    broken_at: int | None = None
    reason: str = ""


def _digest(previous: bytes, entry: AuditEntry, seq: int) -> bytes:
    row = [
        seq,
        entry.pk,
        entry.at.astimezone(dt.UTC).isoformat(),
        str(entry.actor_id) if entry.actor_id else None,
        entry.actor_name,
        entry.role,
        entry.organisation_name,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.object_title,
        entry.purpose,
        entry.detail,
        entry.ip,
        entry.request_id,
    ]
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY, previous + text.encode(), hashlib.sha256).digest()


def seal(*, limit: int = BATCH) -> int:
    """Seals up to `limit` waiting rows in id order and gives their number; 0 while another process is sealing."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        last = AuditEntry.objects.filter(seq__isnull=False).order_by("-seq").values_list("seq", "hash").first()
        seq, previous = (last[0], bytes(last[1])) if last else (0, START)
        values = []
        for entry in AuditEntry.objects.filter(seq__isnull=True).order_by("id")[:limit]:
            seq += 1
            previous = _digest(previous, entry, seq)
            values.append((entry.pk, seq, previous))
        if values:
            cursor.execute(
                "UPDATE audit_auditentry AS e SET seq = v.seq, hash = v.hash "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS v(id, seq, hash) WHERE e.id = v.id",
                [list(column) for column in zip(*values, strict=True)],
            )
        return len(values)


def verify(*, head: bytes | None = None) -> ChainReport:
    """Recomputes the whole chain. `head`, noted earlier elsewhere, must still be one of its links (a cut tail)."""
    waiting = AuditEntry.objects.filter(seq__isnull=True).count()
    previous, seq, seen_head = START, 0, head is None
    for entry in AuditEntry.objects.filter(seq__isnull=False).order_by("seq").iterator(chunk_size=BATCH):
        seq += 1
        if entry.seq != seq:
            return ChainReport(seq - 1, waiting, previous, seq, f"缺少第 {seq} 条")
        expected = _digest(previous, entry, seq)
        if not hmac.compare_digest(expected, bytes(entry.hash or b"")):
            return ChainReport(seq - 1, waiting, previous, seq, f"第 {seq} 条内容或顺序被改动")
        previous = expected
        seen_head = seen_head or previous == head
    if not seen_head:
        return ChainReport(seq, waiting, previous, seq + 1, "找不到先前记录的链尾，末尾的记录可能已被删除")
    return ChainReport(seq, waiting, previous)
