"""A share says what it was opened for, through which day, and who ended it."""

import datetime
import uuid

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="attachmentshare", name="attachment_share_open_once"),
        # Shares of before belong to no assignment: whatever is still open of them ends with the day of this change.
        migrations.AddField(
            model_name="attachmentshare",
            name="matter",
            field=models.UUIDField(default=uuid.UUID(int=0), verbose_name="事项"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attachmentshare",
            name="until",
            field=models.DateField(default=datetime.date(2021, 1, 1), verbose_name="截止日期"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="attachmentshare",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            "UPDATE attachments_attachmentshare SET closed_by_id = opened_by_id WHERE closed_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
