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
        ('documents', '0003_alter_issueddocument_kind'),
        ('review', '0004_alter_review_kind'),
        ('stations', '0011_assignments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=30, verbose_name='受理编号')),
                ('state', models.CharField(choices=[('SUBMITTED', '办理中'), ('RETURNED', '待补正'), ('APPROVED', '待发文'), ('ISSUED', '已续期'), ('REFUSED', '不予续期'), ('WITHDRAWN', '已撤回'), ('LAPSED', '逾期视为撤回')], default='SUBMITTED', max_length=9, verbose_name='状态')),
                ('term_was', models.DateField(verbose_name='原经营期限止')),
                ('term_to', models.DateField(verbose_name='申请的经营期限止')),
                ('unchanged', models.BooleanField(default=False, verbose_name='其他事项没有变化')),
                ('changes', models.CharField(blank=True, max_length=1000, verbose_name='变化的事项')),
                ('submitted_on', models.DateField(verbose_name='首次提交日期')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='补正内容或不予续期的理由')),
                ('clause', models.CharField(blank=True, max_length=60, verbose_name='依据')),
                ('remedy', models.CharField(blank=True, max_length=300, verbose_name='救济途径')),
                ('term_from', models.DateField(blank=True, null=True, verbose_name='续期起')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='登记发文时间')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='stations.stationpaper', verbose_name='劳务协作协议')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewal', to='documents.issueddocument', verbose_name='续期批复')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='accounts.organisation', verbose_name='申请单位')),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='renewal', to='review.review', verbose_name='两级审核')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='stations.station')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['state', 'created_at'], name='renewal_waiting')],
                'constraints': [models.UniqueConstraint(fields=('number',), name='renewal_number_once', violation_error_message='受理编号重复，请重新提交。'), models.UniqueConstraint(condition=models.Q(('state__in', ['SUBMITTED', 'RETURNED', 'APPROVED'])), fields=('station',), name='renewal_one_open', violation_error_message='该工作站已有一件续期正在办理，请先办结或撤回那一件。'), models.CheckConstraint(condition=models.Q(('term_to__gt', models.F('term_was'))), name='renewal_is_longer', violation_error_message='新的经营期限须晚于原经营期限。'), models.CheckConstraint(condition=models.Q(models.Q(('changes', ''), ('unchanged', True)), models.Q(('unchanged', False), models.Q(('changes', ''), _negated=True)), _connector='OR'), name='renewal_says_what_changed', violation_error_message='请说明其他事项没有变化，或者写明变化的事项。'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['RETURNED', 'REFUSED']), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='renewal_returned_has_reason', violation_error_message='退回补正或不予续期须写明理由。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), models.Q(('clause', ''), _negated=True), models.Q(('remedy', ''), _negated=True)), models.Q(models.Q(('state', 'REFUSED'), _negated=True), ('clause', ''), ('remedy', '')), _connector='OR'), name='renewal_refused_has_clause', violation_error_message='不予续期须写明依据和救济途径。'), models.CheckConstraint(condition=models.Q(models.Q(('document__isnull', False), ('issued_at__isnull', False), ('issued_by__isnull', False), ('state', 'ISSUED'), ('term_from__isnull', False)), models.Q(models.Q(('state', 'ISSUED'), _negated=True), ('document__isnull', True), ('issued_at__isnull', True), ('issued_by__isnull', True), ('term_from__isnull', True)), _connector='OR'), name='renewal_issued_whole', violation_error_message='已续期的须同时记录批复、续期起日、经办人和时间。'), models.CheckConstraint(condition=models.Q(('term_from__isnull', True), models.Q(('term_from__gt', models.F('term_was')), ('term_from__lte', models.F('term_to'))), _connector='OR'), name='renewal_follows_the_term', violation_error_message='续期须接在原经营期限之后，且不晚于新的截止日期。')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='station',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='station',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='station',
            name='term_reminded',
            field=models.DateField(blank=True, null=True, verbose_name='已提醒的期限'),
        ),
        migrations.AddField(
            model_name='stationevent',
            name='term_reminded',
            field=models.DateField(blank=True, null=True, verbose_name='已提醒的期限'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='station',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "stations_stationevent" ("address", "area_city", "area_county", "area_key", "area_province", "created_at", "document_id", "established_on", "filing_no", "id", "name", "number", "operator_id", "partner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plaque_by_id", "plaque_no", "plaque_on", "plaque_photo_id", "profile", "state", "term_from", "term_reminded", "term_to") VALUES (OLD."address", OLD."area_city", OLD."area_county", OLD."area_key", OLD."area_province", OLD."created_at", OLD."document_id", OLD."established_on", OLD."filing_no", OLD."id", OLD."name", OLD."number", OLD."operator_id", OLD."partner_name", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."plaque_by_id", OLD."plaque_no", OLD."plaque_on", OLD."plaque_photo_id", OLD."profile", OLD."state", OLD."term_from", OLD."term_reminded", OLD."term_to"); RETURN NULL;', hash='1b18730c05bba1b7a2cbbc43dd40d5452b0d3d33', operation='UPDATE', pgid='pgtrigger_update_update_05b7b', table='stations_station', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='station',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "stations_stationevent" ("address", "area_city", "area_county", "area_key", "area_province", "created_at", "document_id", "established_on", "filing_no", "id", "name", "number", "operator_id", "partner_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plaque_by_id", "plaque_no", "plaque_on", "plaque_photo_id", "profile", "state", "term_from", "term_reminded", "term_to") VALUES (OLD."address", OLD."area_city", OLD."area_county", OLD."area_key", OLD."area_province", OLD."created_at", OLD."document_id", OLD."established_on", OLD."filing_no", OLD."id", OLD."name", OLD."number", OLD."operator_id", OLD."partner_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plaque_by_id", OLD."plaque_no", OLD."plaque_on", OLD."plaque_photo_id", OLD."profile", OLD."state", OLD."term_from", OLD."term_reminded", OLD."term_to"); RETURN NULL;', hash='4a6c5ae15aac45078451c930e53d7b5ade4047b0', operation='DELETE', pgid='pgtrigger_delete_delete_82d3d', table='stations_station', when='AFTER')),
        ),
    ]
