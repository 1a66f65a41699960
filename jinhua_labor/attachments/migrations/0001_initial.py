import django.db.models.deletion
import jinhua_labor.core.clock
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('audience', models.CharField(choices=[('PUBLIC', '公开（发布后）'), ('PARTY_AND_OFFICE', '本单位与主管部门'), ('OFFICE', '主管部门'), ('CENTRE', '区就业服务中心')], max_length=20, verbose_name='可见范围')),
                ('secret', models.BooleanField(default=False, verbose_name='证件类')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='用途')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('content_type', models.CharField(max_length=100, verbose_name='类型')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('original_size', models.PositiveBigIntegerField(verbose_name='上传时大小（字节）')),
                ('original_sha256', models.CharField(max_length=64, verbose_name='上传时 SHA-256')),
                ('stored_name', models.CharField(max_length=120, unique=True, verbose_name='存储名')),
                ('preview_name', models.CharField(blank=True, max_length=120, verbose_name='预览副本')),
                ('preview_sha256', models.CharField(blank=True, max_length=64, verbose_name='预览副本 SHA-256')),
                ('preview_type', models.CharField(blank=True, max_length=100, verbose_name='预览副本类型')),
                ('pages', models.PositiveIntegerField(blank=True, null=True, verbose_name='页数')),
                ('width', models.PositiveIntegerField(blank=True, null=True, verbose_name='宽')),
                ('height', models.PositiveIntegerField(blank=True, null=True, verbose_name='高')),
                ('state', models.CharField(choices=[('OK', '正常'), ('QUARANTINED', '待安全检查'), ('MISSING', '文件缺失')], default='OK', max_length=12, verbose_name='状态')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='最近核对')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='公开时间')),
                ('uploaded_at', models.DateTimeField(default=jinhua_labor.core.clock.now, verbose_name='上传时间')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='accounts.organisation', verbose_name='所属单位')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'verbose_name': '附件',
                'verbose_name_plural': '附件',
                'ordering': ['uploaded_at', 'id'],
                'indexes': [models.Index(fields=['organisation', 'uploaded_at'], name='attachment_party')],
                'constraints': [models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('audience', 'PUBLIC'), _connector='OR'), name='attachment_released_is_public', violation_error_message='只有公开范围的文件可以发布。'), models.CheckConstraint(condition=models.Q(('secret', True), ('audience', 'PUBLIC'), _negated=True), name='attachment_secret_never_public', violation_error_message='证件类文件不能公开。')],
            },
        ),
        migrations.CreateModel(
            name='AttachmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('audience', models.CharField(choices=[('PUBLIC', '公开（发布后）'), ('PARTY_AND_OFFICE', '本单位与主管部门'), ('OFFICE', '主管部门'), ('CENTRE', '区就业服务中心')], max_length=20, verbose_name='可见范围')),
                ('secret', models.BooleanField(default=False, verbose_name='证件类')),
                ('kind', models.CharField(blank=True, max_length=40, verbose_name='用途')),
                ('name', models.CharField(max_length=100, verbose_name='文件名')),
                ('content_type', models.CharField(max_length=100, verbose_name='类型')),
                ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('original_size', models.PositiveBigIntegerField(verbose_name='上传时大小（字节）')),
                ('original_sha256', models.CharField(max_length=64, verbose_name='上传时 SHA-256')),
                ('stored_name', models.CharField(max_length=120, verbose_name='存储名')),
                ('preview_name', models.CharField(blank=True, max_length=120, verbose_name='预览副本')),
                ('preview_sha256', models.CharField(blank=True, max_length=64, verbose_name='预览副本 SHA-256')),
                ('preview_type', models.CharField(blank=True, max_length=100, verbose_name='预览副本类型')),
                ('pages', models.PositiveIntegerField(blank=True, null=True, verbose_name='页数')),
                ('width', models.PositiveIntegerField(blank=True, null=True, verbose_name='宽')),
                ('height', models.PositiveIntegerField(blank=True, null=True, verbose_name='高')),
                ('state', models.CharField(choices=[('OK', '正常'), ('QUARANTINED', '待安全检查'), ('MISSING', '文件缺失')], default='OK', max_length=12, verbose_name='状态')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='最近核对')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='公开时间')),
                ('uploaded_at', models.DateTimeField(default=jinhua_labor.core.clock.now, verbose_name='上传时间')),
                ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.organisation', verbose_name='所属单位')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='attachments.attachment')),
                ('uploaded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AttachmentShare',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=200, verbose_name='事由')),
                ('opened_at', models.DateTimeField(default=jinhua_labor.core.clock.now, verbose_name='开始')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束')),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='attachments.attachment')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'ordering': ['-opened_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('attachment', 'organisation'), name='attachment_share_open_once', violation_error_message='该文件已对该单位开放。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "attachments_attachmentevent" ("audience", "checked_at", "content_type", "height", "id", "kind", "name", "organisation_id", "original_sha256", "original_size", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preview_name", "preview_sha256", "preview_type", "released_at", "secret", "sha256", "size", "state", "stored_name", "uploaded_at", "uploaded_by_id", "width") VALUES (OLD."audience", OLD."checked_at", OLD."content_type", OLD."height", OLD."id", OLD."kind", OLD."name", OLD."organisation_id", OLD."original_sha256", OLD."original_size", OLD."pages", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."preview_name", OLD."preview_sha256", OLD."preview_type", OLD."released_at", OLD."secret", OLD."sha256", OLD."size", OLD."state", OLD."stored_name", OLD."uploaded_at", OLD."uploaded_by_id", OLD."width"); RETURN NULL;', hash='cf60e4caf37482d67b3e81ab0aa5167732fe4fc5', operation='UPDATE', pgid='pgtrigger_update_update_df19c', table='attachments_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "attachments_attachmentevent" ("audience", "checked_at", "content_type", "height", "id", "kind", "name", "organisation_id", "original_sha256", "original_size", "pages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preview_name", "preview_sha256", "preview_type", "released_at", "secret", "sha256", "size", "state", "stored_name", "uploaded_at", "uploaded_by_id", "width") VALUES (OLD."audience", OLD."checked_at", OLD."content_type", OLD."height", OLD."id", OLD."kind", OLD."name", OLD."organisation_id", OLD."original_sha256", OLD."original_size", OLD."pages", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."preview_name", OLD."preview_sha256", OLD."preview_type", OLD."released_at", OLD."secret", OLD."sha256", OLD."size", OLD."state", OLD."stored_name", OLD."uploaded_at", OLD."uploaded_by_id", OLD."width"); RETURN NULL;', hash='06b809882817f3e1d5f00652381583b902608789', operation='DELETE', pgid='pgtrigger_delete_delete_a5e10', table='attachments_attachment', when='AFTER')),
        ),
    ]
