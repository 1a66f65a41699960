"""Applications ready to be handed in, and the steps after it, as the office takes them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action
from stations.applications.enums import Channel, Side, Slot, TargetKind
from stations.applications.models import Application, Defect, Material, SupplementNotice
from stations.applications.queries.targets import current_text, label_of
from stations.applications.services import draft, materials, submission
from stations.registry.models import Employer
from stations.roster.enums import EmploymentForm
from stations.roster.models import Delivery, Person
from stations.roster.services.lists import unlock_list
from stations.roster.services.recount import recount_list
from tests.data.people import id_number
from tests.factories import credit_code, png

FIELDS: dict[str, Any] = {
    "area_province": "52",
    "area_city": "示例州",
    "area_county": "示例县",
    "head": "测试庚",
    "head_phone": "0579-82190000",
    "partner_name": "示例县劳务服务有限公司",
    "partner_head": "测试辛",
    "partner_phone": "0850-8219000",
    "station_address": "浙江省金华市金东区示例路1号3楼",
    "profile": "本单位在金东区从事人力资源服务，与示例县长期开展劳务协作，" * 3,
    "legal_rep": "测试丁",
    "licence_no": "（浙）人服证字〔2021〕第0703000000号",
    "licence_issuer": "示例区人社局",
    "licence_from": dt.date(2021, 1, 5),
    "licence_to": None,
    "partner_kind": "AGENCY",
    "agreement_signed_on": dt.date(2021, 1, 10),
    "agreement_from": dt.date(2021, 1, 10),
    "agreement_to": dt.date(2099, 1, 9),
    "agreement_measures": "岗位对接，组织输送，跟踪服务。",
    "liaison_name": "测试庚",
    "liaison_phone": "13000000000",
}


def started(user: User, *, channel: Channel = Channel.ONLINE, operator: Organisation | None = None) -> Application:
    """An empty draft."""
    application, _ = draft.start(operator=operator or user.organisation, by=user, channel=channel)
    return application


def filled(user: User, *, workers: int = 50, paper: bool = False, **fields: Any) -> Application:
    """A draft that lacks nothing: form, sites, papers, and `workers` persons of whom nothing is known yet (待核)."""
    channel = fields.pop("channel", Channel.ONLINE)
    application = started(user, channel=channel, operator=fields.pop("operator", None))
    for name, value in {**FIELDS, "term_to": today() + dt.timedelta(days=700), **fields}.items():
        setattr(application, name, value)
    application.save()
    for site in application.sites.all():
        if site.side == Side.AREA:
            site.province, site.city, site.county = application.area_province or "52", "示例州", "示例县"
        site.address, site.tenure, site.facilities = "示例街2号", "LEASED", ["电脑", "电话"]
        site.lease_from, site.lease_to = dt.date(2021, 1, 1), today() + dt.timedelta(days=365)
        site.save()
        put(application, Slot.M6, user, site_id=site.pk)
        put(application, Slot.LEASE, user, site_id=site.pk)
    for slot in (Slot.M1, Slot.M2, Slot.M3, Slot.M4A, Slot.M4B, Slot.M4C, Slot.M7, Slot.PLAN):
        put(application, slot, user)
    deliver(application, workers)
    if paper:
        for number, copies in zip(range(1, 8), (2, 2, 2, 2, 1, 1, 2), strict=True):
            application.paper.create(material=number, copies=copies, by=user)
    return Application.objects.get(pk=application.pk)


def put(
    application: Application, slot: Slot, user: User, *, site_id: uuid.UUID | None = None, name: str = ""
) -> Material:
    """A small picture in a slot."""
    upload = png(name=name or f"{slot.label}.png")
    outcome = materials.add_files(application_id=application.pk, slot=slot, uploads=[upload], by=user, site_id=site_id)[
        0
    ]
    assert outcome.material, outcome.error
    return outcome.material


def employer(user: User) -> Employer:
    found, _ = Employer.objects.get_or_create(
        credit_code=credit_code(9_000_001), defaults={"name": "示例机械制造有限公司", "created_by": user}
    )
    return found


_next = iter(range(1, 10_000_000))


def deliver(application: Application, count: int, *, entry_on: dt.date = dt.date(2021, 3, 10)) -> list[Delivery]:
    """So many persons on the list, each待核 (no insurance looked up)."""
    by = application.review.created_by
    company = employer(by)
    now = dt.datetime.now(dt.UTC)
    persons = []
    for _ in range(count):
        number = next(_next)
        born = dt.date(1990, 1, 1) + dt.timedelta(days=number % 3000)
        text = id_number(born=born, sequence=number % 900 * 2 + 1 if number % 900 * 2 + 1 < 999 else number % 400)
        persons.append(
            Person(
                id_number=text,
                id_index=blind_index("person.id_number", f"{text}-{number}"),
                last4=text[-4:],
                id_province=text[:2],
                sex="M",
                birth=born,
            )
        )
    Person.objects.bulk_create(persons)
    start = application.roster_list.deliveries.count()
    rows = Delivery.objects.bulk_create(
        Delivery(
            operator=application.operator,
            person=person,
            employer=company,
            entry_on=entry_on,
            roster_list=application.roster_list,
            seq=start + index,
            name=f"测试{index}",
            hukou_text="贵州省示例州示例县",
            hukou_province="52",
            employment_form=EmploymentForm.DIRECT,
            consent_version="v1",
            consent_at=now,
        )
        for index, person in enumerate(persons, 1)
    )
    recount_list(roster_list=application.roster_list, by=by)
    return rows


def submitted(user: User, **fields: Any) -> Application:
    """Handed in by the operator's own person."""
    application = filled(user, **fields)
    hand_in(application, user)
    return again(application)


def hand_in(application: Application, user: User, *, key: uuid.UUID | None = None, version: int | None = None) -> Any:
    application = again(application)
    return submission.submit(
        application_id=application.pk,
        by=user,
        version=application.review.version if version is None else version,
        key=key or uuid.uuid4(),
        signer=application.legal_rep,
        pledged=True,
    )


@transaction.atomic
def returned(application: Application, clerk: User, *marks: tuple[str, str]) -> Application:
    """Sent back with these marks (kind, target) as one 补正通知书."""
    review = review_services.lock(application.review_id)
    review_services.transition(review, Action.RETURN, by=clerk, opinion=Opinion("请补正"), version=review.version)
    notice = SupplementNotice.objects.create(
        application=application,
        round=application.supplement_notices.count() + 1,
        due_on=work_calendar().add_workdays(today(), 15),
        issued_by=clerk,
    )
    application = again(application)
    for kind, target in marks:
        Defect.objects.create(
            application=application,
            notice=notice,
            kind=kind,
            target=target,
            label=label_of(application, kind, target),
            text="请核对后修改。",
            before=current_text(application, kind, target),
            marked_by=clerk,
        )
    rows = [uuid.UUID(target) for kind, target in marks if kind == TargetKind.ROW]
    if any(target.startswith("M5") for _, target in marks):
        unlock_list(roster_list=application.roster_list, by=clerk)
    elif rows:
        unlock_list(roster_list=application.roster_list, by=clerk, rows=rows)
    return again(application)


def again(application: Application) -> Application:
    """The row as it stands, nothing cached."""
    return Application.objects.select_related("review").get(pk=application.pk)


def pdf(name: str = "协议.pdf") -> SimpleUploadedFile:
    """A one-page PDF as a browser sends it."""
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return SimpleUploadedFile(name, ContentFile(out.getvalue()).read(), "application/pdf")
