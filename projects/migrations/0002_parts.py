import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0001_initial'),
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('once_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('event', 'Panel or event'), ('campaign', 'Campaign'), ('round_table', 'Round table'), ('programme', 'Partner’s programme'), ('other', 'Something else')], max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='date')),
                ('text', models.TextField(verbose_name='what we gave')),
                ('result', models.TextField(blank=True, verbose_name='what came of it')),
            ],
            options={
                'verbose_name': 'contribution',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Learning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('once_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('helped', 'What helped'), ('hindered', 'What got in the way')], max_length=10, verbose_name='helped or hindered')),
                ('stage', models.CharField(blank=True, choices=[('agreeing', 'Agreeing on the issues'), ('mobilising', 'Mobilising the evidence'), ('engaging', 'Engaging with people'), ('acting', 'Taking informed action'), ('coproducing', 'Making co-production central'), ('trying', 'Trying out in practice'), ('sustaining', 'Sustaining for the long term')], max_length=20, verbose_name='stage')),
                ('text', models.TextField(verbose_name='what we learned')),
            ],
            options={
                'verbose_name': 'learning',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('once_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stage', models.CharField(choices=[('agreeing', 'Agreeing on the issues'), ('mobilising', 'Mobilising the evidence'), ('engaging', 'Engaging with people'), ('acting', 'Taking informed action'), ('coproducing', 'Making co-production central'), ('trying', 'Trying out in practice'), ('sustaining', 'Sustaining for the long term')], max_length=20, verbose_name='stage')),
                ('title', models.CharField(max_length=200, verbose_name='what is to be done')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'milestone',
                'ordering': [models.OrderBy(models.F('due_on'), nulls_last=True), 'id'],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('once_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(verbose_name='what changed, and for whom')),
                ('evidence', models.TextField(blank=True, verbose_name='how we know')),
                ('seen_on', models.DateField(blank=True, null=True, verbose_name='when we saw it')),
            ],
            options={
                'verbose_name': 'outcome',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ProjectNation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nation', models.CharField(choices=[('england', 'England'), ('scotland', 'Scotland'), ('wales', 'Wales'), ('northern_ireland', 'Northern Ireland')], max_length=20, verbose_name='nation')),
            ],
        ),
        migrations.CreateModel(
            name='RagChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('rag_before', models.CharField(blank=True, choices=[('green', 'On track'), ('amber', 'Needs watching'), ('red', 'Off track')], max_length=10)),
                ('rag', models.CharField(choices=[('green', 'On track'), ('amber', 'Needs watching'), ('red', 'Off track')], max_length=10, verbose_name='how it is going')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('state_changed_at', models.DateTimeField(editable=False, null=True, verbose_name='state changed')),
                ('once_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('audience', models.CharField(choices=[('internal', 'The IMPACT team'), ('public', 'Everybody')], max_length=10, verbose_name='who is it for?')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('text', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=20, verbose_name='state')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='published')),
            ],
            options={
                'verbose_name': 'update',
                'ordering': [models.OrderBy(models.F('published_at'), descending=True, nulls_first=True), '-id'],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='once_key',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['state', '-updated_at', '-id'], name='project_by_state'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['model', '-updated_at', '-id'], name='project_by_model'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['rag', '-updated_at', '-id'], name='project_by_rag'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['lead', '-updated_at', '-id'], name='project_by_lead'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['host', '-updated_at', '-id'], name='project_by_host'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['phase', '-updated_at', '-id'], name='project_by_phase'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('is_public', True)), fields=['title', 'id'], name='project_public_by_title'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='partner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='partners.organisation', verbose_name='partner organisation'),
        ),
        migrations.AddField(
            model_name='contribution',
            name='project',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='projects.project'),
        ),
        migrations.AddField(
            model_name='learning',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='learning', to='projects.project'),
        ),
        migrations.AddField(
            model_name='milestone',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='projects.project'),
        ),
        migrations.AddField(
            model_name='outcome',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectnation',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nation_rows', to='projects.project'),
        ),
        migrations.AddField(
            model_name='ragchange',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ragchange',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rag_changes', to='projects.project'),
        ),
        migrations.AddField(
            model_name='update',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='projects.project'),
        ),
        migrations.AddField(
            model_name='update',
            name='published_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='update',
            name='written_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='milestone',
            index=models.Index(condition=models.Q(('done_on__isnull', True), ('due_on__isnull', False)), fields=['due_on', 'id'], name='milestone_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='projectnation',
            index=models.Index(fields=['nation', 'project'], name='project_of_nation'),
        ),
        migrations.AddConstraint(
            model_name='projectnation',
            constraint=models.UniqueConstraint(fields=('project', 'nation'), name='project_nation_once'),
        ),
        migrations.AddIndex(
            model_name='ragchange',
            index=models.Index(fields=['project', 'at'], name='rag_change_of_project'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['project', '-published_at'], name='update_of_project'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('state', 'draft')), fields=['written_by', '-id'], name='update_draft_by_writer'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published')), models.Q(('published_at__isnull', True), ('state', 'draft')), _connector='OR'), name='update_published_has_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('published_at__isnull', False), ('published_by__isnull', True), _connector='OR'), name='update_published_by_needs_published_at'),
        ),
    ]
