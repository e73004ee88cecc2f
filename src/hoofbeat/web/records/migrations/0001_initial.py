import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('purpose', models.CharField(max_length=30)),
                ('recipient', models.CharField(max_length=120)),
                ('detail', models.PositiveSmallIntegerField()),
                ('text_version', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=10)),
                ('signer_role', models.CharField(max_length=20)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('withdrawn', models.DateTimeField(blank=True, null=True)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('name', models.CharField(max_length=120)),
                ('preferred_name', models.CharField(blank=True, max_length=60)),
                ('birth_date', models.DateField(blank=True, null=True)),
                ('sex', models.CharField(choices=[('unknown', 'unknown'), ('female', 'female'), ('male', 'male'), ('other', 'other')], default='unknown', max_length=10)),
                ('local_number', models.CharField(blank=True, max_length=40)),
                ('language', models.CharField(default='en', max_length=10)),
                ('needs', models.TextField(blank=True)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('is_fictional', models.BooleanField(default=False, editable=False)),
                ('status', models.CharField(choices=[('undiagnosed', 'looking for a diagnosis'), ('suspected', 'diagnosis suspected'), ('diagnosed', 'diagnosed'), ('closed', 'no longer followed')], default='undiagnosed', max_length=20)),
                ('version', models.PositiveIntegerField(default=0)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='access.clinic')),
            ],
        ),
        migrations.CreateModel(
            name='RankingSnapshot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('because', models.CharField(max_length=240)),
                ('release', models.JSONField()),
                ('first', models.JSONField()),
                ('none_of_these', models.FloatField()),
                ('record_version', models.PositiveIntegerField()),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='records.record')),
            ],
            options={
                'ordering': ['created'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('from_team', models.BooleanField()),
                ('text', models.TextField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('read_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='records.record')),
            ],
            options={
                'ordering': ['created'],
            },
        ),
        migrations.CreateModel(
            name='FamilyMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('label', models.CharField(max_length=60)),
                ('sex', models.CharField(choices=[('unknown', 'unknown'), ('female', 'female'), ('male', 'male'), ('other', 'other')], default='unknown', max_length=10)),
                ('affected', models.CharField(choices=[('yes', 'affected'), ('no', 'not affected'), ('unknown', 'not known')], default='unknown', max_length=10)),
                ('deceased', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('is_proband', models.BooleanField(default=False)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('father', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fathered', to='records.familymember')),
                ('mother', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mothered', to='records.familymember')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='family', to='records.record')),
            ],
            options={
                'ordering': ['created'],
            },
        ),
        migrations.CreateModel(
            name='EarlierTest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('genetic', 'genetic test'), ('laboratory', 'laboratory'), ('imaging', 'imaging'), ('tissue', 'biopsy or surgery with tissue'), ('vessel', 'angiography'), ('function', 'function test'), ('other', 'other')], max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('when', models.CharField(blank=True, max_length=20)),
                ('result', models.TextField(blank=True)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='records.record')),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('title', models.CharField(max_length=120)),
                ('file', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('shared', models.BooleanField(default=False)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='records.record')),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('purpose', models.CharField(max_length=30)),
                ('recipient', models.CharField(max_length=120)),
                ('form', models.CharField(max_length=20)),
                ('fields', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('sentence', models.TextField()),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.consent')),
                ('released_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disclosures', to='records.record')),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.AddField(
            model_name='consent',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='records.record'),
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('disease', models.CharField(max_length=40)),
                ('disease_name', models.CharField(max_length=240)),
                ('reason', models.TextField()),
                ('withdrawn', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='records.record')),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='BackgroundNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(choices=[('lifestyle', 'lifestyle'), ('environment', 'environment'), ('preference', 'what matters to the patient')], max_length=12)),
                ('text', models.TextField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='background', to='records.record')),
            ],
            options={
                'ordering': ['created'],
            },
        ),
        migrations.CreateModel(
            name='RecordedFinding',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('hpo', models.CharField(max_length=10)),
                ('label', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('observed', 'observed'), ('excluded', 'excluded'), ('not_assessed', 'not_assessed'), ('uncertain', 'uncertain')], max_length=20)),
                ('onset', models.CharField(blank=True, max_length=20)),
                ('severity', models.CharField(blank=True, max_length=10)),
                ('words', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('origin', models.CharField(choices=[('clinic', 'entered in the clinic'), ('family', 'told by the patient or family'), ('import', 'imported')], default='clinic', max_length=10)),
                ('standing', models.CharField(choices=[('confirmed', 'counts'), ('told', 'waits for a clinician'), ('declined', 'read and not taken over')], default='confirmed', max_length=10)),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='records.record')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SharedDifferential',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('candidates', models.JSONField()),
                ('words', models.TextField()),
                ('talked_on', models.DateField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shared', to='records.record')),
                ('released_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='StoryEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('text', models.TextField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('read_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story', to='records.record')),
            ],
            options={
                'ordering': ['created'],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('at', models.DateTimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=30)),
                ('kind', models.CharField(choices=[('clinic', 'in the clinic'), ('video', 'by video'), ('phone', 'by phone')], default='clinic', max_length=10)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('purpose', models.CharField(blank=True, max_length=200)),
                ('held', models.DateTimeField(blank=True, null=True)),
                ('cancelled', models.DateTimeField(blank=True, null=True)),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='records.record')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.UniqueConstraint(condition=models.Q(('local_number', ''), _negated=True), fields=('clinic', 'local_number'), name='one_record_per_local_number'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('from_team', False), ('read_at__isnull', True)), fields=['record'], name='unread_of_family'),
        ),
        migrations.AddConstraint(
            model_name='familymember',
            constraint=models.UniqueConstraint(condition=models.Q(('ended__isnull', True), ('is_proband', True)), fields=('record',), name='one_proband'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='a_withdrawn_consent_has_its_author'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='a_withdrawal_has_author_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn__isnull', True)), fields=('record', 'disease'), name='confirmed_once'),
        ),
        migrations.AddIndex(
            model_name='recordedfinding',
            index=models.Index(fields=['record', 'ended'], name='records_rec_record__0cdfcb_idx'),
        ),
        migrations.AddIndex(
            model_name='recordedfinding',
            index=models.Index(condition=models.Q(('ended__isnull', True), ('standing', 'told')), fields=['record'], name='told_and_waiting'),
        ),
        migrations.AddConstraint(
            model_name='recordedfinding',
            constraint=models.UniqueConstraint(condition=models.Q(('ended__isnull', True), models.Q(('standing', 'declined'), _negated=True)), fields=('record', 'hpo', 'standing'), name='one_current_statement_per_term'),
        ),
        migrations.AddConstraint(
            model_name='recordedfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended__isnull', True), ('ended_by__isnull', True)), models.Q(('ended__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an_end_has_its_author'),
        ),
        migrations.AddIndex(
            model_name='storyentry',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['record'], name='unread_story'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['record', 'at'], name='records_vis_record__9a78ac_idx'),
        ),
    ]
