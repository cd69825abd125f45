"""Drop the list of nations that 0003 has moved, and index the words that lists search in.

The trigram indexes fit what ``icontains`` compiles to on PostgreSQL; SQLite has none and reads
the table.
"""

import uuid

from django.db import migrations, models

COLUMNS = {"title": "project_title_words", "summary": "project_summary_words"}


def index_words(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for column, name in COLUMNS.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON projects_project USING gin (upper({column}::text) gin_trgm_ops)"
        )


def forget_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in COLUMNS.values():
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_move_nations")]

    operations = [
        migrations.RemoveField(model_name="project", name="nations"),
        migrations.AlterField(
            model_name="project",
            name="once_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.RunPython(index_words, forget_words),
    ]
