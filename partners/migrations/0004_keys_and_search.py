"""Fills the keys of names and websites, and lets a search find a part of a name quickly."""

from django.db import migrations

from partners.names import name_key, website_domain

INDEXES = {"organisation_name_words": "name", "organisation_place_words": "place"}


def fill_keys(apps, schema_editor):
    organisation = apps.get_model("partners", "Organisation")
    rows = organisation.objects.filter(name_key="").only("name", "website")
    batch = []
    for one in rows.iterator(chunk_size=1000):
        one.name_key, one.website_domain = name_key(one.name), website_domain(one.website)
        batch.append(one)
        if len(batch) == 1000:
            organisation.objects.bulk_update(batch, ["name_key", "website_domain"])
            batch = []
    organisation.objects.bulk_update(batch, ["name_key", "website_domain"])


def add_indexes(apps, schema_editor):
    """Trigram indexes of the very expressions to which "contains" compiles; PostgreSQL only."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, column in INDEXES.items():
        schema_editor.execute(
            f"CREATE INDEX {name} ON partners_organisation"
            f" USING gin (upper({column}::text) gin_trgm_ops)"
        )


def remove_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_identifiers_outreach_imports")]

    operations = [
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.RunPython(add_indexes, remove_indexes),
    ]
