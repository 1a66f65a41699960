import django.contrib.postgres.fields
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
        ('accounts', '__first__'),
        ('attachments', '0001_initial'),
        ('jobs', '0001_initial'),
        ('stations', '0003_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Recount',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('cause', models.CharField(choices=[('ASKED', '中心重新核算'), ('COMMAND', '后台命令'), ('NIGHTLY', '每夜核算'), ('INSURANCE', '导入参保数据')], max_length=10, verbose_name='缘由')),
                ('as_of', models.DateField(verbose_name='核算截至')),
                ('policy_version', models.CharField(max_length=20, verbose_name='适用版本')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('stations', models.PositiveIntegerField(default=0, verbose_name='站点数')),
                ('rows', models.PositiveIntegerField(default=0, verbose_name='名册行数')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='变化行数')),
                ('counted_before', models.PositiveIntegerField(default=0, verbose_name='原计入')),
                ('pending_before', models.PositiveIntegerField(default=0, verbose_name='原待核')),
                ('excluded_before', models.PositiveIntegerField(default=0, verbose_name='原不计')),
                ('counted', models.PositiveIntegerField(default=0, verbose_name='计入')),
                ('pending', models.PositiveIntegerField(default=0, verbose_name='待核')),
                ('excluded', models.PositiveIntegerField(default=0, verbose_name='不计')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
                ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recounts', to='stations.station')),
            ],
            options={
                'ordering': ['-started_at', 'id'],
                'indexes': [models.Index(fields=['-started_at'], name='recount_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('rows', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('counted'), '+', models.F('pending')), '+', models.F('excluded'))), ('rows', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('counted_before'), '+', models.F('pending_before')), '+', models.F('excluded_before')))), name='recount_adds_up', violation_error_message='计入、待核、不计之和与名册行数不一致。')],
            },
        ),
        migrations.CreateModel(
            name='RecountChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('before_status', models.CharField(choices=[('COUNTED', '计入'), ('PENDING', '待核'), ('EXCLUDED', '不计')], max_length=8, verbose_name='原状态')),
                ('before_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='原原因代码')),
                ('after_status', models.CharField(choices=[('COUNTED', '计入'), ('PENDING', '待核'), ('EXCLUDED', '不计')], max_length=8, verbose_name='新状态')),
                ('after_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='新原因代码')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stations.delivery')),
                ('recount', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='stations.recount')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('recount', 'delivery'), name='recount_change_once', violation_error_message='同一次核算中该行已登记。')],
            },
        ),
        migrations.CreateModel(
            name='RetentionCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('check_on', models.DateField(verbose_name='应统计日')),
                ('due_on', models.DateField(verbose_name='办理截止日')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='开始统计时间')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='提醒时间')),
                ('result', models.CharField(blank=True, choices=[('RETAINED', '留用'), ('LEFT', '未留用'), ('UNVERIFIED', '无法核实')], max_length=10, verbose_name='统计结果')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('si_month_ok', models.BooleanField(blank=True, null=True, verbose_name='该月由企业缴纳社会保险')),
                ('source', models.CharField(blank=True, choices=[('STATION', '工作站统计'), ('CENTRE', '中心更正')], max_length=8, verbose_name='来源')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='统计时间')),
                ('locked', models.BooleanField(default=False, verbose_name='已锁定')),
                ('revision', models.PositiveSmallIntegerField(default=0, verbose_name='更正次数')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='retention', to='stations.delivery')),
                ('employer_on_check', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.employer', verbose_name='应统计日所在企业')),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
            ],
            options={
                'ordering': ['due_on', 'check_on', 'id'],
                'indexes': [models.Index(condition=models.Q(('result', '')), fields=['due_on'], name='retention_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('check_on'))), name='retention_due_after_check', violation_error_message='办理截止日不能早于应统计日。'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True), ('locked', False), ('result', ''), ('source', '')), models.Q(models.Q(('result', ''), _negated=True), models.Q(('source', ''), _negated=True), ('checked_at__isnull', False), ('checked_by__isnull', False), ('locked', True)), _connector='OR'), name='retention_answer_whole', violation_error_message='统计结果须同时记录统计人和时间，并随即锁定。'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'RETAINED'), _negated=True), ('employer_on_check__isnull', False), _connector='OR'), name='retention_kept_somewhere', violation_error_message='留用的须写明应统计日所在企业。'), models.CheckConstraint(condition=models.Q(('revision', 0), ('source', 'CENTRE'), _connector='OR'), name='retention_corrected_by_centre', violation_error_message='更正过的结果以中心更正为来源。')],
            },
        ),
        migrations.CreateModel(
            name='RetentionCorrection',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次更正')),
                ('before_result', models.CharField(choices=[('RETAINED', '留用'), ('LEFT', '未留用'), ('UNVERIFIED', '无法核实')], max_length=10, verbose_name='原结果')),
                ('after_result', models.CharField(choices=[('RETAINED', '留用'), ('LEFT', '未留用'), ('UNVERIFIED', '无法核实')], max_length=10, verbose_name='更正为')),
                ('reason', models.CharField(max_length=200, verbose_name='更正理由')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('after_employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.employer')),
                ('before_employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.employer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('retention', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='stations.retentioncheck')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('retention', 'number'), name='retention_correction_once', violation_error_message='该次更正已登记，请刷新后查看。'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='retention_correction_has_reason', violation_error_message='请写明更正理由。')],
            },
        ),
        migrations.AddField(
            model_name='insuranceextract',
            name='district',
            field=models.BooleanField(default=False, verbose_name='查询范围为全区工作站'),
        ),
        migrations.AddField(
            model_name='insuranceextract',
            name='station',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='extracts', to='stations.station'),
        ),
        migrations.AddConstraint(
            model_name='insuranceextract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('district', False), ('roster_list__isnull', False), ('station__isnull', True)), models.Q(('district', False), ('roster_list__isnull', True), ('station__isnull', False)), models.Q(('district', True), ('roster_list__isnull', True), ('station__isnull', True)), _connector='OR'), name='extract_has_one_scope', violation_error_message='参保查询须针对一份名册、一个工作站或全区工作站。'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentioncheck',
            trigger=pgtrigger.compiler.Trigger(name='locked_answer', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."locked")', func="IF (NEW.result, NEW.employer_on_check_id, NEW.check_on, NEW.delivery_id, NEW.source, NEW.locked, NEW.checked_by_id, NEW.checked_at, NEW.revision) IS DISTINCT FROM (OLD.result, OLD.employer_on_check_id, OLD.check_on, OLD.delivery_id, OLD.source, OLD.locked, OLD.checked_by_id, OLD.checked_at, OLD.revision) AND (NEW.revision <> OLD.revision + 1 OR NOT EXISTS (SELECT 1 FROM stations_retentioncorrection c WHERE c.retention_id = OLD.id AND c.number = NEW.revision AND c.before_result = OLD.result AND c.after_result = NEW.result)) THEN RAISE EXCEPTION 'a retention result is counted once' USING ERRCODE = '23514'; END IF; RETURN NEW;", hash='1b1888402017e4f2f713284043f63a35ddb1c62e', operation='UPDATE', pgid='pgtrigger_locked_answer_1bc7f', table='stations_retentioncheck', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentioncorrection',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c469e11b1efea7a823adf016aa17cce417b436d5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_356df', table='stations_retentioncorrection', when='BEFORE')),
        ),
    ]
