import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_system_user'),
        ('accounts', '__first__'),
        ('attachments', '0001_initial'),
        ('stations', '0005_oversight'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kept', models.CharField(choices=[('HOLDER', '先登记的'), ('CLAIMANT', '后登记的')], max_length=8, verbose_name='认定')),
                ('reason', models.CharField(max_length=200, verbose_name='依据')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.delivery')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claim_decisions', to='stations.person')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('holder', 'claimant'), name='claim_decided_once', violation_error_message='该人员的归属已认定。'), models.CheckConstraint(condition=models.Q(('holder', models.F('claimant')), _negated=True), name='claim_of_two_rows', violation_error_message='归属认定须有两条登记。'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='claim_has_reason', violation_error_message='请写明认定依据。')],
            },
        ),
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('signed_on', models.DateField(verbose_name='签订日期')),
                ('starts_on', models.DateField(verbose_name='合同起始日期')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='合同终止日期')),
                ('kind', models.CharField(choices=[('FIXED', '固定期限'), ('OPEN', '无固定期限'), ('TASK', '以完成一定工作任务为期限')], max_length=5, verbose_name='合同期限')),
                ('paper_reference', models.CharField(blank=True, max_length=80, verbose_name='纸质合同存放处')),
                ('paper_seen_on', models.DateField(blank=True, null=True, verbose_name='已见纸质日期')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, max_length=200, verbose_name='作废原因')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='stations.delivery')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment', verbose_name='合同扫描件')),
                ('paper_seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['signed_on', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('delivery', 'starts_on'), name='contract_once', violation_error_message='该人员同一起始日期的合同已登记。'), models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('paper_reference', ''), _negated=True), _connector='OR'), name='contract_file_or_paper', violation_error_message='请上传合同扫描件，或写明纸质合同存放处。'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='contract_ends_after_start', violation_error_message='合同终止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(('kind', 'TASK'), models.Q(('ends_on__isnull', False), ('kind', 'FIXED')), models.Q(('ends_on__isnull', True), ('kind', 'OPEN')), _connector='OR'), name='contract_kind_fits_end', violation_error_message='固定期限合同须有终止日期，无固定期限合同没有终止日期。'), models.CheckConstraint(condition=models.Q(models.Q(('paper_seen_by__isnull', True), ('paper_seen_on__isnull', True)), models.Q(('paper_seen_by__isnull', False), ('paper_seen_on__isnull', False)), _connector='OR'), name='contract_paper_seen_whole', violation_error_message='已见纸质须同时有日期和核验人。'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='contract_voided_whole', violation_error_message='作废须同时写明时间、经办人和原因。')],
            },
        ),
        migrations.CreateModel(
            name='FrozenYear',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period_no', models.PositiveSmallIntegerField(verbose_name='第几年度')),
                ('starts_on', models.DateField(verbose_name='年度起')),
                ('ends_on', models.DateField(verbose_name='年度止')),
                ('as_of', models.DateField(verbose_name='数据截止日')),
                ('policy_version', models.CharField(max_length=20, verbose_name='适用版本')),
                ('certainty', models.CharField(max_length=12)),
                ('raw', models.PositiveIntegerField(verbose_name='原始行数')),
                ('counted', models.PositiveIntegerField(verbose_name='计入人数')),
                ('pending', models.PositiveIntegerField(verbose_name='待核人数')),
                ('excluded', models.PositiveIntegerField(verbose_name='不计行数')),
                ('skilled', models.PositiveIntegerField(verbose_name='技术技能人才')),
                ('rows', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='冻结时间')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen_years', to='stations.station')),
            ],
            options={
                'ordering': ['station', 'period_no'],
                'constraints': [models.UniqueConstraint(fields=('station', 'period_no'), name='frozen_year_once', violation_error_message='该年度名册已冻结。'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='frozen_year_in_order', violation_error_message='年度的止日须晚于起日。'), models.CheckConstraint(condition=models.Q(('raw', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('counted'), '+', models.F('pending')), '+', models.F('excluded')))), name='frozen_year_adds_up', violation_error_message='冻结名册的计入、待核、不计之和与行数不一致。')],
            },
        ),
        migrations.CreateModel(
            name='RowCorrection',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('CORRECT', '更正'), ('ADD', '补录'), ('LEAVE', '离职登记')], max_length=7, verbose_name='事项')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('changes', models.JSONField(default=list, verbose_name='变更')),
                ('status', models.CharField(blank=True, max_length=8, verbose_name='更正前计入状态')),
                ('at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), verbose_name='时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='stations.delivery')),
                ('frozen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='stations.frozenyear')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='correction_has_reason', violation_error_message='请写明更正理由。')],
            },
        ),
        migrations.CreateModel(
            name='SkillCertificate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('SKILL', '职业技能等级'), ('QUALIFICATION', '职业资格'), ('TITLE', '专业技术职称')], max_length=13, verbose_name='证书类别')),
                ('level', models.CharField(choices=[('5', '五级（初级工）'), ('4', '四级（中级工）'), ('3', '三级（高级工）'), ('2', '二级（技师）'), ('1', '一级（高级技师）'), ('初级', '初级'), ('中级', '中级'), ('副高级', '副高级'), ('正高级', '正高级')], max_length=4, verbose_name='等级')),
                ('number', models.CharField(max_length=40, verbose_name='证书编号')),
                ('result', models.CharField(choices=[('PENDING', '待核验'), ('VERIFIED', '已核验'), ('UNFOUND', '查无此证')], default='PENDING', max_length=8, verbose_name='核验结果')),
                ('checked_on', models.DateField(blank=True, null=True, verbose_name='核验日期')),
                ('check_note', models.CharField(blank=True, max_length=200, verbose_name='核验说明')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, max_length=200, verbose_name='作废原因')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='stations.delivery')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment', verbose_name='证书扫描件')),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('result', 'PENDING'), ('voided_at__isnull', True)), fields=['added_at'], name='certificate_to_check')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('voided_at__isnull', True)), fields=('delivery', 'kind', 'number'), name='certificate_once', violation_error_message='该证书已登记。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'TITLE'), ('level__in', ('初级', '中级', '副高级', '正高级'))), models.Q(models.Q(('kind', 'TITLE'), _negated=True), ('level__in', ('5', '4', '3', '2', '1'))), _connector='OR'), name='certificate_level_fits_kind', violation_error_message='职称按初级至正高级填写，职业技能等级和职业资格按五级至一级填写。'), models.CheckConstraint(condition=models.Q(models.Q(('checked_by__isnull', True), ('checked_on__isnull', True), ('result', 'PENDING')), models.Q(models.Q(('result', 'PENDING'), _negated=True), ('checked_by__isnull', False), ('checked_on__isnull', False)), _connector='OR'), name='certificate_checked_whole', violation_error_message='核验结果须同时有核验日期和核验人。'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'UNFOUND'), _negated=True), models.Q(('check_note', ''), _negated=True), _connector='OR'), name='certificate_unfound_has_note', violation_error_message='查无此证的须写明核验情况。'), models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='certificate_voided_whole', violation_error_message='作废须同时写明时间、经办人和原因。')],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delivery',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='delivery',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='delivery',
            name='leave_reason',
            field=models.CharField(blank=True, choices=[('TERM_ENDED', '合同到期'), ('RESIGNED', '本人辞职'), ('DISMISSED', '用人单位解除'), ('WENT_HOME', '返乡'), ('MOVED', '转到其他企业'), ('OTHER', '其他')], db_default='', default='', max_length=10, verbose_name='离职原因'),
        ),
        migrations.AddField(
            model_name='deliveryevent',
            name='leave_reason',
            field=models.CharField(blank=True, choices=[('TERM_ENDED', '合同到期'), ('RESIGNED', '本人辞职'), ('DISMISSED', '用人单位解除'), ('WENT_HOME', '返乡'), ('MOVED', '转到其他企业'), ('OTHER', '其他')], db_default='', default='', max_length=10, verbose_name='离职原因'),
        ),
        migrations.AddField(
            model_name='rosterlist',
            name='station',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='stations.station', verbose_name='工作站'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('codes__contains', ['E14'])), fields=['person'], name='delivery_claimed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='frozen_on_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM new_rows n JOIN stations_frozenyear f ON f.station_id = n.station_id AND n.entry_on BETWEEN f.starts_on AND f.ends_on WHERE NOT EXISTS (SELECT 1 FROM stations_rowcorrection c WHERE c.delivery_id = n.id AND c.at = transaction_timestamp())) THEN RAISE EXCEPTION 'a row of a frozen year changes only with a correction record' USING ERRCODE = '23514';  END IF; RETURN NULL;", hash='5d779bb90f521ac00660c7b77d9ea7cfaa3bc260', level='STATEMENT', operation='INSERT', pgid='pgtrigger_frozen_on_insert_9a6fe', referencing='REFERENCING NEW TABLE AS new_rows ', table='stations_delivery', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='frozen_on_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.name, OLD.person_id, OLD.hukou_text, OLD.hukou_province, OLD.employer_id, OLD.entry_on, OLD.employment_form, OLD.contract_employer_code, OLD.leave_on, OLD.leave_reason, OLD.station_id, OLD.operator_id) IS DISTINCT FROM (NEW.name, NEW.person_id, NEW.hukou_text, NEW.hukou_province, NEW.employer_id, NEW.entry_on, NEW.employment_form, NEW.contract_employer_code, NEW.leave_on, NEW.leave_reason, NEW.station_id, NEW.operator_id) AND (EXISTS (SELECT 1 FROM stations_frozenyear f WHERE f.station_id = OLD.station_id AND OLD.entry_on BETWEEN f.starts_on AND f.ends_on) OR EXISTS (SELECT 1 FROM stations_frozenyear f WHERE f.station_id = NEW.station_id AND NEW.entry_on BETWEEN f.starts_on AND f.ends_on)) AND NOT EXISTS (SELECT 1 FROM stations_rowcorrection c WHERE c.delivery_id = OLD.id AND c.at = transaction_timestamp()) THEN RAISE EXCEPTION 'a row of a frozen year changes only with a correction record' USING ERRCODE = '23514';  END IF; RETURN NEW;", hash='4a74d2b3a559fde399bb169be675944f6389da24', operation='UPDATE OF "name", "person_id", "hukou_text", "hukou_province", "employer_id", "entry_on", "employment_form", "contract_employer_code", "leave_on", "leave_reason", "station_id", "operator_id"', pgid='pgtrigger_frozen_on_update_2a046', table='stations_delivery', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='frozen_on_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF EXISTS (SELECT 1 FROM stations_frozenyear f WHERE f.station_id = OLD.station_id AND OLD.entry_on BETWEEN f.starts_on AND f.ends_on) THEN RAISE EXCEPTION 'a row of a frozen year changes only with a correction record' USING ERRCODE = '23514';  END IF; RETURN OLD;", hash='a79ff17d6bd189a8c46a24ab9108719a4a6c811e', operation='DELETE', pgid='pgtrigger_frozen_on_delete_edc3b', table='stations_delivery', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."certificate_no" IS DISTINCT FROM (NEW."certificate_no") OR OLD."contract_employer_code" IS DISTINCT FROM (NEW."contract_employer_code") OR OLD."education" IS DISTINCT FROM (NEW."education") OR OLD."employer_id" IS DISTINCT FROM (NEW."employer_id") OR OLD."employment_form" IS DISTINCT FROM (NEW."employment_form") OR OLD."entry_on" IS DISTINCT FROM (NEW."entry_on") OR OLD."hukou_province" IS DISTINCT FROM (NEW."hukou_province") OR OLD."hukou_text" IS DISTINCT FROM (NEW."hukou_text") OR OLD."leave_on" IS DISTINCT FROM (NEW."leave_on") OR OLD."leave_reason" IS DISTINCT FROM (NEW."leave_reason") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."post" IS DISTINCT FROM (NEW."post") OR OLD."roster_list_id" IS DISTINCT FROM (NEW."roster_list_id") OR OLD."skill" IS DISTINCT FROM (NEW."skill") OR OLD."station_id" IS DISTINCT FROM (NEW."station_id"))', func='INSERT INTO "stations_deliveryevent" ("batch_id", "certificate_no", "consent_at", "consent_version", "contract_employer_code", "created_at", "education", "employer_id", "employment_form", "entry_on", "hukou_province", "hukou_text", "id", "leave_on", "leave_reason", "name", "operator_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post", "qualified_on", "roster_list_id", "seq", "skill", "station_id", "status") VALUES (OLD."batch_id", OLD."certificate_no", OLD."consent_at", OLD."consent_version", OLD."contract_employer_code", OLD."created_at", OLD."education", OLD."employer_id", OLD."employment_form", OLD."entry_on", OLD."hukou_province", OLD."hukou_text", OLD."id", OLD."leave_on", OLD."leave_reason", OLD."name", OLD."operator_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."post", OLD."qualified_on", OLD."roster_list_id", OLD."seq", OLD."skill", OLD."station_id", OLD."status"); RETURN NULL;', hash='13f97293ebd4b634e50be4c5cadab4da3f6aac72', operation='UPDATE', pgid='pgtrigger_update_update_41e71', table='stations_delivery', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "stations_deliveryevent" ("batch_id", "certificate_no", "consent_at", "consent_version", "contract_employer_code", "created_at", "education", "employer_id", "employment_form", "entry_on", "hukou_province", "hukou_text", "id", "leave_on", "leave_reason", "name", "operator_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post", "qualified_on", "roster_list_id", "seq", "skill", "station_id", "status") VALUES (OLD."batch_id", OLD."certificate_no", OLD."consent_at", OLD."consent_version", OLD."contract_employer_code", OLD."created_at", OLD."education", OLD."employer_id", OLD."employment_form", OLD."entry_on", OLD."hukou_province", OLD."hukou_text", OLD."id", OLD."leave_on", OLD."leave_reason", OLD."name", OLD."operator_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."post", OLD."qualified_on", OLD."roster_list_id", OLD."seq", OLD."skill", OLD."station_id", OLD."status"); RETURN NULL;', hash='7dcc9e0f51e7c0d40f12bf1c634f620cb111dce0', operation='DELETE', pgid='pgtrigger_delete_delete_252f5', table='stations_delivery', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('leave_reason', ''), ('leave_on__isnull', False), _connector='OR'), name='delivery_leave_reason_has_day', violation_error_message='写明离职原因的须同时填写离职时间。'),
        ),
        migrations.AddConstraint(
            model_name='rosterlist',
            constraint=models.CheckConstraint(condition=models.Q(('station__isnull', True), ('locked_at__isnull', True), _connector='OR'), name='roster_of_station_stays_open', violation_error_message='工作站的名册不随申请锁定，各年度在评估开始时冻结。'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claimdecision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2cfdb2fd647ba87911fd7660b8d314e79fabd0be', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e2baa', table='stations_claimdecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='frozenyear',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='06b6b9b7bdd4e3d4d7c614c9a108b2c552f3c69f', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_c5289', table='stations_frozenyear', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rowcorrection',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4e4a17f6bbb23471609997eab05382da2ea2f50c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_240b4', table='stations_rowcorrection', when='BEFORE')),
        ),
    ]
