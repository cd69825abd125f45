"""Choices that all rooms share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AuditAction(TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")
    VIEWED = "viewed", _("Viewed")
    EXPORTED = "exported", _("Exported")


class Nation(TextChoices):
    """The four nations, in the order in which the portal always shows them."""

    ENGLAND = "england", _("England")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class FileKind(TextChoices):
    """What a file is by its content; the values are what its name has to end in."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word document")
    XLSX = "xlsx", _("Excel workbook")
    ODT = "odt", _("OpenDocument text")
    JPEG = "jpg", _("JPEG picture")
    PNG = "png", _("PNG picture")
    TEXT = "txt", _("Plain text")
    CSV = "csv", _("CSV table")


class FileState(TextChoices):
    """Where an uploaded file stands; nobody opens one that waits."""

    WAITING = "waiting", _("Being checked for viruses")
    CLEAN = "clean", _("Checked for viruses")
    UNSCANNED = "unscanned", _("Not checked for viruses")
    REFUSED = "refused", _("Refused")


class CalendarKind(TextChoices):
    """What a line of a calendar is about; the order is that of the filter."""

    MEETING = "meeting", _("Meetings")
    ACTION = "action", _("Actions")
    MILESTONE = "milestone", _("Milestones")
    PROJECT = "project", _("First and last days of projects")
    RISK = "risk", _("Risks to look at again")
    CALL = "call", _("Calls")
    ASSESSMENT = "assessment", _("Scoring")
    EVIDENCE = "evidence", _("Evidence wanted")
    PROPOSAL = "proposal", _("Suggestions for the charter")
    SURVEY = "survey", _("Surveys")
    GUIDE = "guide", _("Guides")
    OUTREACH = "outreach", _("Getting in touch again")
    POST = "post", _("Coaches’ posts")
    ROLE = "role", _("Last days of your roles")
