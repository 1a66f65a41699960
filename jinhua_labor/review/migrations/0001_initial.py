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
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('APPLICATION', '设立申请')], max_length=12, verbose_name='类型')),
                ('number', models.CharField(blank=True, max_length=30, verbose_name='受理编号')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('url_name', models.CharField(max_length=60)),
                ('object_id', models.UUIDField()),
                ('state', models.CharField(choices=[('DRAFT', '草稿'), ('SUBMITTED', '待初审'), ('RETURNED', '待补正'), ('SCREENED', '待审核'), ('APPROVED', '审核通过'), ('REJECTED', '不予通过'), ('WITHDRAWN', '已撤回'), ('LAPSED', '逾期视为撤回')], default='DRAFT', max_length=10, verbose_name='状态')),
                ('version', models.PositiveIntegerField(default=1)),
                ('open_key', models.CharField(blank=True, max_length=200, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='提交时间')),
                ('first_submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='首次提交时间')),
                ('accepted_on', models.DateField(blank=True, null=True, verbose_name='受理日期')),
                ('deemed_accepted', models.BooleanField(default=False, verbose_name='逾期视为受理')),
                ('screened_at', models.DateTimeField(blank=True, null=True, verbose_name='初审时间')),
                ('recommendation', models.CharField(blank=True, choices=[('AGREE', '同意'), ('DISAGREE', '不同意')], max_length=8, verbose_name='初审意见')),
                ('screen_opinion', models.CharField(blank=True, max_length=500, verbose_name='初审意见内容')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='审核通过时间')),
                ('rejected_at', models.DateTimeField(blank=True, null=True, verbose_name='不予通过时间')),
                ('decision_opinion', models.CharField(blank=True, max_length=500, verbose_name='审核意见内容')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='办理期限')),
                ('clock_from', models.DateField(blank=True, null=True)),
                ('stage_used', models.PositiveSmallIntegerField(default=0)),
                ('total_used', models.PositiveSmallIntegerField(default=0)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='accounts.organisation')),
                ('rejected_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('screened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['state', 'due_on', 'id'], name='review_inbox'), models.Index(fields=['organisation', '-created_at'], name='review_of_organisation')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='review_once_per_file', violation_error_message='该事项已有办理记录。'), models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='review_number_once', violation_error_message='受理编号重复，请重新提交。'), models.UniqueConstraint(fields=('open_key',), name='review_one_open', violation_error_message='已有一件相同事项正在办理，请继续办理那一件。'), models.CheckConstraint(condition=models.Q(models.Q(('open_key__isnull', True), ('state__in', ['APPROVED', 'LAPSED', 'REJECTED', 'WITHDRAWN'])), models.Q(models.Q(('state__in', ['APPROVED', 'LAPSED', 'REJECTED', 'WITHDRAWN']), _negated=True), ('open_key__isnull', False)), _connector='OR'), name='review_open_has_key', violation_error_message='在办事项与占用标记不一致。'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'WITHDRAWN']), models.Q(('submitted_at__isnull', False), models.Q(('number', ''), _negated=True)), _connector='OR'), name='review_submitted_has_number', violation_error_message='已提交的事项必须有受理编号和提交时间。'), models.CheckConstraint(condition=models.Q(models.Q(('screened_at__isnull', False), ('state__in', ['SCREENED', 'APPROVED', 'REJECTED'])), ('state', 'WITHDRAWN'), models.Q(models.Q(('state__in', ['SCREENED', 'APPROVED', 'REJECTED']), _negated=True), ('screened_at__isnull', True)), _connector='OR'), name='review_screened_has_at', violation_error_message='初审状态与初审时间不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('recommendation', ''), ('screen_opinion', ''), ('screened_at__isnull', True)), models.Q(('screened_at__isnull', False), models.Q(('recommendation', ''), _negated=True), models.Q(('screen_opinion', ''), _negated=True)), _connector='OR'), name='review_screened_has_opinion', violation_error_message='初审必须写明意见。'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['APPROVED', 'REJECTED']), _negated=True), models.Q(('decision_opinion', ''), _negated=True), _connector='OR'), name='review_decided_has_opinion', violation_error_message='审核必须写明意见；不予通过须写明理由与依据。'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('recommendation', 'AGREE'), _connector='OR'), name='review_approved_was_recommended', violation_error_message='初审不同意的事项不能直接审核通过，请退回初审或不予通过。'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('state', 'APPROVED')), models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('approved_at__isnull', True)), _connector='OR'), name='review_approved_has_approved_at', violation_error_message='办理状态与办理时间不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('rejected_at__isnull', False), ('state', 'REJECTED')), models.Q(models.Q(('state', 'REJECTED'), _negated=True), ('rejected_at__isnull', True)), _connector='OR'), name='review_rejected_has_rejected_at', violation_error_message='办理状态与办理时间不一致。'), models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='review_submitted_at_has_by', violation_error_message='办理时间与办理人必须同时记录。'), models.CheckConstraint(condition=models.Q(models.Q(('screened_at__isnull', True), ('screened_by__isnull', True)), models.Q(('screened_at__isnull', False), ('screened_by__isnull', False)), _connector='OR'), name='review_screened_at_has_by', violation_error_message='办理时间与办理人必须同时记录。'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='review_approved_at_has_by', violation_error_message='办理时间与办理人必须同时记录。'), models.CheckConstraint(condition=models.Q(models.Q(('rejected_at__isnull', True), ('rejected_by__isnull', True)), models.Q(('rejected_at__isnull', False), ('rejected_by__isnull', False)), _connector='OR'), name='review_rejected_at_has_by', violation_error_message='办理时间与办理人必须同时记录。'), models.CheckConstraint(condition=models.Q(('screened_by__isnull', True), ('submitted_by__isnull', True), models.Q(('screened_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='review_screened_by_not_submitted_by', violation_error_message='初审人不能是该件的录入提交人，请由同事办理。'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('screened_by__isnull', True), models.Q(('approved_by', models.F('screened_by')), _negated=True), _connector='OR'), name='review_approved_by_not_screened_by', violation_error_message='审核人不能是该件的初审人。'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('submitted_by__isnull', True), models.Q(('approved_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='review_approved_by_not_submitted_by', violation_error_message='审核人不能是该件的录入提交人。'), models.CheckConstraint(condition=models.Q(('rejected_by__isnull', True), ('screened_by__isnull', True), models.Q(('rejected_by', models.F('screened_by')), _negated=True), _connector='OR'), name='review_rejected_by_not_screened_by', violation_error_message='审核人不能是该件的初审人。'), models.CheckConstraint(condition=models.Q(('rejected_by__isnull', True), ('submitted_by__isnull', True), models.Q(('rejected_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='review_rejected_by_not_submitted_by', violation_error_message='审核人不能是该件的录入提交人。')],
            },
        ),
        migrations.CreateModel(
            name='ReviewEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('action', models.CharField(choices=[('SUBMIT', '提交'), ('WITHDRAW', '撤回'), ('RETURN', '退回补正'), ('LAPSE', '逾期视为撤回'), ('SCREEN', '初审'), ('SEND_BACK', '退回初审'), ('APPROVE', '审核通过'), ('REJECT', '不予通过')], max_length=10, verbose_name='步骤')),
                ('from_state', models.CharField(choices=[('DRAFT', '草稿'), ('SUBMITTED', '待初审'), ('RETURNED', '待补正'), ('SCREENED', '待审核'), ('APPROVED', '审核通过'), ('REJECTED', '不予通过'), ('WITHDRAWN', '已撤回'), ('LAPSED', '逾期视为撤回')], max_length=10)),
                ('to_state', models.CharField(choices=[('DRAFT', '草稿'), ('SUBMITTED', '待初审'), ('RETURNED', '待补正'), ('SCREENED', '待审核'), ('APPROVED', '审核通过'), ('REJECTED', '不予通过'), ('WITHDRAWN', '已撤回'), ('LAPSED', '逾期视为撤回')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='意见')),
                ('detail', models.JSONField(blank=True, default=dict)),
                ('key', models.UUIDField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='review.review')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('review', 'key'), name='review_event_key_once', violation_error_message='该操作已经提交过。'), models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['RETURN', 'SEND_BACK', 'REJECT', 'SCREEN', 'APPROVE']), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='review_event_has_comment', violation_error_message='退回、初审、审核必须写明意见。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_states', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{DRAFT:SUBMITTED,DRAFT:WITHDRAWN,RETURNED:LAPSED,RETURNED:SUBMITTED,RETURNED:WITHDRAWN,SCREENED:APPROVED,SCREENED:REJECTED,SCREENED:SUBMITTED,SCREENED:WITHDRAWN,SUBMITTED:RETURNED,SUBMITTED:SCREENED,SUBMITTED:WITHDRAWN}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='3198164790984726e90f549ff5c9f13602b46f44', operation='UPDATE', pgid='pgtrigger_review_states_a7e45', table='review_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8aa006f43d3fc17cdaf495ae18c150e39980f499', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_69f7a', table='review_reviewevent', when='BEFORE')),
        ),
    ]
