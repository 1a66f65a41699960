import django.db.models.deletion
import django.utils.timezone
import jinhua_labor.core.clock
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
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=120, verbose_name='标题')),
                ('body', models.TextField(blank=True, max_length=2000, verbose_name='内容')),
                ('link', models.CharField(blank=True, max_length=200, verbose_name='相关页面')),
                ('created_at', models.DateTimeField(default=jinhua_labor.core.clock.now, verbose_name='时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['user', '-created_at'], name='message_inbox'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='message_unread')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingEmail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to', models.EmailField(max_length=254, verbose_name='收件地址')),
                ('state', models.CharField(choices=[('WAITING', '待发送'), ('SENT', '已发送'), ('DEAD', '发送失败')], default='WAITING', max_length=10, verbose_name='状态')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='下次发送')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='发送时间')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='最近错误')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email', to='mailbox.message')),
            ],
            options={
                'verbose_name': '待发邮件',
                'verbose_name_plural': '待发邮件',
                'ordering': ['due_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['due_at'], name='email_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'SENT')), models.Q(models.Q(('state', 'SENT'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='email_sent_at_iff_sent', violation_error_message='邮件状态与发送时间不一致。')],
            },
        ),
    ]
