"""Example entries of the outreach log: to organisations that have not sent anything in."""

from datetime import timedelta

from django.utils import timezone

from partners.enums import Channel, OutreachResult
from partners.models import Organisation, OutreachContact

from .frame import Programme

# (days before today, channel, what it was about, result, days until the follow-up or none)
ENTRIES = [
    (12, Channel.EMAIL, "Whether the call fits a group of their size", OutreachResult.NO_ANSWER, 8),
    (
        20,
        Channel.EVENT,
        "The call, at a day of carers’ groups",
        OutreachResult.INTERESTED,
        15,
    ),
    (9, Channel.TELEPHONE, "How to write as a group, and in Welsh", OutreachResult.INTERESTED, 24),
    (30, Channel.MET, "The programme and its four kinds of project", OutreachResult.NOT_NOW, None),
]


def load(programme: Programme) -> None:
    """Four entries, each marked as example data, by the example member of staff."""
    staff = programme.person("programme.staff", "Programme staff")
    today = timezone.localdate(programme.now)
    organisations = Organisation.objects.filter(is_example=True).order_by("-id")[: len(ENTRIES)]
    if OutreachContact.objects.filter(is_example=True).exists():
        return
    for organisation, entry in zip(organisations, ENTRIES, strict=False):
        before, channel, about, result, again = entry
        happened_on = today - timedelta(days=before)
        programme.put(
            OutreachContact,
            {"organisation": organisation, "about": about},
            happened_on=happened_on,
            channel=channel,
            by=staff,
            result=result,
            follow_up_on=happened_on + timedelta(days=again) if again is not None else None,
            is_example=True,
        )
