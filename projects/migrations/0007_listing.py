"""Views of the list that people keep; the list by title; full text in titles and summaries."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WORDS = "COALESCE(title, '') || ' ' || COALESCE(summary, '')"


def index_full_text(apps, schema_editor):
    """The expression is, to the letter, what ``ProjectQuerySet.with_words`` compiles to."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX project_full_text ON projects_project"
            f" USING gin (to_tsvector('english'::regconfig, {WORDS}))"
        )


def forget_full_text(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS project_full_text")


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0004_keys_and_search'),
        ('projects', '0006_work'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('is_example', models.BooleanField(default=False, editable=False, verbose_name='example data')),
                ('name', models.CharField(max_length=80, verbose_name='name of the view')),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('is_shared', models.BooleanField(default=False, verbose_name='show it to all who see the programme')),
                ('opens_first', models.BooleanField(default=False, verbose_name='open the list with it')),
            ],
            options={
                'verbose_name': 'saved view',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['title', 'id'], name='project_by_title'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='savedview',
            index=models.Index(condition=models.Q(('is_shared', True)), fields=['name'], name='saved_view_shared'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='saved_view_named_once'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('opens_first', True)), fields=('owner',), name='saved_view_one_opens_first'),
        ),
        migrations.RunPython(index_full_text, forget_full_text),
    ]
