"""Every file that a page of a station leads to, wherever it is kept."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jinhua_labor.attachments.models import Attachment
from stations.ledger.models import LedgerBook, LedgerEntry
from stations.oversight.models import Accident, ActivityPaper, ChangePaper, RectificationPaper, Renewal, VisitPhoto
from stations.registry.models import Station, StationPaperFile
from stations.roster.models import Adjudication, Contract, RetentionCheck, RetentionCorrection, SkillCertificate


def files_of_station(station: Station) -> QuerySet[Attachment]:
    """Papers of its file, ledger, roster, visits, rectifications, events, accidents, changes, documents; one query.

    Not the uploaded rosters, whose pages are their unit's own, and not the papers of a revocation, which concern the
    unit it was opened against.
    """
    of_row = {"delivery__station": station}
    kept = (
        StationPaperFile.objects.filter(paper__station=station).values("attachment"),
        LedgerEntry.objects.filter(station=station, file__isnull=False).values("file"),
        LedgerBook.objects.filter(station=station).values("file"),
        Contract.objects.filter(**of_row, file__isnull=False).values("file"),
        SkillCertificate.objects.filter(**of_row, file__isnull=False).values("file"),
        Adjudication.objects.filter(**of_row, proof__isnull=False).values("proof"),
        RetentionCheck.objects.filter(**of_row, proof__isnull=False).values("proof"),
        RetentionCorrection.objects.filter(retention__delivery__station=station, proof__isnull=False).values("proof"),
        VisitPhoto.objects.filter(visit__station=station).values("attachment"),
        RectificationPaper.objects.filter(rectification__finding__station=station).values("attachment"),
        ActivityPaper.objects.filter(activity__station=station).values("attachment"),
        Accident.objects.filter(station=station, basis_file__isnull=False).values("basis_file"),
        ChangePaper.objects.filter(change__station=station).values("attachment"),
        Renewal.objects.filter(station=station, document__isnull=False).values("document__signed_file"),
        Station.objects.filter(pk=station.pk, plaque_photo__isnull=False).values("plaque_photo"),
        Station.objects.filter(pk=station.pk).values("document__signed_file"),
    )
    found = Q()
    for rows in kept:
        found |= Q(pk__in=rows)
    return Attachment.objects.filter(found)
