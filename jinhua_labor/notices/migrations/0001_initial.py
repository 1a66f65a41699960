import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('ESTABLISHMENT', '设立公布'), ('ASSESSMENT', '评估公示'), ('EXCELLENT', '优秀公示'), ('REVOCATION', '取消公布'), ('SUBSIDY', '补贴公示'), ('POLICY', '政策'), ('OTHER', '通知公告')], max_length=14, verbose_name='类型')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('body', models.TextField(max_length=20000, verbose_name='正文')),
                ('office', models.CharField(blank=True, max_length=60, verbose_name='发布机构')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='监督电话')),
                ('workdays', models.PositiveSmallIntegerField(default=0, verbose_name='公示工作日')),
                ('state', models.CharField(choices=[('DRAFT', '起草中'), ('READY', '待发布'), ('PUBLISHED', '已发布'), ('WITHDRAWN', '已撤回')], default='DRAFT', max_length=10, verbose_name='状态')),
                ('object_id', models.UUIDField(blank=True, null=True)),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='公示截止日')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤回时间')),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200, verbose_name='撤回原因')),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-released_at', '-prepared_at', 'id'],
                'indexes': [models.Index(fields=['state', '-released_at'], name='notice_public')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('state__in', ['DRAFT', 'READY'])), models.Q(('released_at__isnull', False), ('state__in', ['PUBLISHED', 'WITHDRAWN'])), _connector='OR'), name='notice_released_has_at', violation_error_message='发布状态与发布时间不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('content_sha256', ''), ('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('content_sha256', ''), _negated=True)), _connector='OR'), name='notice_released_whole', violation_error_message='发布须同时记录发布人、时间和内容摘要。'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='notice_two_persons', violation_error_message='起草人不能自己发布，请由另一位同事审核发布。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'WITHDRAWN'), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), models.Q(models.Q(('state', 'WITHDRAWN'), _negated=True), ('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), _connector='OR'), name='notice_withdrawn_whole', violation_error_message='撤回须写明原因，并记录经办人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=50, verbose_name='姓名（单位）')),
                ('contact', models.CharField(max_length=50, verbose_name='联系方式')),
                ('content', models.TextField(max_length=2000, verbose_name='异议内容')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='答复')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='notices.notice')),
            ],
            options={
                'ordering': ['received_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='objection_answer_whole', violation_error_message='答复须同时记录内容、经办人和时间。')],
            },
        ),
    ]
