import django.db.models.deletion
import django.utils.timezone
import jinhua_labor.core.fields
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('assessments', '0002_excellent'),
        ('stations', '0012_renewals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period_no', models.PositiveSmallIntegerField(verbose_name='第几年度')),
                ('starts_on', models.DateField(verbose_name='年度起')),
                ('ends_on', models.DateField(verbose_name='年度止')),
                ('kind', models.CharField(choices=[('WORKERS', '务工人员'), ('EMPLOYERS', '企业')], max_length=9, verbose_name='调查对象')),
                ('opens_on', models.DateField(verbose_name='开始日期')),
                ('closes_on', models.DateField(verbose_name='截止日期')),
                ('policy_version', models.CharField(max_length=40, verbose_name='适用版本')),
                ('population', models.PositiveIntegerField(verbose_name='可抽取数')),
                ('required', models.PositiveIntegerField(verbose_name='要求的有效答卷')),
                ('drawn', models.PositiveIntegerField(verbose_name='抽取数')),
                ('frozen', models.BooleanField(default=False, verbose_name='按冻结名册抽取')),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='抽取时间')),
                ('printed', models.PositiveSmallIntegerField(default=0, verbose_name='打印次数')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('valid', models.PositiveIntegerField(blank=True, null=True, verbose_name='有效答卷')),
                ('satisfied', models.PositiveIntegerField(blank=True, null=True, verbose_name='满意和很满意')),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='stations.station')),
            ],
            options={
                'ordering': ['-opens_on', 'station', 'kind', 'id'],
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['closes_on'], name='survey_to_close')],
                'constraints': [models.UniqueConstraint(fields=('station', 'period_no', 'kind'), name='survey_once_per_year', violation_error_message='该年度已开展这项调查。'), models.CheckConstraint(condition=models.Q(('closes_on__gt', models.F('opens_on')), ('ends_on__gt', models.F('starts_on')), ('opens_on__gt', models.F('starts_on'))), name='survey_days_in_order', violation_error_message='调查须在年度开始之后，截止日期须晚于开始日期。'), models.CheckConstraint(condition=models.Q(('drawn__gte', models.F('required')), ('population__gte', models.F('drawn')), ('required__gte', 1)), name='survey_draw_adds_up', violation_error_message='抽取数不少于要求的有效答卷，不多于可抽取数。'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('satisfied__isnull', True), ('valid__isnull', True)), models.Q(('closed_at__isnull', False), ('satisfied__isnull', False), ('valid__isnull', False)), _connector='OR'), name='survey_closed_whole', violation_error_message='调查结束须同时记录有效答卷和满意的份数。'), models.CheckConstraint(condition=models.Q(('valid__isnull', True), models.Q(('satisfied__lte', models.F('valid')), ('valid__lte', models.F('drawn'))), _connector='OR'), name='survey_counts_within', violation_error_message='满意的份数不多于有效答卷，有效答卷不多于抽取数。')],
            },
        ),
        migrations.CreateModel(
            name='SurveyAnswer',
            fields=[
                ('satisfaction', models.CharField(choices=[('VERY_GOOD', '很满意'), ('GOOD', '满意'), ('FAIR', '一般'), ('BAD', '不满意'), ('VERY_BAD', '很不满意')], max_length=9, verbose_name='总体满意度')),
                ('second', models.CharField(blank=True, choices=[('ALL', '都符合'), ('MOST', '大部分符合'), ('FEW', '不太符合')], max_length=4, verbose_name='是否符合')),
                ('third', models.CharField(blank=True, choices=[('HELPED', '帮助解决了'), ('LEFT', '没有帮助'), ('NONE', '没有遇到问题')], max_length=6, verbose_name='是否帮助')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='意见')),
                ('answered_on', models.DateField(verbose_name='答题日期')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='assessments.survey')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('satisfaction__in', ['VERY_GOOD', 'GOOD', 'FAIR', 'BAD', 'VERY_BAD'])), name='survey_answer_on_scale', violation_error_message='请选择总体满意度。')],
            },
        ),
        migrations.CreateModel(
            name='SurveyCard',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='卡号')),
                ('digest', models.BinaryField(max_length=32)),
                ('code', jinhua_labor.core.fields.EncryptedTextField(context='assessments_surveycard.code', verbose_name='链接代码')),
                ('used', models.BooleanField(default=False, verbose_name='已答')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stations.delivery')),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.employer')),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='assessments.survey')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('digest',), name='survey_card_code_once', violation_error_message='链接代码重复，请重新抽取。'), models.UniqueConstraint(fields=('survey', 'number'), name='survey_card_number_once', violation_error_message='卡号重复。'), models.UniqueConstraint(fields=('survey', 'delivery'), name='survey_card_worker_once', violation_error_message='同一名务工人员在一项调查中只抽一次。'), models.UniqueConstraint(fields=('survey', 'employer'), name='survey_card_employer_once', violation_error_message='同一家企业在一项调查中只发一张卡。'), models.CheckConstraint(condition=models.Q(('delivery__isnull', True), ('employer__isnull', True), _connector='OR'), name='survey_card_for_one', violation_error_message='一张卡只发给一名务工人员或一家企业。')],
            },
        ),
        migrations.CreateModel(
            name='EmployerBallot',
            fields=[
                ('satisfaction', models.CharField(choices=[('VERY_GOOD', '很满意'), ('GOOD', '满意'), ('FAIR', '一般'), ('BAD', '不满意'), ('VERY_BAD', '很不满意')], max_length=9, verbose_name='总体满意度')),
                ('second', models.CharField(blank=True, choices=[('ALL', '都符合'), ('MOST', '大部分符合'), ('FEW', '不太符合')], max_length=4, verbose_name='是否符合')),
                ('third', models.CharField(blank=True, choices=[('HELPED', '帮助解决了'), ('LEFT', '没有帮助'), ('NONE', '没有遇到问题')], max_length=6, verbose_name='是否帮助')),
                ('comment', models.CharField(blank=True, max_length=500, verbose_name='意见')),
                ('answered_on', models.DateField(verbose_name='答题日期')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('card', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ballot', to='assessments.surveycard')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('satisfaction__in', ['VERY_GOOD', 'GOOD', 'FAIR', 'BAD', 'VERY_BAD'])), name='employer_ballot_on_scale', violation_error_message='请选择总体满意度。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='closed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."closed_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='90670622c7d59121dabbb119302d9ee3234a3d6e', operation='UPDATE', pgid='pgtrigger_closed_stays_99bd6', table='assessments_survey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='survey',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8505b49c051b93e257eeb62d471a53754b10f2e6', operation='DELETE', pgid='pgtrigger_never_deleted_a6661', table='assessments_survey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='surveyanswer',
            trigger=pgtrigger.compiler.Trigger(name='closed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE held UUID;', func="held = CASE WHEN TG_OP = 'DELETE' THEN OLD.survey_id ELSE NEW.survey_id END; IF EXISTS (SELECT 1 FROM assessments_survey s WHERE s.id = held AND s.closed_at IS NOT NULL) THEN RAISE EXCEPTION 'the survey is closed' USING ERRCODE = '23514'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;", hash='cbcdb69e0d8a82387222e075a7b4a445a31ba4a3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_closed_stays_cac09', table='assessments_surveyanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='employerballot',
            trigger=pgtrigger.compiler.Trigger(name='employers_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_surveycard c WHERE c.id = NEW.card_id AND c.employer_id IS NOT NULL) THEN RAISE EXCEPTION 'a worker''s answer is kept apart from the card' USING ERRCODE = '23514'; END IF; RETURN NEW;", hash='c3e60bf4d355ad5cfe98fe6f8d659282b53305ad', operation='INSERT OR UPDATE', pgid='pgtrigger_employers_only_16c63', table='assessments_employerballot', when='BEFORE')),
        ),
    ]
