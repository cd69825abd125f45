"""The one clock by which a call closes: the database's, whichever web server took the request."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models.functions import Now


def database_now() -> datetime:
    """The database's clock at this statement, in UTC.

    Views read it first of all, when the request has been received completely: from then on it
    does not matter how long the answer takes.
    """
    moments = ContentType.objects.annotate(moment=Now()).order_by().values_list("moment", flat=True)
    return moments[:1].get()
