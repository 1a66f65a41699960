"""收件回执: drawn from what the step has frozen, kept as it was given out."""

from __future__ import annotations

from django.db import transaction

from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.documents.letters import receipt_pdf
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import Action
from stations.applications.models import Application, SubmissionReceipt
from stations.applications.queries.prints import receipt


@transaction.atomic
def issue_receipt(*, event_id: int) -> SubmissionReceipt:
    """Draws and keeps the receipt of a hand-in; the one already kept comes back when there is one."""
    event = (
        ReviewEvent.objects.select_for_update(of=("self",))
        .select_related("review", "by")
        .get(pk=event_id, action=Action.SUBMIT)
    )
    if kept := SubmissionReceipt.objects.filter(event=event).first():
        return kept
    application = Application.objects.select_related("operator").get(review=event.review)
    attachment = attachments.store_generated(
        receipt_pdf(receipt(event)),
        name=f"收件回执-{event.review.number}.pdf",
        file_type="pdf",
        by=event.by,
        organisation=application.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kind="receipt",
    )
    return SubmissionReceipt.objects.create(event=event, application=application, attachment=attachment)
