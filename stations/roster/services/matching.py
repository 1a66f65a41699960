"""Each employer's name is matched once to a credit code; the operator's own spelling is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from jinhua_labor.audit.services import record
from jinhua_labor.core.creditcode import CreditCodeError, parse
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.text import match_key
from stations.registry.models import Employer, EmployerAlias

from .checking import held_batch
from .staging import compare, employer_key

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import Organisation, User
    from stations.roster.models import ImportBatch


@dataclass(frozen=True, slots=True)
class Matched:
    """The employer a name now stands for; `told` says what the person should know (another registered name)."""

    employer: Employer
    told: str = ""


@transaction.atomic
def find_employer(
    *, operator: Organisation, text: str, name: str, credit_code: str, in_district: bool, by: User
) -> Matched:
    """The employer with this credit code, registered now if it is new, remembered for this spelling of the operator.

    A registered employer keeps its name and 金东 or not; only the office changes those. Raises Refused for a bad code.
    """
    try:
        code = parse(credit_code)
    except CreditCodeError as error:
        raise Refused(error.message) from error
    employer = Employer.objects.filter(credit_code=code.text).first()
    told = ""
    if employer is None:
        if not name.strip():
            raise Refused("请填写营业执照上的企业全称。")
        try:
            with transaction.atomic():
                employer = Employer.objects.create(
                    name=name.strip(), credit_code=code.text, in_district=in_district, created_by=by
                )
            record(
                by=by, action="employer.create", obj=employer, detail={"code": code.text, "in_district": in_district}
            )
        except IntegrityError:  # somebody registered it a moment ago
            employer = Employer.objects.get(credit_code=code.text)
        told = code.warnings[0] if code.warnings else ""
    if match_key(employer.name) != match_key(name or text):
        told = (
            f"该信用代码登记的企业是「{employer.name}」，名册中的「{text or name}」已对应到它。如不对，请重新填写代码。"
        )
    EmployerAlias.objects.update_or_create(
        operator=operator, text=employer_key(text or name), defaults={"employer": employer}
    )
    return Matched(employer, told)


def match(*, batch: ImportBatch, text: str, name: str, credit_code: str, in_district: bool, by: User) -> Matched:
    """Matches a name of the file and compares its rows with what is registered."""
    with transaction.atomic():
        locked = held_batch(batch, by)
        found = find_employer(
            operator=locked.operator, text=text, name=name, credit_code=credit_code, in_district=in_district, by=by
        )
        rows = locked.rows.filter(employer_key=employer_key(text))
        rows.update(employer=found.employer)
        compare(locked, list(rows.values_list("pk", flat=True)))
    return found
