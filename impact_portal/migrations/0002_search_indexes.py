"""Lets a search find words, also nearly right ones, quickly where there may be many rows."""

from django.db import migrations

INDEXES = {
    "update_title_words": ("projects_update", "title"),
    "expression_reference_words": ("expressions_expression", "reference"),
}


def add_indexes(apps, schema_editor):
    """Trigram indexes of the very expressions to which the search compiles; PostgreSQL only."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, (table, column) in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON {table}"
            f" USING gin (upper({column}::text) gin_trgm_ops)"
        )


def remove_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("impact_portal", "0001_initial"),
        ("projects", "0005_topics"),
        ("expressions", "0005_assessing"),
    ]

    operations = [migrations.RunPython(add_indexes, remove_indexes)]
