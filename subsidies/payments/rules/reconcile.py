"""Which rows of a finance result sheet belong to which payments: by batch number, name and amount (R-46). Pure.

A sheet is taken whole or not at all, so every row ends as matched, as said before, or as a mismatch with its reason.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jinhua_labor.core.money import yuan
from subsidies.grants.rules import FREE, HELD_WORDS, Standing
from subsidies.payments.enums import PaymentState, Problem, Said

Key = tuple[str, str, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """A payment as the batch froze it, with what is known of it so far."""

    id: uuid.UUID
    batch: str
    seq: int
    payee: str
    amount: Decimal
    state: str = PaymentState.PENDING
    voucher: str = ""
    settled_on: date | None = None
    standing: Standing = FREE  # what keeps its grant now


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the sheet as it was read; `row` is its number there. `said` is empty where the row says nothing."""

    row: int
    batch: str
    payee: str
    amount: Decimal | None
    said: str = ""
    voucher: str = ""
    on: date | None = None
    reason: str = ""
    seq: int | None = None
    unread: str = ""  # why a cell of the row could not be read


@dataclass(frozen=True, slots=True)
class Match:
    told: Told
    line: Line


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row that cannot be taken: which rule it breaks, and in words what stands there and what was expected."""

    told: Told
    problem: Problem
    words: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a sheet would do. `missing` are payments of its batches that still wait and that no row speaks of."""

    matched: tuple[Match, ...]
    repeated: tuple[Match, ...]
    mismatches: tuple[Mismatch, ...]
    silent: tuple[Told, ...]
    missing: tuple[Line, ...]

    @property
    def clean(self) -> bool:
        return not self.mismatches


def spelled(name: str) -> str:
    """A name for comparing: one width, no spaces; 「示例（金华）公司」 and 「示例(金华) 公司」 are one payee."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def reconcile(
    told: Sequence[Told], lines: Iterable[Line], *, issued: Mapping[str, date | None], today: date
) -> Reconciled:
    """Pairs rows with payments; `issued` gives for each known batch the day of its payment sheet, None before it.

    A row that says again what is recorded already is `repeated` and changes nothing; rows without any result are
    `silent`. Equal payments (same batch, name and amount) are told apart by 序号 where the rows do not agree.
    """
    known = list(lines)
    by_key: dict[Key, list[Line]] = defaultdict(list)
    of_payee: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in known:
        by_key[line.batch, spelled(line.payee), line.amount].append(line)
        of_payee[line.batch, spelled(line.payee)].append(line)
    mismatches: list[Mismatch] = []
    silent: list[Told] = []
    grouped: dict[Key, list[Told]] = defaultdict(list)
    for row in told:
        fault = _place_fault(row, of_payee, by_key, issued)
        if fault is None and not row.said:
            silent.append(row)
            continue
        fault = fault or _result_fault(row, issued[row.batch], today)
        if fault is not None:
            mismatches.append(Mismatch(row, *fault))
        else:
            assert row.amount is not None
            grouped[row.batch, spelled(row.payee), row.amount].append(row)
    matched: list[Match] = []
    repeated: list[Match] = []
    for key, rows in grouped.items():
        pairs, faults = _pair(rows, by_key[key])
        mismatches += faults
        for pair in pairs:
            verdict = _against_record(pair)
            if verdict is None and (kept := _kept(pair)):
                mismatches.append(Mismatch(pair.told, Problem.HELD, kept))
            elif verdict is None:
                matched.append(pair)
            elif verdict:
                mismatches.append(Mismatch(pair.told, Problem.CONTRADICTS, verdict))
            else:
                repeated.append(pair)
    spoken = {pair.line.id for pair in (*matched, *repeated)}
    batches = {row.batch for row in told}
    missing = [
        line for line in known if line.batch in batches and line.state == PaymentState.PENDING and line.id not in spoken
    ]
    return Reconciled(
        tuple(sorted(matched, key=lambda one: one.told.row)),
        tuple(sorted(repeated, key=lambda one: one.told.row)),
        tuple(sorted(mismatches, key=lambda one: one.told.row)),
        tuple(silent),
        tuple(missing),
    )


def _place_fault(
    row: Told,
    of_payee: Mapping[tuple[str, str], Sequence[Line]],
    by_key: Mapping[Key, Sequence[Line]],
    issued: Mapping[str, date | None],
) -> tuple[Problem, str] | None:
    """Why the row has no payment it could be about."""
    if row.unread:
        return Problem.UNREADABLE, row.unread
    if not row.batch:
        return Problem.NO_BATCH, "这一行没有批次号，表头上方也没有写。"
    if row.batch not in issued:
        return Problem.UNKNOWN_BATCH, f"没有批次 {row.batch}。"
    if issued[row.batch] is None:
        return Problem.NOT_ISSUED, f"批次 {row.batch} 还没有生成拨付表，不能登记结果。"
    name = spelled(row.payee)
    if (row.batch, name) not in of_payee:
        return Problem.UNKNOWN_PAYEE, f"批次 {row.batch} 里没有收款单位「{row.payee}」。"
    if row.amount is None or (row.batch, name, row.amount) not in by_key:
        due = "、".join(yuan(amount) for amount in sorted({line.amount for line in of_payee[row.batch, name]}))
        found = "没有填写" if row.amount is None else yuan(row.amount)
        return Problem.AMOUNT, f"金额{found}，应拨 {due}。"
    return None


def _result_fault(row: Told, issued_on: date | None, today: date) -> tuple[Problem, str] | None:
    """What is wrong with the result the row gives."""
    if row.said not in (Said.PAID, Said.BOUNCED):
        return Problem.UNCLEAR, f"拨付结果「{row.said}」看不出是已拨付还是退票。"
    if row.said == Said.PAID and not row.voucher:
        return Problem.VOUCHER, "已拨付的一笔没有凭证号。"
    if row.said == Said.BOUNCED and not row.reason:
        return Problem.REASON, "退票的一笔没有写原因。"
    if row.on is None:
        return Problem.DAY, "没有写日期。"
    if row.on > today:
        return Problem.DAY, f"日期 {row.on.isoformat()} 晚于今天。"
    if issued_on is not None and row.on < issued_on:
        return Problem.DAY, f"日期 {row.on.isoformat()} 早于拨付表的日期 {issued_on.isoformat()}。"
    return None


def _pair(rows: Sequence[Told], lines: Sequence[Line]) -> tuple[list[Match], list[Mismatch]]:
    """Rows and payments of one key: by 序号 first, then what is left where it cannot matter which is which."""
    open_lines = {line.seq: line for line in sorted(lines, key=lambda line: line.seq)}
    pairs: list[Match] = []
    faults: list[Mismatch] = []
    left: list[Told] = []
    first_row: dict[int, int] = {}
    numbered = len(lines) > 1
    for row in rows:
        if numbered and row.seq is not None and row.seq in first_row:
            faults.append(_twice(row, first_row[row.seq]))
        elif numbered and row.seq is not None and row.seq in open_lines:
            pairs.append(Match(row, open_lines.pop(row.seq)))
            first_row[row.seq] = row.row
        else:
            left.append(row)
    rest = list(open_lines.values())
    if len(left) > len(rest):
        keep = len(rest)
        before = left[keep - 1].row if keep else rows[0].row
        faults += [_twice(row, before) for row in left[keep:]]
        left = left[:keep]
    if left and len(rest) > 1 and not (len(left) == len(rest) and len({_saying(row) for row in left}) == 1):
        words = f"批次里有 {len(rest)} 笔同名同额的拨付，请在序号一栏写明是哪一笔。"
        return pairs, faults + [Mismatch(row, Problem.AMBIGUOUS, words) for row in left]
    pairs += [Match(row, line) for row, line in zip(left, rest, strict=False)]
    return pairs, faults


def _saying(row: Told) -> tuple[str, str, date | None, str]:
    return row.said, row.voucher, row.on, row.reason


def _twice(row: Told, before: int) -> Mismatch:
    return Mismatch(row, Problem.TWICE, f"与第 {before} 行是同一笔拨付。")


def _against_record(pair: Match) -> str | None:
    """None where nothing is recorded yet, empty where the row only repeats it, else what is recorded instead."""
    line, told = pair.line, pair.told
    if line.state == PaymentState.PENDING:
        return None
    day = line.settled_on.isoformat() if line.settled_on else ""
    if line.state == PaymentState.PAID:
        if told.said == Said.PAID and (told.voucher, told.on) == (line.voucher, line.settled_on):
            return ""
        return f"这一笔已登记为 {day} 拨付，凭证号 {line.voucher}。"
    if line.state == PaymentState.BOUNCED:
        if told.said == Said.BOUNCED and told.on == line.settled_on:
            return ""
        return f"这一笔已登记为 {day} 退票，重新拨付须另外成批。"
    if line.state == PaymentState.REMOVED:
        return "这一笔已经移出批次，不应再付；已经付出的，请收回。"
    return "这一笔已随批次撤销。"


def _kept(pair: Match) -> str:
    """Why the money may not have left on the day the row says; empty where it may, and for a 退票."""
    if pair.told.said != Said.PAID or pair.told.on is None:
        return ""
    kept = "；".join(pair.line.standing.problems_on(pair.told.on))
    return f"{kept}。{HELD_WORDS}" if kept else ""
