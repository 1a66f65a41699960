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
        ('accounts', '__first__'),
        ('attachments', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('stations', '0002_site_added_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='JobDemand',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('post', models.CharField(max_length=60, verbose_name='岗位')),
                ('headcount', models.PositiveSmallIntegerField(verbose_name='人数')),
                ('education', models.CharField(choices=[('ANY', '不限'), ('JUNIOR', '初中及以上'), ('SENIOR', '高中、中专及以上'), ('COLLEGE', '大专及以上'), ('BACHELOR', '本科及以上')], default='ANY', max_length=8, verbose_name='学历要求')),
                ('skill', models.CharField(blank=True, max_length=100, verbose_name='技能要求')),
                ('requirements', models.CharField(blank=True, max_length=300, verbose_name='其他要求')),
                ('wage_min', models.PositiveIntegerField(verbose_name='月工资下限（元）')),
                ('wage_max', models.PositiveIntegerField(verbose_name='月工资上限（元）')),
                ('place', models.CharField(max_length=100, verbose_name='工作地点')),
                ('hours', models.CharField(blank=True, max_length=60, verbose_name='工作时间')),
                ('welfare', models.CharField(blank=True, max_length=200, verbose_name='福利待遇')),
                ('valid_from', models.DateField(verbose_name='有效期起')),
                ('valid_to', models.DateField(verbose_name='有效期止')),
                ('findings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='疑似歧视用语')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='准予发布时间')),
                ('cleared_reason', models.CharField(blank=True, max_length=200, verbose_name='准予发布的理由')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cleared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='job_demands', to='stations.employer', verbose_name='用工企业')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='job_demands', to='stations.station')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-added_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('published_at__isnull', False), ('withdrawn_at__isnull', True)), fields=['valid_to'], name='job_demand_public')],
                'constraints': [models.CheckConstraint(condition=models.Q(('headcount__gte', 1), ('headcount__lte', 9999)), name='job_demand_headcount', violation_error_message='需求人数为1至9999。'), models.CheckConstraint(condition=models.Q(('wage_max__gte', models.F('wage_min')), ('wage_min__gte', 1)), name='job_demand_wage_in_order', violation_error_message='月工资上限不能低于下限。'), models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='job_demand_dates_in_order', violation_error_message='有效期的截止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(models.Q(('cleared_at__isnull', True), ('cleared_by__isnull', True), ('cleared_reason', '')), models.Q(('cleared_at__isnull', False), ('cleared_by__isnull', False), models.Q(('cleared_reason', ''), _negated=True)), _connector='OR'), name='job_demand_cleared_whole', violation_error_message='准予发布须写明理由，并记录经办人和时间。'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by__isnull', True)), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='job_demand_published_whole', violation_error_message='发布须同时记录经办人和时间。'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('findings__len', 0), ('cleared_at__isnull', False), _connector='OR'), name='job_demand_published_clean', violation_error_message='岗位要求有疑似歧视用语，须经区就业服务中心核实后发布。'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='job_demand_withdrawn_whole', violation_error_message='撤下须同时记录经办人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='JobDemandEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('post', models.CharField(max_length=60, verbose_name='岗位')),
                ('headcount', models.PositiveSmallIntegerField(verbose_name='人数')),
                ('education', models.CharField(choices=[('ANY', '不限'), ('JUNIOR', '初中及以上'), ('SENIOR', '高中、中专及以上'), ('COLLEGE', '大专及以上'), ('BACHELOR', '本科及以上')], default='ANY', max_length=8, verbose_name='学历要求')),
                ('skill', models.CharField(blank=True, max_length=100, verbose_name='技能要求')),
                ('requirements', models.CharField(blank=True, max_length=300, verbose_name='其他要求')),
                ('wage_min', models.PositiveIntegerField(verbose_name='月工资下限（元）')),
                ('wage_max', models.PositiveIntegerField(verbose_name='月工资上限（元）')),
                ('place', models.CharField(max_length=100, verbose_name='工作地点')),
                ('hours', models.CharField(blank=True, max_length=60, verbose_name='工作时间')),
                ('welfare', models.CharField(blank=True, max_length=200, verbose_name='福利待遇')),
                ('valid_from', models.DateField(verbose_name='有效期起')),
                ('valid_to', models.DateField(verbose_name='有效期止')),
                ('findings', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='疑似歧视用语')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='准予发布时间')),
                ('cleared_reason', models.CharField(blank=True, max_length=200, verbose_name='准予发布的理由')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='撤下时间')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('added_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('cleared_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='stations.employer', verbose_name='用工企业')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='stations.jobdemand')),
                ('published_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='stations.station')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LedgerBook',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period', models.PositiveSmallIntegerField(verbose_name='第几年度')),
                ('pages', models.PositiveIntegerField(verbose_name='页数')),
                ('as_of', models.DateField(verbose_name='截至日期')),
                ('purpose', models.CharField(max_length=100, verbose_name='用途')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='印制时间')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_books', to='stations.station')),
            ],
            options={
                'ordering': ['-made_at', 'id'],
                'indexes': [models.Index(fields=['station', 'period'], name='ledger_book_of_year')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('period', models.PositiveSmallIntegerField(verbose_name='第几年度')),
                ('item', models.CharField(choices=[('L1', '用工企业基本情况'), ('L2', '用工企业员工管理制度'), ('L3', '用工企业安全生产制度或规定'), ('L4', '用工企业需求岗位表'), ('L5', '每年输送劳动力名册'), ('L6', '省外务工人员劳动合同'), ('L7', '省外务工人员留用名册'), ('L8', '其他相关资料')], max_length=2, verbose_name='台账项目')),
                ('title', models.CharField(max_length=100, verbose_name='名称')),
                ('paper_volume', models.CharField(blank=True, max_length=30, verbose_name='纸质册号')),
                ('paper_place', models.CharField(blank=True, max_length=60, verbose_name='存放地点')),
                ('paper_pages', models.PositiveIntegerField(blank=True, null=True, verbose_name='纸质页数')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('paper_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='已见纸质')),
                ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='替换时间')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.employer', verbose_name='用工企业')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment', verbose_name='电子件')),
                ('paper_seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='stations.station')),
                ('superseded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['item', 'employer__name', 'added_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['station', 'period', 'item'], name='ledger_entry_of_year')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('employer__isnull', False), ('item__in', ('L1', 'L2', 'L3', 'L4'))), models.Q(models.Q(('item__in', ('L1', 'L2', 'L3', 'L4')), _negated=True), ('employer__isnull', True)), _connector='OR'), name='ledger_entry_employer', violation_error_message='第1至4目按用工企业登记，其余各目不写企业。'), models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('paper_volume', ''), _negated=True), _connector='OR'), name='ledger_entry_file_or_paper', violation_error_message='请上传电子件，或写明纸质册号。'), models.CheckConstraint(condition=models.Q(models.Q(('paper_volume', ''), _negated=True), models.Q(('paper_pages__isnull', True), ('paper_place', '')), _connector='OR'), name='ledger_entry_paper_has_volume', violation_error_message='写存放地点和页数时须写明纸质册号。'), models.CheckConstraint(condition=models.Q(('paper_pages__isnull', True), ('paper_pages__gte', 1), _connector='OR'), name='ledger_entry_paper_pages', violation_error_message='纸质页数至少为1。'), models.CheckConstraint(condition=models.Q(models.Q(('paper_seen_at__isnull', True), ('paper_seen_by__isnull', True)), models.Q(('paper_seen_at__isnull', False), ('paper_seen_by__isnull', False)), _connector='OR'), name='ledger_entry_seen_whole', violation_error_message='已见纸质须同时记录经办人和时间。'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at__isnull', True), ('superseded_by__isnull', True)), models.Q(('superseded_at__isnull', False), ('superseded_by__isnull', False)), _connector='OR'), name='ledger_entry_superseded_whole', violation_error_message='替换须同时记录经办人和时间。')],
            },
        ),
        migrations.CreateModel(
            name='StationPaper',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('BUSINESS', '营业执照'), ('LICENCE', '人力资源服务许可证'), ('AGREEMENT', '劳务协作协议'), ('SITE', '工作地点'), ('RULES', '劳务协作工作管理制度'), ('WORKER_RULES', '务工人员管理办法'), ('PLAN', '年度工作计划')], max_length=12, verbose_name='种类')),
                ('place', models.UUIDField(blank=True, null=True, verbose_name='地点')),
                ('period', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='第几年度')),
                ('version', models.PositiveSmallIntegerField(verbose_name='第几版')),
                ('origin', models.CharField(choices=[('APPLICATION', '设立申请材料'), ('OPERATOR', '承建单位更新')], default='OPERATOR', max_length=12, verbose_name='来源')),
                ('title', models.CharField(max_length=100, verbose_name='名称')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='编号')),
                ('party', models.CharField(blank=True, max_length=100, verbose_name='发证机关或协议对方')),
                ('side', models.CharField(blank=True, choices=[('DISTRICT', '金东区'), ('AREA', '劳务输出地区')], max_length=8, verbose_name='所在地区')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='地址')),
                ('tenure', models.CharField(blank=True, choices=[('OWNED', '自有'), ('LEASED', '租赁'), ('LENT', '借用')], max_length=8, verbose_name='使用方式')),
                ('facilities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='办公设施')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='主要内容')),
                ('valid_from', models.DateField(verbose_name='有效期起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='有效期止')),
                ('filed_on', models.DateField(verbose_name='报送日期')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='登记时间')),
                ('accepted', models.BooleanField(blank=True, null=True, verbose_name='符合要求')),
                ('check_note', models.CharField(blank=True, max_length=200, verbose_name='核对说明')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='核对时间')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='到期提醒时间')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='stations.station')),
            ],
            options={
                'ordering': ['kind', 'place', 'period', '-version'],
                'constraints': [models.UniqueConstraint(fields=('station', 'kind', 'place', 'period', 'version'), name='station_paper_version_once', nulls_distinct=False, violation_error_message='该版本已登记，请刷新后再添加。'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='station_paper_dates_in_order', violation_error_message='有效期的截止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'SITE'), ('place__isnull', False), models.Q(('side', ''), _negated=True), models.Q(('address', ''), _negated=True)), models.Q(models.Q(('kind', 'SITE'), _negated=True), ('place__isnull', True), ('side', '')), _connector='OR'), name='station_paper_site_whole', violation_error_message='工作地点须写明所在地区和地址。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'PLAN'), ('period__isnull', False)), models.Q(models.Q(('kind', 'PLAN'), _negated=True), ('period__isnull', True)), _connector='OR'), name='station_paper_plan_has_period', violation_error_message='工作计划须写明是第几年度的。'), models.CheckConstraint(condition=models.Q(models.Q(('accepted__isnull', True), ('checked_at__isnull', True), ('checked_by__isnull', True)), models.Q(('accepted__isnull', False), ('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='station_paper_checked_whole', violation_error_message='核对须同时记录结果、经办人和时间。'), models.CheckConstraint(condition=models.Q(('accepted__isnull', True), ('accepted', True), models.Q(('check_note', ''), _negated=True), _connector='OR'), name='station_paper_unmet_has_note', violation_error_message='不符合要求的须写明原因。')],
            },
        ),
        migrations.CreateModel(
            name='StationPaperFile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='stations.stationpaper')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('paper', 'attachment'), name='station_paper_file_once', violation_error_message='该文件已在这一版中。')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='jobdemand',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "stations_jobdemandevent" ("added_at", "added_by_id", "cleared_at", "cleared_by_id", "cleared_reason", "education", "employer_id", "findings", "headcount", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "post", "published_at", "published_by_id", "requirements", "skill", "station_id", "valid_from", "valid_to", "wage_max", "wage_min", "welfare", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."cleared_at", OLD."cleared_by_id", OLD."cleared_reason", OLD."education", OLD."employer_id", OLD."findings", OLD."headcount", OLD."hours", OLD."id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."place", OLD."post", OLD."published_at", OLD."published_by_id", OLD."requirements", OLD."skill", OLD."station_id", OLD."valid_from", OLD."valid_to", OLD."wage_max", OLD."wage_min", OLD."welfare", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;', hash='9c1a8902e9d9e531453fb7faf340269c95899e45', operation='UPDATE', pgid='pgtrigger_update_update_b8452', table='stations_jobdemand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='jobdemand',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "stations_jobdemandevent" ("added_at", "added_by_id", "cleared_at", "cleared_by_id", "cleared_reason", "education", "employer_id", "findings", "headcount", "hours", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "post", "published_at", "published_by_id", "requirements", "skill", "station_id", "valid_from", "valid_to", "wage_max", "wage_min", "welfare", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."cleared_at", OLD."cleared_by_id", OLD."cleared_reason", OLD."education", OLD."employer_id", OLD."findings", OLD."headcount", OLD."hours", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."post", OLD."published_at", OLD."published_by_id", OLD."requirements", OLD."skill", OLD."station_id", OLD."valid_from", OLD."valid_to", OLD."wage_max", OLD."wage_min", OLD."welfare", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;', hash='0b2c04820d81aebe9ede6cc957b05e434ace95bc', operation='DELETE', pgid='pgtrigger_delete_delete_d19c5', table='stations_jobdemand', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerbook',
            trigger=pgtrigger.compiler.Trigger(name='printed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87f47049e7f440af6cf1cc77e66224391f437117', operation='UPDATE OR DELETE', pgid='pgtrigger_printed_e0ebd', table='stations_ledgerbook', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='entry_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."station_id" IS DISTINCT FROM (NEW."station_id") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."item" IS DISTINCT FROM (NEW."item") OR OLD."employer_id" IS DISTINCT FROM (NEW."employer_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."file_id" IS DISTINCT FROM (NEW."file_id") OR OLD."paper_volume" IS DISTINCT FROM (NEW."paper_volume") OR OLD."paper_place" IS DISTINCT FROM (NEW."paper_place") OR OLD."paper_pages" IS DISTINCT FROM (NEW."paper_pages") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='375386eb7dc06a336d106199d1dc29ce539d3869', operation='UPDATE', pgid='pgtrigger_entry_kept_20f3e', table='stations_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ledgerentry',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='25977e57578ea0a54203a86b946b3556fb7a5247', operation='DELETE', pgid='pgtrigger_never_removed_ae47e', table='stations_ledgerentry', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationpaper',
            trigger=pgtrigger.compiler.Trigger(name='version_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."station_id" IS DISTINCT FROM (NEW."station_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."period" IS DISTINCT FROM (NEW."period") OR OLD."version" IS DISTINCT FROM (NEW."version") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."party" IS DISTINCT FROM (NEW."party") OR OLD."side" IS DISTINCT FROM (NEW."side") OR OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."tenure" IS DISTINCT FROM (NEW."tenure") OR OLD."facilities" IS DISTINCT FROM (NEW."facilities") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to") OR OLD."filed_on" IS DISTINCT FROM (NEW."filed_on") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."added_at" IS DISTINCT FROM (NEW."added_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='54615fa5fa354f831df5feadbccedc7aea698a45', operation='UPDATE', pgid='pgtrigger_version_kept_4aac9', table='stations_stationpaper', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='stationpaper',
            trigger=pgtrigger.compiler.Trigger(name='never_removed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='899c1f2ae2e149498e675d995cf9b44e17a5bedf', operation='DELETE', pgid='pgtrigger_never_removed_7ce1a', table='stations_stationpaper', when='BEFORE')),
        ),
    ]
