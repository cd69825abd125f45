"""The key by which a double click finds its first row has one name in all rooms."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coproduction", "0002_words_that_stay")]

    operations = [
        migrations.RenameField("draft", "key", "once_key"),
        migrations.AlterField(
            "draft",
            "once_key",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.RenameField("comment", "key", "once_key"),
        migrations.AlterField(
            "comment",
            "once_key",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
