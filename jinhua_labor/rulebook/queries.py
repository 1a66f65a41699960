"""What pages and services read of the rulebook: a draft as a version, what is wrong with it, what holds now."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from jinhua_labor.accounts.models import User
from jinhua_labor.policy.load import build, problems
from jinhua_labor.policy.types import Fault, Policy, PolicyError
from jinhua_labor.rulebook import rules
from jinhua_labor.rulebook.book import NoPolicy, assembled, book, decided, slice_on
from jinhua_labor.rulebook.enums import Kind, VersionState
from jinhua_labor.rulebook.models import Version
from jinhua_labor.rulebook.rules import Raw, Record, Slice

PROVISIONAL = "草稿"
ONE_DAY = dt.timedelta(days=1)


def notices(day: dt.date) -> list[Slice]:
    """The notices one may record something over: the one in force and those that are to follow."""
    found: dict[str, Slice] = {}
    for piece in book().slices:
        if piece.since > day or piece.base == slice_on(day).base:
            found.setdefault(piece.base, piece)
    return list(found.values())


def before(version: Version, day: dt.date) -> Slice:
    """The version that holds where this one begins, without it: what the draft is compared with.

    A reading is compared with its own notice on its first day, a successor with what holds the day before its first.
    """
    first = version.valid_from or day + ONE_DAY
    if version.kind == Kind.SUCCESSOR:
        first -= ONE_DAY
    others = [row for row in decided() if row.id != str(version.pk)]
    whole = assembled(others) if version.state in {VersionState.CONFIRMED, VersionState.WITHDRAWN} else book()
    own = [piece for piece in whole.slices if piece.base == version.base]
    if not own:
        raise NoPolicy(f"没有编号为 {version.base} 的办法")
    held = [piece for piece in own if piece.since <= first]
    return held[-1] if held else own[0]


def base_raw(version: Version, day: dt.date) -> Raw:
    """The text the changes of this record lie over: the version before it for a reading, its bare notice for a
    successor (which carries the readings it takes over itself)."""
    held = before(version, day)
    if version.kind != Kind.SUCCESSOR:
        return held.raw
    return next(piece for piece in assembled(_without_readings()).slices if piece.base == version.base).raw


def _without_readings() -> list[Record]:
    return [row for row in decided() if row.kind is not Kind.READING]


def draft_raw(version: Version, day: dt.date) -> Raw:
    """The draft as a whole text; what the record does not say yet stands in for itself."""
    raw = base_raw(version, day)
    if version.kind == Kind.EXTENSION:
        return rules.extended(raw, version.effective_to) if version.effective_to else raw
    if version.kind == Kind.READING:
        return {**rules.overlay(raw, version.changes), "id": PROVISIONAL}
    first = version.valid_from or day + ONE_DAY
    whole = replace(
        _record(version, day), valid_from=first, effective_to=version.effective_to or first, code=PROVISIONAL
    )
    return rules.successor(raw, whole)


def draft_policy(version: Version, day: dt.date) -> Policy:
    """The draft as a checked version, for comparing and for trying it on a finished year.

    PolicyError in Chinese on the first thing that cannot be right; `faults_of` lists them all.
    """
    return build(draft_raw(version, day))


def faults_of(version: Version, day: dt.date) -> tuple[Fault, ...]:
    """Everything that stands in the way of confirming it on this day."""
    found = [*_head_faults(version, day)]
    try:
        held = before(version, day)
        found += rules.beyond(Kind(version.kind), version.changes, held.policy)
        inside = problems(draft_raw(version, day))
    except (PolicyError, NoPolicy) as error:
        return (*found, Fault(getattr(error, "where", ""), str(error)))
    found += inside
    if not found:
        found += _book_faults(version, day)
    return tuple(found)


def _head_faults(version: Version, day: dt.date) -> list[Fault]:
    found = []
    for name, label in (("doc_no", "文号"), ("decided_by", "决定机关"), ("doc_date", "成文日期")):
        if not getattr(version, name):
            found.append(Fault(f"head.{name}", f"请填写{label}。"))
    if version.doc_date and version.doc_date > day:
        found.append(Fault("head.doc_date", "成文日期不能晚于今天，文件印发后再记录。"))
    if version.kind == Kind.EXTENSION:
        return found + _end_faults(version, before(version, day).policy.effective_to)
    if version.valid_from is None:
        found.append(Fault("head.valid_from", "请填写生效日期。"))
    elif version.valid_from <= day:
        found.append(Fault("head.valid_from", "生效日期须晚于确认之日，最早填明天。"))
    if version.kind == Kind.READING:
        if not version.changes:
            found.append(Fault("", "还没有改任何内容。"))
        return found
    if version.effective_to is None:
        found.append(Fault("head.effective_to", "请填写截止日期。"))
    return found


def _end_faults(version: Version, end: dt.date) -> list[Fault]:
    if version.effective_to is None:
        return [Fault("head.effective_to", "请填写延长后的截止日期。")]
    if version.effective_to <= end:
        return [
            Fault("head.effective_to", f"延长后的截止日期须晚于现在的截止日期{end.year}年{end.month}月{end.day}日。")
        ]
    return []


def _book_faults(version: Version, day: dt.date) -> list[Fault]:
    """With everything else that is confirmed: later readings over it, other notices beside it."""
    code = next_code(version)
    try:
        whole = assembled([*decided(), replace(_record(version, day), code=code)])
    except PolicyError as error:
        return [Fault(error.where, f"与已经确认的版本合在一起不成立：{error.message}")]
    if version.kind == Kind.READING and version.valid_from and whole.on(version.valid_from).base != version.base:
        other = whole.on(version.valid_from).policy.doc_no
        return [Fault("head.valid_from", f"这一天起适用的是{other}，不再是所改的办法。")]
    return []


def next_code(version: Version) -> str:
    """The id of the version this record makes: of a successor its year and serial, else a running number."""
    from jinhua_labor.core.docno import DocNoError, parse_doc_no

    if version.kind == Kind.SUCCESSOR:
        try:
            number = parse_doc_no(version.doc_no)
        except DocNoError:
            return PROVISIONAL
        return f"JD-{number.year}-{number.serial}"
    letter = "Y" if version.kind == Kind.EXTENSION else "K"
    taken = Version.objects.filter(kind=version.kind, base=version.base).exclude(code="").count()
    return f"{version.base}-{letter}{taken + 1}"


def _record(version: Version, day: dt.date) -> Record:
    """The row as the rules read it, also before its document has a date."""
    return Record(
        id=str(version.pk),
        kind=Kind(version.kind),
        code=version.code or PROVISIONAL,
        base=version.base,
        subject=version.subject,
        decided_by=version.decided_by,
        doc_no=version.doc_no or PROVISIONAL,
        doc_date=version.doc_date or day,
        valid_from=version.valid_from,
        effective_to=version.effective_to,
        changes=version.changes,
    )


def upcoming(day: dt.date) -> list[Slice]:
    """The versions that begin after this day, the next first."""
    return [piece for piece in book().slices if piece.since > day]


def to_confirm(user: User) -> list[Version]:
    """Drafts that wait for a second person who is not this one."""
    rows = Version.objects.filter(state=VersionState.SUBMITTED).exclude(drafted_by=user)
    return list(rows.select_related("drafted_by").order_by("submitted_at"))
