"""Give each project its nations as rows, and a key of its own."""

import uuid

from django.db import migrations


def move_out(apps, schema_editor):
    Project = apps.get_model("projects", "Project")
    ProjectNation = apps.get_model("projects", "ProjectNation")
    for project in Project.objects.iterator(chunk_size=1_000):
        Project.objects.filter(pk=project.pk).update(once_key=uuid.uuid4())
        ProjectNation.objects.bulk_create(
            ProjectNation(project=project, nation=nation) for nation in set(project.nations)
        )


def move_back(apps, schema_editor):
    Project = apps.get_model("projects", "Project")
    for project in Project.objects.prefetch_related("nation_rows").iterator(chunk_size=1_000):
        held = [row.nation for row in project.nation_rows.all()]
        Project.objects.filter(pk=project.pk).update(nations=held)


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_parts")]

    operations = [migrations.RunPython(move_out, move_back)]
