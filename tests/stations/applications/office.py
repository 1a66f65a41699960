"""Applications brought forward by the offices' own services, as far as a test needs them."""

from __future__ import annotations

import uuid
from typing import Any

from jinhua_labor.accounts.models import User
from jinhua_labor.review.states import Recommendation
from stations.applications.enums import Condition, CreditCheck, Verdict
from stations.applications.models import Application
from stations.applications.queries.conditions import PARTS
from stations.applications.services import decision, screening
from stations.roster.models import InsuranceExtract, InsuredMonth, Person
from stations.roster.services.recount import recount_list

from . import build


def insured(application: Application, clerk: User, *, leave_out: int = 0) -> Application:
    """Three months of insurance for everybody on the list but the last `leave_out`: they count."""
    rows = list(application.roster_list.deliveries.select_related("employer").order_by("seq"))
    extract = InsuranceExtract.objects.create(
        roster_list=application.roster_list,
        source="社保系统查询（测试）",
        month_from=202103,
        month_to=202109,
        asked=len(rows),
        found=len(rows) - leave_out,
        by=clerk,
    )
    InsuredMonth.objects.bulk_create(
        InsuredMonth(
            extract=extract,
            person_id=row.person_id,
            month=month,
            kind="企业职工基本养老保险",
            place="330703",
            payer_code=row.employer.credit_code,
            status="实缴",
        )
        for row in rows[: len(rows) - leave_out]
        for month in (202104, 202105, 202106)
    )
    Person.objects.filter(deliveries__roster_list=application.roster_list).update(si_checked_to=202109)
    recount_list(roster_list=application.roster_list, by=clerk)
    return build.again(application)


def looked_at(application: Application, clerk: User) -> Application:
    """Credit and sites are checked, every condition is judged 符合."""
    screening.record_credit(application_id=application.pk, result=CreditCheck.NONE, note="", by=clerk)
    for site in application.sites.all():
        screening.check_site(application_id=application.pk, site_id=site.pk, note="实地走访，与申请一致", by=clerk)
    for condition in Condition:
        for part, _ in PARTS.get(condition, (("", ""),)):
            screening.judge(
                application_id=application.pk,
                condition=condition,
                part=part,
                verdict=Verdict.MET,
                reason="",
                by=clerk,
            )
    return build.again(application)


def ready(operator: User, clerk: User, **fields: Any) -> Application:
    """Handed in, insured, looked at: 初审 may say 同意."""
    return looked_at(insured(build.submitted(operator, **fields), clerk), clerk)


def screen(
    application: Application, clerk: User, recommendation: Recommendation = Recommendation.AGREE, **options: Any
) -> Application:
    options.setdefault("key", uuid.uuid4())
    screening.screen(
        application_id=application.pk, recommendation=recommendation, opinion="已核对", by=clerk, **options
    )
    return build.again(application)


def screened(operator: User, clerk: User, **fields: Any) -> Application:
    return screen(ready(operator, clerk, **fields), clerk)


def approved(operator: User, clerk: User, official: User) -> Application:
    application = screened(operator, clerk)
    decision.approve(application_id=application.pk, opinion="同意设立", by=official, key=uuid.uuid4())
    return build.again(application)
