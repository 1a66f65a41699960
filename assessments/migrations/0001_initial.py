import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_code_failed'),
        ('accounts', '__first__'),
        ('attachments', '0003_share_rules'),
        ('notices', '0001_initial'),
        ('review', '0005_centre_started_kinds'),
        ('stations', '0012_renewals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period_no', models.PositiveSmallIntegerField(verbose_name='第几年度')),
                ('starts_on', models.DateField(verbose_name='年度起')),
                ('ends_on', models.DateField(verbose_name='年度止')),
                ('policy_version', models.CharField(max_length=40, verbose_name='适用版本')),
                ('certainty', models.CharField(max_length=12)),
                ('stage', models.CharField(choices=[('OPEN', '待自评'), ('SCORING', '评分中'), ('CHECKING', '待复核'), ('FEEDBACK', '反馈中'), ('CONFIRMING', '待局确认'), ('CONFIRMED', '已确认'), ('FINAL', '已确定'), ('VOID', '不评估')], default='OPEN', max_length=11, verbose_name='状态')),
                ('opened_on', models.DateField(verbose_name='评估启动日')),
                ('data_cutoff', models.DateField(verbose_name='数据截止日')),
                ('self_due_on', models.DateField(verbose_name='自评截止日')),
                ('due_on', models.DateField(verbose_name='评估期限')),
                ('self_text', models.TextField(blank=True, max_length=2000, verbose_name='自评说明')),
                ('self_submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='自评提交时间')),
                ('void_reason', models.CharField(blank=True, max_length=200, verbose_name='不评估的原因')),
                ('final_on', models.DateField(blank=True, null=True, verbose_name='结果确定日')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('frozen_year', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment', to='stations.frozenyear', verbose_name='冻结的名册')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='accounts.organisation', verbose_name='承建单位')),
                ('self_submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='stations.station')),
            ],
            options={
                'ordering': ['-ends_on', 'station', 'id'],
                'indexes': [models.Index(fields=['stage', 'due_on'], name='assessment_waiting')],
                'constraints': [models.UniqueConstraint(fields=('station', 'period_no'), name='assessment_once_per_year', violation_error_message='该年度的评估已经启动。'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on')), ('opened_on__gt', models.F('ends_on'))), name='assessment_after_its_year', violation_error_message='年度结束之后才能评估。'), models.CheckConstraint(condition=models.Q(models.Q(('self_submitted_at__isnull', True), ('self_submitted_by__isnull', True)), models.Q(('self_submitted_at__isnull', False), ('self_submitted_by__isnull', False)), _connector='OR'), name='assessment_self_whole', violation_error_message='自评须同时记录提交人和时间。'), models.CheckConstraint(condition=models.Q(models.Q(('final_on__isnull', False), ('stage', 'FINAL')), models.Q(models.Q(('stage', 'FINAL'), _negated=True), ('final_on__isnull', True)), _connector='OR'), name='assessment_final_has_day', violation_error_message='评估结果的状态与确定日不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'VOID'), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('stage', 'VOID'), _negated=True), ('void_reason', '')), _connector='OR'), name='assessment_void_has_reason', violation_error_message='不评估须写明原因。')],
            },
        ),
        migrations.CreateModel(
            name='SelfEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=2, verbose_name='指标')),
                ('text', models.CharField(max_length=500, verbose_name='说明')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='self_evidence', to='assessments.assessment')),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
            ],
            options={
                'ordering': ['code', 'added_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='self_evidence_says', violation_error_message='请写明这一项的情况。')],
            },
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='第几次评分')),
                ('cause', models.CharField(choices=[('FIRST', '首次评分'), ('OBJECTION', '异议成立重新评分'), ('CORRECTION', '更正已确定的结果')], default='FIRST', max_length=10, verbose_name='缘由')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='重新评分的理由')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('facts', models.JSONField(blank=True, default=dict, verbose_name='计分事实')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('feedback_until', models.DateField(blank=True, null=True, verbose_name='反馈截止日')),
                ('agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='站点无意见的时间')),
                ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='总分')),
                ('vetoed', models.BooleanField(blank=True, null=True, verbose_name='一票否决')),
                ('veto_reason', models.CharField(blank=True, max_length=200, verbose_name='否决原因')),
                ('outcome', models.CharField(blank=True, choices=[('PASSED', '合格'), ('FAILED', '不合格')], max_length=6, verbose_name='结果')),
                ('counted', models.PositiveIntegerField(blank=True, null=True, verbose_name='输送人数')),
                ('skilled', models.PositiveIntegerField(blank=True, null=True, verbose_name='技术技能人才')),
                ('matured', models.PositiveIntegerField(blank=True, null=True, verbose_name='满六个月人数')),
                ('retained', models.PositiveIntegerField(blank=True, null=True, verbose_name='留用人数')),
                ('snapshot', models.JSONField(blank=True, null=True, verbose_name='快照')),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='局确认时间')),
                ('final_on', models.DateField(blank=True, null=True, verbose_name='结果确定日')),
                ('agreed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='assessments.assessment')),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='notices.notice', verbose_name='公示')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sheet', to='review.review', verbose_name='两级审核')),
            ],
            options={
                'ordering': ['assessment', 'round'],
                'constraints': [models.UniqueConstraint(fields=('assessment', 'round'), name='sheet_round_once', violation_error_message='该年度已有这一次评分。'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'FIRST'), ('reason', ''), ('round', 1)), models.Q(models.Q(('cause', 'FIRST'), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='sheet_again_has_reason', violation_error_message='重新评分须写明理由。'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True), ('feedback_until__isnull', True)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), ('feedback_until__isnull', False), ('review__isnull', False)), _connector='OR'), name='sheet_checked_whole', violation_error_message='复核须同时记录复核人、时间和反馈截止日。'), models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', True), ('agreed_by__isnull', True)), models.Q(('agreed_at__isnull', False), ('agreed_by__isnull', False), ('checked_at__isnull', False)), _connector='OR'), name='sheet_agreed_whole', violation_error_message='站点对评分无意见，须在复核之后记录经办人和时间。'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', False), ('confirmed_at__isnull', False), ('counted__isnull', False), ('matured__isnull', False), ('retained__isnull', False), ('skilled__isnull', False), ('snapshot__isnull', False), ('total__isnull', False), ('vetoed__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), models.Q(('confirmed_at__isnull', True), ('counted__isnull', True), ('matured__isnull', True), ('outcome', ''), ('retained__isnull', True), ('sha256', ''), ('skilled__isnull', True), ('snapshot__isnull', True), ('total__isnull', True), ('vetoed__isnull', True)), _connector='OR'), name='sheet_confirmed_whole', violation_error_message='局确认须同时记录总分、结果、人数和快照。'), models.CheckConstraint(condition=models.Q(('total__isnull', True), models.Q(('total__gte', 0), ('total__lte', 100)), _connector='OR'), name='sheet_total_within', violation_error_message='总分应在0至100分之间。'), models.CheckConstraint(condition=models.Q(('vetoed__isnull', True), models.Q(('outcome', 'FAILED'), ('vetoed', True), models.Q(('veto_reason', ''), _negated=True)), models.Q(('veto_reason', ''), ('vetoed', False)), _connector='OR'), name='sheet_veto_fails', violation_error_message='一票否决的年度为不合格，并须写明原因。'), models.CheckConstraint(condition=models.Q(('counted__isnull', True), models.Q(('retained__lte', models.F('matured')), ('skilled__lte', models.F('counted'))), _connector='OR'), name='sheet_counts_within', violation_error_message='技术技能人才不多于输送人数，留用人数不多于满六个月人数。'), models.CheckConstraint(condition=models.Q(('notice__isnull', True), ('confirmed_at__isnull', False), _connector='OR'), name='sheet_published_confirmed', violation_error_message='局确认之后才能公示。'), models.CheckConstraint(condition=models.Q(('final_on__isnull', True), ('notice__isnull', False), _connector='OR'), name='sheet_final_published', violation_error_message='公示期满之后结果才确定。')],
            },
        ),
        migrations.CreateModel(
            name='LineAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=2, verbose_name='指标')),
                ('text', models.CharField(max_length=1000, verbose_name='站点意见')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('reply', models.CharField(blank=True, max_length=1000, verbose_name='中心答复')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.sheet')),
            ],
            options={
                'ordering': ['code', 'at', 'id'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'code'), name='line_answer_once', violation_error_message='这一项的意见已经提交，请等待答复。'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='line_answer_says', violation_error_message='请写明意见。'), models.CheckConstraint(condition=models.Q(models.Q(('replied_at__isnull', True), ('replied_by__isnull', True), ('reply', '')), models.Q(models.Q(('reply', ''), _negated=True), ('replied_at__isnull', False), ('replied_by__isnull', False)), _connector='OR'), name='line_reply_whole', violation_error_message='答复须同时记录内容、经办人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='SheetLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=2, verbose_name='指标')),
                ('weight', models.PositiveSmallIntegerField(verbose_name='参考权重')),
                ('computed', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='系统分')),
                ('given', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='实际得分')),
                ('skill_points', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='技术技能加分')),
                ('parts', models.JSONField(blank=True, default=list, verbose_name='分项判断')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('version', models.PositiveIntegerField(default=1)),
                ('given_at', models.DateTimeField(blank=True, null=True)),
                ('given_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='assessments.sheet')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'code'), name='line_once', violation_error_message='每项指标只有一行。'), models.CheckConstraint(condition=models.Q(models.Q(('given__isnull', True), models.Q(('given__gte', 0), ('given__lte', models.F('weight'))), _connector='OR'), models.Q(('computed__isnull', True), models.Q(('computed__gte', 0), ('computed__lte', models.F('weight'))), _connector='OR')), name='line_within_weight', violation_error_message='得分应在0分与参考权重之间。'), models.CheckConstraint(condition=models.Q(('given__isnull', True), ('computed__isnull', True), ('given', models.F('computed')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='line_override_has_reason', violation_error_message='实际得分与系统分不同的，须写明理由。'), models.CheckConstraint(condition=models.Q(models.Q(('given__isnull', True), ('given_at__isnull', True), ('given_by__isnull', True)), models.Q(('given__isnull', False), ('given_at__isnull', False), ('given_by__isnull', False)), _connector='OR'), name='line_given_whole', violation_error_message='评分须同时记录评分人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='LineEvidence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='assessments.sheetline')),
            ],
            options={
                'ordering': ['added_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SheetPerson',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('COUNTED', '计入'), ('PENDING', '待核'), ('EXCLUDED', '不计')], max_length=8, verbose_name='计入状态')),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), blank=True, default=list, size=None, verbose_name='原因')),
                ('matured', models.BooleanField(verbose_name='已满六个月')),
                ('retained', models.BooleanField(verbose_name='留用')),
                ('contract', models.BooleanField(verbose_name='已签合同')),
                ('skilled', models.BooleanField(verbose_name='技术技能人才')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.delivery')),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='assessments.sheet')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'delivery'), name='sheet_person_once', violation_error_message='同一人在一张评估表中只列一次。')],
            },
        ),
        migrations.CreateModel(
            name='SheetPresence',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='assessments.sheet')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-seen_at'],
                'constraints': [models.UniqueConstraint(fields=('sheet', 'user'), name='presence_once', violation_error_message='同一人在一张评估表上只记一次。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sheet',
            trigger=pgtrigger.compiler.Trigger(name='confirmed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.confirmed_at IS NOT NULL AND (OLD.facts, OLD.snapshot, OLD.sha256, OLD.total, OLD.vetoed, OLD.veto_reason, OLD.outcome, OLD.counted, OLD.skilled, OLD.matured, OLD.retained, OLD.confirmed_at) IS DISTINCT FROM (NEW.facts, NEW.snapshot, NEW.sha256, NEW.total, NEW.vetoed, NEW.veto_reason, NEW.outcome, NEW.counted, NEW.skilled, NEW.matured, NEW.retained, NEW.confirmed_at))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e985e1fff376e55da702cb20eee7017e86606edb', operation='UPDATE', pgid='pgtrigger_confirmed_stays_67c68', table='assessments_sheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sheet',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='84129f791e9031f70d229b48c1ef0d30ac7a9fcc', operation='DELETE', pgid='pgtrigger_never_deleted_47063', table='assessments_sheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sheetline',
            trigger=pgtrigger.compiler.Trigger(name='confirmed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT 1 FROM assessments_sheet s WHERE s.id = OLD.sheet_id AND s.confirmed_at IS NOT NULL) THEN\n    RAISE EXCEPTION 'a line of a confirmed sheet stays as it is' USING ERRCODE = '23514';\nEND IF;\nRETURN COALESCE(NEW, OLD);\n", hash='af666d2d0dd9a4e76d2b6983e789f284a40f93df', operation='UPDATE OR DELETE', pgid='pgtrigger_confirmed_stays_f7413', table='assessments_sheetline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sheetperson',
            trigger=pgtrigger.compiler.Trigger(name='frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='20a5ef73b489a353f0b1f370771236a0a07e2fc5', operation='UPDATE OR DELETE', pgid='pgtrigger_frozen_e0f73', table='assessments_sheetperson', when='BEFORE')),
        ),
    ]
