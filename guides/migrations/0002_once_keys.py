"""The key by which a double click finds its first row has one name in all rooms."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guides", "0001_initial")]

    operations = [
        migrations.RenameField("usefeedback", "form_token", "once_key"),
        migrations.AlterField(
            "usefeedback",
            "once_key",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
