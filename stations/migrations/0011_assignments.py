import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_code_failed'),
        ('accounts', '__first__'),
        ('stations', '0010_complaints_and_accidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=30, verbose_name='委托编号')),
                ('purpose', models.TextField(max_length=500, verbose_name='委托事项')),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ROSTER', '名册（姓名、身份证号遮盖，没有电话）'), ('VISITS', '走访检查与问题整改'), ('ACTIVITIES', '劳务对接活动')], max_length=10), blank=True, default=list, size=None, verbose_name='可查看的内容')),
                ('starts_on', models.DateField(verbose_name='委托日期')),
                ('ends_on', models.DateField(verbose_name='截止日期')),
                ('assigned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='委托时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='结束原因')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='accounts.organisation', verbose_name='受托协会')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='stations.station')),
            ],
            options={
                'ordering': ['-assigned_at', 'id'],
                'indexes': [models.Index(fields=['organisation', 'ends_on'], name='assignment_of_association')],
                'constraints': [models.UniqueConstraint(fields=('number',), name='assignment_number_once', violation_error_message='委托编号重复，请重新提交。'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='assignment_ends_later', violation_error_message='截止日期不能早于委托日期。'), models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='assignment_has_purpose', violation_error_message='请写明委托事项。'), models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='assignment_ended_whole', violation_error_message='结束委托须同时记录时间、经办人和原因。')],
            },
        ),
        migrations.CreateModel(
            name='AssignmentOpinion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('text', models.TextField(max_length=2000, verbose_name='意见')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='提交时间')),
                ('written_on', models.DateField(verbose_name='提交日期')),
                ('last_day', models.DateField(verbose_name='委托截止日期')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='stations.assignment')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('assignment', 'number'), name='opinion_number_once', violation_error_message='这次意见已提交，请刷新后查看。'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='opinion_has_text', violation_error_message='请写明意见。'), models.CheckConstraint(condition=models.Q(('written_on__lte', models.F('last_day'))), name='opinion_within_assignment', violation_error_message='委托已到期，不能再提交意见。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assigned_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."station_id" IS DISTINCT FROM (NEW."station_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."sections" IS DISTINCT FROM (NEW."sections") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."assigned_by_id" IS DISTINCT FROM (NEW."assigned_by_id") OR OLD."assigned_at" IS DISTINCT FROM (NEW."assigned_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='3728b251c52308de239d5ab8147f5c58c62b2a0c', operation='UPDATE', pgid='pgtrigger_assigned_kept_8b5a3', table='stations_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7f8837e7e5ec918d15a2c0207df64e969b2df258', operation='DELETE', pgid='pgtrigger_never_removed_9ecd1', table='stations_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentopinion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5d8c567d711b647a98d3fee203c1092200c6e96d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0e805', table='stations_assignmentopinion', when='BEFORE')),
        ),
    ]
