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
        ('assessments', '0001_initial'),
        ('documents', '0004_excellent_documents'),
        ('notices', '0002_objection_evidence'),
        ('review', '0005_centre_started_kinds'),
        ('stations', '0012_renewals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='评选年份')),
                ('cutoff', models.DateField(verbose_name='数据截止日')),
                ('apply_until', models.DateField(verbose_name='申报截止日')),
                ('quota', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='说明')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issueddocument', verbose_name='认定文件')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.notice')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-year'],
                'constraints': [models.CheckConstraint(condition=models.Q(('apply_until__gte', models.F('cutoff'))), name='round_days_in_order', violation_error_message='申报截止日不能早于数据截止日。'), models.CheckConstraint(condition=models.Q(('quota__isnull', True), ('quota__gte', 1), _connector='OR'), name='round_quota_positive', violation_error_message='名额至少为1个；不设名额请留空。'), models.CheckConstraint(condition=models.Q(('document__isnull', True), ('notice__isnull', False), _connector='OR'), name='round_document_after_notice', violation_error_message='公示期满之后才能印发认定文件。')],
            },
        ),
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('APPLIED', '单位申报'), ('NOMINATED', '中心推荐')], max_length=9, verbose_name='方式')),
                ('statement', models.TextField(max_length=2000, verbose_name='事迹')),
                ('stage', models.CharField(choices=[('SUBMITTED', '待核对'), ('SCREENED', '待审核'), ('APPROVED', '已入选'), ('RECOGNISED', '已认定'), ('REJECTED', '未入选'), ('WITHDRAWN', '已撤回')], default='SUBMITTED', max_length=10, verbose_name='状态')),
                ('figures', models.JSONField(blank=True, null=True, verbose_name='四项标准')),
                ('policy_version', models.CharField(blank=True, max_length=40, verbose_name='适用版本')),
                ('closing_reason', models.CharField(blank=True, max_length=500, verbose_name='未入选或撤回的理由')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='承建单位')),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='candidate', to='review.review')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidacies', to='stations.station')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidates', to='assessments.round')),
            ],
            options={
                'ordering': ['round', 'created_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('stage', 'WITHDRAWN'), _negated=True), fields=('round', 'station'), name='candidate_once_per_round', violation_error_message='该工作站已列为这一轮的候选。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['SCREENED', 'APPROVED', 'RECOGNISED']), _negated=True), models.Q(('figures__isnull', False), models.Q(('policy_version', ''), _negated=True)), _connector='OR'), name='candidate_screened_has_figures', violation_error_message='初审须同时记录四项标准的核对结果。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['REJECTED']), _negated=True), models.Q(('closing_reason', ''), _negated=True), _connector='OR'), name='candidate_rejected_has_reason', violation_error_message='未入选须写明理由。')],
            },
        ),
        migrations.CreateModel(
            name='Title',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recognised_on', models.DateField(verbose_name='认定日期')),
                ('state', models.CharField(choices=[('HELD', '有效'), ('WITHDRAWN', '已撤销'), ('LAPSED', '随资格取消失效')], default='HELD', max_length=9, verbose_name='状态')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                ('end_reason', models.CharField(blank=True, max_length=200, verbose_name='终止原因')),
                ('candidate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='title', to='assessments.candidate')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issueddocument', verbose_name='认定文件')),
                ('end_document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issueddocument', verbose_name='撤销文件')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='承建单位')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='titles', to='stations.station')),
            ],
            options={
                'ordering': ['-recognised_on', 'station'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'HELD')), fields=('station',), name='title_held_once', violation_error_message='该工作站已是优秀站点，不重复认定。'), models.CheckConstraint(condition=models.Q(models.Q(('end_document__isnull', True), ('end_reason', ''), ('ended_on__isnull', True), ('state', 'HELD')), models.Q(models.Q(('state', 'HELD'), _negated=True), ('ended_on__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='title_ended_whole', violation_error_message='称号终止须记录日期和原因。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), ('end_document__isnull', False), _connector='OR'), name='title_withdrawn_by_document', violation_error_message='撤销称号须有区人社局的文件。')],
            },
        ),
        migrations.CreateModel(
            name='Reverification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='第几次复核')),
                ('due_on', models.DateField(verbose_name='复核日')),
                ('opened_on', models.DateField(verbose_name='开始日期')),
                ('figures', models.JSONField(blank=True, null=True, verbose_name='四项标准')),
                ('policy_version', models.CharField(blank=True, max_length=40, verbose_name='适用版本')),
                ('verdict', models.CharField(blank=True, choices=[('PASSED', '通过'), ('FAILED', '不通过')], max_length=6, verbose_name='复核结果')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='决定日期')),
                ('review', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reverification', to='review.review')),
                ('title', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reverifications', to='assessments.title')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('title', 'number'), name='reverification_once', violation_error_message='这一次复核已经开始。'), models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('verdict', '')), models.Q(models.Q(('verdict', ''), _negated=True), models.Q(('policy_version', ''), _negated=True), ('decided_on__isnull', False), ('figures__isnull', False), ('review__isnull', False)), _connector='OR'), name='reverification_decided_whole', violation_error_message='复核结果须同时记录四项标准、决定日期和两级审核。')],
            },
        ),
        migrations.CreateModel(
            name='LedgerSight',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('seen_on', models.DateField(verbose_name='实地核对日期')),
                ('gaps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('L1', '用工企业基本情况'), ('L2', '用工企业员工管理制度'), ('L3', '用工企业安全生产制度或规定'), ('L4', '用工企业需求岗位表'), ('L5', '每年输送劳动力名册'), ('L6', '省外务工人员劳动合同'), ('L7', '省外务工人员留用名册'), ('L8', '其他相关资料')], max_length=2), blank=True, default=list, size=None, verbose_name='不完备的项目')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='核对情况')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_sights', to='assessments.assessment')),
                ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['assessment', '-entered_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('gaps__len', 0), models.Q(('note', ''), _negated=True), _connector='OR'), name='ledger_sight_gap_has_note', violation_error_message='台账不完备的，请写明缺什么。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgersight',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e638bfd5201e27f32acb1c6523b726a88bf62871', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_013e3', table='assessments_ledgersight', when='BEFORE')),
        ),
    ]
