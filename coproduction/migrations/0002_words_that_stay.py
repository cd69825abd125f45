"""The database itself refuses to change published words, whoever asks."""

from django.db import migrations

# What is written once, by table. Links to people are left out: an erased person is let go of.
UNCHANGING = {
    "coproduction_charterversion": ["charter_id", "number", "published_at", "note"],
    "coproduction_clausetext": ["clause_id", "first_version_id", "kind", "heading", "text"],
    "coproduction_clauseplace": ["version_id", "clause_id", "wording_id", "order"],
}
FUNCTION = """
CREATE OR REPLACE FUNCTION coproduction_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'published words are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql
"""


def forwards(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    for table, columns in UNCHANGING.items():
        names = ", ".join(schema_editor.quote_name(column) for column in columns)
        body = (
            "FOR EACH ROW EXECUTE FUNCTION coproduction_refuse_change()"
            if postgres
            else "BEGIN SELECT RAISE(ABORT, 'published words are never changed'); END"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF {names} ON {table} {body}"
        )


def backwards(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in UNCHANGING:
        schema_editor.execute(f"DROP TRIGGER {table}_stays" + (f" ON {table}" if postgres else ""))
    if postgres:
        schema_editor.execute("DROP FUNCTION coproduction_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("coproduction", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
