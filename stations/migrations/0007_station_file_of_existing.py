"""Stations that exist already get their file: the papers of their application are the first versions."""

import uuid
import zoneinfo

from django.db import migrations

SLOTS = {
    "BUSINESS": ("营业执照", ("M1",)),
    "LICENCE": ("人力资源服务许可证", ("M2",)),
    "AGREEMENT": ("劳务协作协议", ("M4B",)),
    "RULES": ("劳务协作工作管理制度", ("M4A", "M4D")),
    "WORKER_RULES": ("务工人员管理办法", ("M4C",)),
    "PLAN": ("年度工作计划", ("PLAN",)),
}
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")


def open_files(apps, schema_editor):
    application_model = apps.get_model("stations", "Application")
    paper_model = apps.get_model("stations", "StationPaper")
    file_model = apps.get_model("stations", "StationPaperFile")
    established = application_model.objects.filter(station__isnull=False, station__papers__isnull=True)
    for row in established.select_related("station", "review").order_by("pk").iterator(chunk_size=100):
        review = row.review
        filed_on = (review.first_submitted_at or row.created_at).astimezone(SHANGHAI).date()
        files = {}
        for material in row.materials.filter(superseded_at__isnull=True).order_by("added_at", "id"):
            files.setdefault((material.slot, material.site_id), []).append(material.attachment_id)
        checked = {}
        if review.screened_by_id and review.screened_at:
            checked = {
                "accepted": True,
                "check_note": "设立初审时核对",
                "checked_by_id": review.screened_by_id,
                "checked_at": review.screened_at,
            }
        common = {
            "station_id": row.station_id,
            "version": 1,
            "origin": "APPLICATION",
            "filed_on": filed_on,
            "added_by_id": review.submitted_by_id or review.created_by_id,
            **checked,
        }
        for kind, (title, slots) in SLOTS.items():
            papers = [one for slot in slots for one in files.get((slot, None), ())]
            if not papers and kind not in {"LICENCE", "AGREEMENT"}:
                continue
            values = {"kind": kind, "title": title, "period": 1 if kind == "PLAN" else None}
            begin, end = filed_on, None
            if kind == "LICENCE":
                begin, end = row.licence_from, row.licence_to
                values |= {"number": row.licence_no, "party": row.licence_issuer}
            elif kind == "AGREEMENT":
                begin, end = row.agreement_from or row.agreement_signed_on, row.agreement_to
                values |= {"party": row.partner_name, "text": row.agreement_measures}
            begin = begin or filed_on
            values |= {"valid_from": min(begin, end) if end else begin, "valid_to": end}
            made = paper_model.objects.create(**common, **values)
            file_model.objects.bulk_create(file_model(paper=made, attachment_id=one) for one in papers)
        for site in row.sites.all().order_by("side", "added_at", "id"):
            address = f"{site.city}{site.county}{site.address}" or "地址未填"
            begin = site.lease_from or filed_on
            made = paper_model.objects.create(
                **common,
                kind="SITE",
                place=uuid.uuid4(),
                title=address[:100],
                side=site.side,
                address=address[:200],
                tenure=site.tenure,
                facilities=site.facilities,
                valid_from=min(begin, site.lease_to) if site.lease_to else begin,
                valid_to=site.lease_to,
            )
            papers = [one for slot in ("LEASE", "M6") for one in files.get((slot, site.pk), ())]
            file_model.objects.bulk_create(file_model(paper=made, attachment_id=one) for one in papers)


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0006_roster_year"),
    ]

    operations = [
        migrations.RunPython(open_files, migrations.RunPython.noop),
    ]
