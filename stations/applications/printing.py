"""附件2 of a long list, printed in the background; `stations/tasks.py` makes it known to the worker."""

from __future__ import annotations

import uuid

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.documents.forms import annex2_pdf
from jinhua_labor.jobs.services import JobHandle, background

from .models import Application
from .queries.prints import annex2_head, annex2_rows, title_of


@background(name="applications.annex2", repeatable=True)
def print_annex2(job: JobHandle, *, application_id: str, user_id: str) -> None:
    """附件2 of a long list as a PDF, kept as a paper of the party (full numbers: opened by a logged POST only)."""
    application = Application.objects.select_related("operator", "review", "roster_list").get(
        pk=uuid.UUID(application_id)
    )
    user = User.objects.get(pk=uuid.UUID(user_id))
    total = application.roster_list.deliveries.count()
    content = annex2_pdf(
        annex2_head(application),
        annex2_rows(application),
        progress=lambda done: job.progress(done, total, "正在排版附件2"),
    )
    job.result = attachments.store_generated(
        content,
        name=f"{title_of(application, '输送劳动力名册')}.pdf",
        file_type="pdf",
        by=user,
        organisation=application.operator,
        audience=Audience.PARTY_AND_OFFICE,
        secret=True,
        kind="annex2",
    )
    job.message = f"附件2已生成，共{total}行。"
