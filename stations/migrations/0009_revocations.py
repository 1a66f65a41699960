import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_code_failed'),
        ('accounts', '__first__'),
        ('attachments', '0001_initial'),
        ('documents', '0002_alter_issueddocument_kind'),
        ('notices', '0001_initial'),
        ('review', '0003_alter_review_kind'),
        ('stations', '0008_foreign_keys_by_lookup'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=30, verbose_name='编号')),
                ('stage', models.CharField(choices=[('DRAFT', '系统拟稿'), ('PROPOSED', '拟取消'), ('NOTIFIED', '已告知'), ('REPORTED', '已报审'), ('DECIDED', '已取消'), ('DISMISSED', '不予取消'), ('REVERSED', '决定已撤销'), ('WITHDRAWN', '已撤回'), ('DROPPED', '不予提出')], default='PROPOSED', max_length=9, verbose_name='状态')),
                ('former_state', models.CharField(choices=[('ACTIVE', '运行中'), ('RECTIFYING', '整改中'), ('REVOKING', '取消程序中'), ('REVOKED', '已取消'), ('EXPIRED', '经营期限届满')], default='ACTIVE', max_length=10, verbose_name='原状态')),
                ('grounds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('G1', '（一）主动申请取消资格'), ('G2', '（二）因自身原因或不可抗力因素，不再具备设立条件'), ('G3', '（三）连续两个年度评估不合格'), ('G4', '（四）弄虚作假、虚报冒领补贴'), ('G5', '（五）发生重大安全责任事故，或严重损害务工人员、企业权益受到投诉并核实')], max_length=2), size=None, verbose_name='情形')),
                ('facts', models.TextField(max_length=2000, verbose_name='事实')),
                ('grave', models.CharField(blank=True, choices=[('ACCIDENT', '重大安全责任事故'), ('COMPLAINT', '受到投诉并核实')], max_length=9, verbose_name='（五）的情形')),
                ('finding', models.CharField(blank=True, max_length=100, verbose_name='核实（认定）文书或投诉编号')),
                ('verified', models.BooleanField(default=False, verbose_name='已核实（认定）')),
                ('fail_years', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='连续不合格的年度')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('proposed_on', models.DateField(blank=True, null=True, verbose_name='提出日期')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='告知日期')),
                ('defence_until', models.DateField(blank=True, null=True, verbose_name='陈述申辩截止日')),
                ('statement', models.TextField(blank=True, max_length=2000, verbose_name='陈述申辩')),
                ('statement_on', models.DateField(blank=True, null=True, verbose_name='陈述申辩日期')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='对陈述申辩的处理')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='处理日期')),
                ('closing_reason', models.CharField(blank=True, max_length=500, verbose_name='不予取消、撤回或不予提出的理由')),
                ('delivered_on', models.DateField(blank=True, null=True, verbose_name='送达日期')),
                ('plaque_due_on', models.DateField(blank=True, null=True, verbose_name='铭牌交回期限')),
                ('plaque_returned_on', models.DateField(blank=True, null=True, verbose_name='铭牌交回日期')),
                ('reversed_on', models.DateField(blank=True, null=True, verbose_name='撤销日期')),
                ('reversal_cause', models.CharField(blank=True, choices=[('REVIEW', '行政复议'), ('COURT', '行政诉讼'), ('SELF', '自行纠正')], max_length=6, verbose_name='撤销途径')),
                ('reversal_reason', models.CharField(blank=True, max_length=500, verbose_name='撤销理由')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ban', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='stations.ban')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.issueddocument', verbose_name='取消决定')),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment', verbose_name='主要证据')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.notice', verbose_name='公布')),
                ('notified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revocations', to='accounts.organisation', verbose_name='承建单位')),
                ('plaque_returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reversed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='review.review', verbose_name='两级审核')),
                ('statement_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revocations', to='stations.station')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['stage', '-created_at'], name='revocation_waiting')],
                'constraints': [models.UniqueConstraint(fields=('number',), name='revocation_number_once', violation_error_message='编号重复，请重新提交。'), models.UniqueConstraint(condition=models.Q(('stage__in', ['PROPOSED', 'NOTIFIED', 'REPORTED', 'DECIDED'])), fields=('station',), name='revocation_one_open', violation_error_message='该工作站已有一件取消资格正在办理或已经取消。'), models.UniqueConstraint(condition=models.Q(('stage', 'DRAFT')), fields=('station',), name='revocation_one_draft', violation_error_message='该工作站已有一件系统拟稿的取消资格，请先处理那一件。'), models.CheckConstraint(condition=models.Q(('grounds__len__gt', 0)), name='revocation_has_ground', violation_error_message='取消资格至少选择第八条的一种情形。'), models.CheckConstraint(condition=models.Q(models.Q(('grounds__contains', ['G1']), _negated=True), ('grounds', ['G1']), _connector='OR'), name='revocation_g1_alone', violation_error_message='主动申请取消资格的，不与其他情形并列。'), models.CheckConstraint(condition=models.Q(('stage__in', ('DRAFT', 'DROPPED')), ('evidence__isnull', False), _connector='OR'), name='revocation_has_evidence', violation_error_message='提出取消资格须上传证据；主动申请的须上传签字盖章的申请书。'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_by__isnull', True), ('proposed_on__isnull', True), ('stage__in', ('DRAFT', 'DROPPED'))), models.Q(models.Q(('stage__in', ('DRAFT', 'DROPPED')), _negated=True), ('proposed_by__isnull', False), ('proposed_on__isnull', False)), _connector='OR'), name='revocation_proposed_whole', violation_error_message='提出取消资格须记录提出人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('grounds__contains', ['G5']), _negated=True), models.Q(('verified', True), models.Q(('grave', ''), _negated=True), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='revocation_g5_verified', violation_error_message='以（五）为由的，事故须经认定、投诉须已核实，并写明文书或编号。'), models.CheckConstraint(condition=models.Q(models.Q(('defence_until__isnull', True), ('notified_by__isnull', True), ('notified_on__isnull', True)), models.Q(('defence_until__gt', models.F('notified_on')), ('defence_until__isnull', False), ('notified_by__isnull', False), ('notified_on__isnull', False)), _connector='OR'), name='revocation_notified_whole', violation_error_message='告知须同时记录经办人、日期和陈述申辩截止日。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['NOTIFIED', 'REPORTED', 'DECIDED', 'REVERSED']), _negated=True), ('grounds', ['G1']), ('notified_on__isnull', False), _connector='OR'), name='revocation_told_before', violation_error_message='除主动申请外，作出决定前须书面告知事实、理由和陈述申辩的权利。'), models.CheckConstraint(condition=models.Q(models.Q(('statement', ''), ('statement_by__isnull', True), ('statement_on__isnull', True)), models.Q(models.Q(('statement', ''), _negated=True), ('statement_by__isnull', False), ('statement_on__isnull', False)), _connector='OR'), name='revocation_statement_whole', violation_error_message='陈述申辩须同时记录内容、经办人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_by__isnull', True), ('answered_on__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_by__isnull', False), ('answered_on__isnull', False)), _connector='OR'), name='revocation_answer_whole', violation_error_message='对陈述申辩的处理须同时记录内容、经办人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['REPORTED', 'DECIDED', 'REVERSED']), _negated=True), ('grounds', ['G1']), models.Q(('answer', ''), _negated=True), _connector='OR'), name='revocation_heard_before', violation_error_message='陈述申辩处理完毕后才能报审。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['REPORTED', 'DECIDED', 'REVERSED']), _negated=True), ('review__isnull', False), _connector='OR'), name='revocation_is_reviewed', violation_error_message='取消资格须经区就业服务中心初审、区人社局决定。'), models.CheckConstraint(condition=models.Q(models.Q(('ban__isnull', False), ('document__isnull', False), ('notice__isnull', False), ('stage__in', ('DECIDED', 'REVERSED'))), models.Q(models.Q(('stage__in', ('DECIDED', 'REVERSED')), _negated=True), ('ban__isnull', True), ('document__isnull', True), ('notice__isnull', True)), _connector='OR'), name='revocation_decided_whole', violation_error_message='取消决定须同时有决定文书、不得申报期限和公布。'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['DISMISSED', 'WITHDRAWN', 'DROPPED']), _negated=True), models.Q(('closing_reason', ''), _negated=True), _connector='OR'), name='revocation_closed_has_reason', violation_error_message='不予取消、撤回或不予提出须写明理由。'), models.CheckConstraint(condition=models.Q(models.Q(('delivered_by__isnull', True), ('delivered_on__isnull', True)), models.Q(('delivered_by__isnull', False), ('delivered_on__isnull', False), ('document__isnull', False)), _connector='OR'), name='revocation_delivered_whole', violation_error_message='送达须在决定之后，并记录经办人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('plaque_returned_by__isnull', True), ('plaque_returned_on__isnull', True)), models.Q(('plaque_due_on__isnull', False), ('plaque_returned_by__isnull', False), ('plaque_returned_on__isnull', False)), _connector='OR'), name='revocation_plaque_whole', violation_error_message='铭牌交回须记录经办人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('reversed_by__isnull', False), ('reversed_on__isnull', False), ('stage', 'REVERSED'), models.Q(('reversal_cause', ''), _negated=True), models.Q(('reversal_reason', ''), _negated=True)), models.Q(models.Q(('stage', 'REVERSED'), _negated=True), ('reversal_cause', ''), ('reversal_reason', ''), ('reversed_by__isnull', True), ('reversed_on__isnull', True)), _connector='OR'), name='revocation_reversed_whole', violation_error_message='撤销决定须记录途径、理由、经办人和日期。')],
            },
        ),
        migrations.CreateModel(
            name='RevocationPaper',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('slot', models.CharField(choices=[('APPLICATION', '取消资格申请书（签字盖章）'), ('EVIDENCE', '事实证据'), ('STATEMENT', '陈述申辩材料'), ('REVERSAL', '撤销决定的文书')], max_length=12, verbose_name='材料')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('revocation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='stations.revocation')),
            ],
            options={
                'ordering': ['slot', 'added_at', 'id'],
            },
        ),
    ]
