"""Choices about surveys."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SurveyState(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class SurveyMode(TextChoices):
    OPEN = "open", _("Anybody may answer")
    INVITATION = "invitation", _("By invitation")


class QuestionKind(TextChoices):
    SINGLE = "single", _("One answer")
    MULTIPLE = "multiple", _("Several answers")
    RATING = "rating", _("Rating")
    MATRIX = "matrix", _("Rating of several things")
    RANKING = "ranking", _("Ranking")
    TEXT = "text", _("In their own words")
    NATION = "nation", _("Nation")
    ROLE = "role", _("Role")


# Questions of which people pick one answer out of a list.
PICK_ONE = frozenset(
    {QuestionKind.SINGLE, QuestionKind.RATING, QuestionKind.NATION, QuestionKind.ROLE}
)


class OptionPart(TextChoices):
    """What an option is: an answer to pick, or a thing that is rated in a matrix."""

    ANSWER = "answer", _("Answer")
    ROW = "row", _("Thing to rate")
