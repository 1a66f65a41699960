"""③ 提交: good rows become deliveries in one set-based merge; all of them or none, and twice is the same as once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.errors import UniqueViolation

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.locks import lock_name
from stations.roster import consent
from stations.roster.enums import BatchState, EmploymentForm
from stations.roster.models import Delivery, ImportBatch, RosterList

from .bulk import patient
from .checking import held_batch
from .lists import held

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from jinhua_labor.accounts.models import User


@dataclass(frozen=True, slots=True)
class Committed:
    """New deliveries, corrected ones, and staged rows that were registered already."""

    added: int
    corrected: int
    known: int


@transaction.atomic
def commit(*, batch: ImportBatch, by: User, default_form: str = "", consented: bool = False) -> Committed:
    """Commits the good rows whose employer is matched; the others stay staged and may follow later.

    The first commit of a file needs the declaration: 用工形式 for all rows without an exception, and that each person
    was told and agreed separately (个人信息保护法第23条). Raises Refused without it. The list's count is due afterwards
    (`recount_list`).
    """
    locked = held_batch(batch, by)
    roster_list = held(locked.roster_list)
    patient()
    if locked.state != BatchState.COMMITTED:
        if default_form not in EmploymentForm.values:
            raise Refused("请声明用工形式。", problems=(("请声明用工形式", "#id_default_form"),))
        if not consented:
            raise Refused("请先确认已逐人告知并取得单独同意。", problems=(("请确认告知同意", "#id_consented"),))
        locked.default_form, locked.consent_version = default_form, consent.CURRENT
        locked.consent_by, locked.consent_at = by, timezone.now()
    # One merge at a time: two that bring the same people in another order would wait for each other for ever.
    lock_name("roster.commit")
    params = {
        "batch": locked.pk,
        "operator": locked.operator_id,
        "list": roster_list.pk,
        "form": locked.default_form,
        "version": locked.consent_version,
        "at": locked.consent_at,
        "seq": _last_seq(roster_list) - int(locked.header.get("row", 0)),
    }
    with connection.cursor() as cursor:
        all_new = _add_persons(cursor, params)
        cursor.execute(_CORRECT, params)
        corrected = cursor.rowcount
        cursor.execute(_DELIVERIES.format(**(_NEW if all_new else _KNOWN)), params)
        added = cursor.rowcount
        cursor.execute(_CLEAR, params)
        known = cursor.rowcount - added - corrected  # registered before, or a moment ago from another tab
    if not added and not corrected and not known and locked.state != BatchState.COMMITTED:
        raise Refused("还没有可以提交的行：请先更正有问题的行，或为入职企业填写信用代码。")
    if locked.state != BatchState.COMMITTED:
        locked.state, locked.committed_by, locked.committed_at = BatchState.COMMITTED, by, timezone.now()
    locked.committed_rows += added + corrected
    locked.save()
    if added or corrected:
        _add_to(roster_list, locked, added)
        record(
            by=by,
            action="roster.commit",
            obj=roster_list,
            detail={"batch": str(locked.pk), "added": added, "corrected": corrected, "form": locked.default_form},
        )
    return Committed(added, corrected, known)


def _add_persons(cursor: CursorWrapper, params: dict[str, Any]) -> bool:
    """Registers whoever is not registered yet; whether nobody was: then each person is called as his row, and none has
    a delivery yet, so that neither needs PostgreSQL's look before each insert, a fifth of the time of a merge."""
    try:
        with transaction.atomic():
            cursor.execute(_PERSONS.format(conflict=""), params)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        cursor.execute(_PERSONS.format(conflict="ON CONFLICT (id_index) DO NOTHING"), params)
        return False
    return True


def _last_seq(roster_list: RosterList) -> int:
    last = Delivery.objects.filter(roster_list=roster_list).order_by("-seq").values_list("seq", flat=True).first()
    return last or 0


def _add_to(roster_list: RosterList, batch: ImportBatch, added: int) -> None:
    roster_list.rows += added
    roster_list.pending += added  # until the recount says otherwise
    roster_list.recount_due = True
    head = batch.header.get("head", {})
    roster_list.filler = roster_list.filler or head.get("filler", "")[:50]
    roster_list.filler_phone = roster_list.filler_phone or head.get("phone", "")[:20]
    roster_list.filled_on = roster_list.filled_on or today()
    roster_list.save(update_fields=["rows", "pending", "recount_due", "filler", "filler_phone", "filled_on"])


_PERSONS = """
    INSERT INTO stations_person (id, id_number, id_index, last4, id_province, sex, birth)
    SELECT uid, id_number, id_index, last4, id_province, sex, birth
      FROM stations_stagedrow
     WHERE batch_id = %(batch)s AND state = 'GOOD' AND employer_id IS NOT NULL
        {conflict}
"""
# What another tab registered since the answer was given is not registered twice, and a correction of a row that was
# deleted since is a new row.
_CORRECT = """
    UPDATE stations_delivery d
       SET name = s.name, hukou_text = s.hukou_text, hukou_province = s.hukou_province, employer_id = s.employer_id,
           entry_on = s.entry_on, employment_form = COALESCE(NULLIF(s.form, ''), d.employment_form),
           post = COALESCE(s.extras->>'post', d.post), education = COALESCE(s.extras->>'education', d.education),
           skill = COALESCE(s.extras->>'skill', d.skill),
           certificate_no = COALESCE(s.extras->>'certificate_no', d.certificate_no),
           leave_on = COALESCE((s.extras->>'leave_on')::date, d.leave_on)
      FROM stations_stagedrow s
     WHERE s.batch_id = %(batch)s AND s.state = 'GOOD' AND s.employer_id IS NOT NULL AND s.decision = 'CORRECT'
       AND d.id = (s.asks->>'delivery')::uuid AND d.roster_list_id = %(list)s
       AND NOT EXISTS (SELECT 1 FROM stations_delivery o
                        WHERE o.person_id = d.person_id AND o.operator_id = d.operator_id
                          AND o.employer_id = s.employer_id AND o.entry_on = s.entry_on AND o.id <> d.id)
"""
_DELIVERIES = """
    INSERT INTO stations_delivery
           (id, operator_id, person_id, employer_id, entry_on, roster_list_id, batch_id, seq, name, hukou_text,
            hukou_province, employment_form, contract_employer_code, post, education, skill, certificate_no, leave_on,
            consent_version, consent_at, status, codes, flags)
    SELECT s.uid, %(operator)s, {person}, s.employer_id, s.entry_on, %(list)s, %(batch)s, %(seq)s + s.row_no,
           s.name, s.hukou_text, s.hukou_province, COALESCE(NULLIF(s.form, ''), %(form)s), '',
           COALESCE(s.extras->>'post', ''), COALESCE(s.extras->>'education', ''), COALESCE(s.extras->>'skill', ''),
           COALESCE(s.extras->>'certificate_no', ''), (s.extras->>'leave_on')::date,
           %(version)s, %(at)s, 'PENDING', '{{}}', '{{}}'
      FROM stations_stagedrow s {join}
     WHERE s.batch_id = %(batch)s AND s.state = 'GOOD' AND s.employer_id IS NOT NULL
       AND (s.decision <> 'CORRECT' OR s.asks IS NULL
            OR NOT EXISTS (SELECT 1 FROM stations_delivery d WHERE d.id = (s.asks->>'delivery')::uuid))
        {conflict}
"""
_NEW = {"person": "s.uid", "join": "", "conflict": ""}
_KNOWN = {
    "person": "p.id",
    "join": "JOIN stations_person p ON p.id_index = s.id_index",
    "conflict": "ON CONFLICT ON CONSTRAINT delivery_once DO NOTHING",
}
_CLEAR = """
    DELETE FROM stations_stagedrow
     WHERE batch_id = %(batch)s AND (state = 'KNOWN' OR (state = 'GOOD' AND employer_id IS NOT NULL))
"""
