"""Questionnaires as data, anonymous responses, and the counts made from them.

What is held of the people who answer, and why: ``docs/decisions/0007-survey-anonymity.md``.
"""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel, StateModel

from .enums import OptionPart, QuestionKind, SurveyMode, SurveyState
from .querysets import ResponseQuerySet, SurveyQuerySet


class Survey(StateModel):
    """A questionnaire and its fieldwork. Fields that end in ``_cy`` hold the Welsh wording."""

    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(_("title"), max_length=200)
    title_cy = models.CharField(_("title in Welsh"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"))
    introduction_cy = models.TextField(_("introduction in Welsh"), blank=True)
    what_next = models.TextField(_("what happens next"))
    what_next_cy = models.TextField(_("what happens next, in Welsh"), blank=True)
    estimated_minutes = models.PositiveSmallIntegerField(_("minutes it takes"))
    mode = models.CharField(
        _("who may answer"), max_length=20, choices=SurveyMode.choices, default=SurveyMode.OPEN
    )
    state = models.CharField(
        _("state"), max_length=20, choices=SurveyState.choices, default=SurveyState.DRAFT
    )
    opens_on = models.DateField(_("opens on"))
    closes_at = models.DateTimeField(_("closes at"))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        ordering = ["-opens_on", "-id"]
        indexes = [models.Index(fields=["-opens_on", "-id"], name="survey_by_opening")]

    def __str__(self) -> str:
        return self.title

    def takes_answers(self, now: datetime) -> bool:
        """Whether somebody may answer at ``now``: a survey closes at its moment by itself."""
        return (
            self.state == SurveyState.OPEN
            and self.opens_on <= timezone.localdate(now)
            and now < self.closes_at
        )


class Page(models.Model):
    """One block of questions, shown on a page of its own."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="pages")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    introduction = models.TextField(blank=True)
    introduction_cy = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "order"], name="survey_page_order_once")
        ]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question. ``most`` is how many answers may be chosen, or things ranked.

    With a condition (``asked_if``, ``asked_if_answers``) it is asked only of people who gave one
    of those answers to a question on an earlier page.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    text = models.CharField(max_length=300)
    text_cy = models.CharField(max_length=300, blank=True)
    hint = models.CharField(max_length=300, blank=True)
    hint_cy = models.CharField(max_length=300, blank=True)
    is_required = models.BooleanField(default=False)
    most = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_if = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="leads_to"
    )
    # A list of option codes.
    asked_if_answers = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["page__order", "order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="survey_question_code_once"),
            models.UniqueConstraint(fields=["page", "order"], name="survey_question_order_once"),
            models.UniqueConstraint(
                fields=["survey", "kind"],
                name="survey_asks_nation_and_role_once",
                condition=models.Q(kind__in=[QuestionKind.NATION, QuestionKind.ROLE]),
            ),
            models.CheckConstraint(
                name="survey_condition_is_a_pair",
                condition=models.Q(asked_if__isnull=True, asked_if_answers=[])
                | (models.Q(asked_if__isnull=False) & ~models.Q(asked_if_answers=[])),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.page.survey_id != self.survey_id:
            raise ValidationError({"page": _("The page belongs to another survey.")})
        if self.asked_if and not (
            self.asked_if.survey_id == self.survey_id
            and self.asked_if.page.order < self.page.order
            and self.asked_if.kind not in {QuestionKind.TEXT, QuestionKind.MATRIX}
        ):
            raise ValidationError({"asked_if": _("Choose a question on an earlier page.")})


class Option(models.Model):
    """An answer to pick, or a row of a matrix. ``value`` is what an answer of a rating counts."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    part = models.CharField(max_length=10, choices=OptionPart.choices, default=OptionPart.ANSWER)
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    text_cy = models.CharField(max_length=200, blank=True)
    value = models.SmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="survey_option_code_once"),
            models.UniqueConstraint(
                fields=["question", "part", "order"], name="survey_option_order_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Draft(models.Model):
    """Answers that somebody has begun to give.

    ``sealed`` can be read only with the token in that person's browser, of which the database
    knows no more than a hash.
    """

    token_hash = models.CharField(primary_key=True, max_length=64)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="drafts")
    sealed = models.BinaryField()
    keep_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["keep_until"], name="survey_draft_by_keep_until")]

    def __str__(self) -> str:
        return str(_("Answers not sent yet"))


class Submission(models.Model):
    """Answers as they arrive, until they are mixed with others; then only the spent token.

    The token's hash makes a replay find its row. ``answers`` is emptied when the answers move to
    a ``Response`` of their own, together with at least as many as the small-cell threshold.
    """

    token_hash = models.CharField(primary_key=True, max_length=64)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="submissions")
    answers = models.JSONField(null=True)
    keep_until = models.DateField()

    class Meta:
        indexes = [
            models.Index(
                fields=["survey"],
                name="survey_submission_waiting",
                condition=models.Q(answers__isnull=False),
            ),
            models.Index(fields=["keep_until"], name="survey_token_by_keep_until"),
        ]

    def __str__(self) -> str:
        return str(_("Answers that wait to be mixed"))


class Response(models.Model):
    """One person's answers, and nothing that leads to the person.

    ``answers`` maps a question's code to: an option's code; a list of them (several answers); a
    list in order of rank; {row: option} (matrix); or text. ``_unanswered`` lists the questions
    that were asked and left out. ``counted_on`` is the day on which its group was mixed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    answers = models.JSONField()
    counted_on = models.DateField()
    is_example = models.BooleanField(default=False, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["survey", "id"], name="survey_response_by_survey")]

    def __str__(self) -> str:
        return str(_("Response"))


class SurveyCount(PortalModel):
    """When a survey's counts were last made, and how many answers wait to be mixed.

    ``is_stale`` from a mix of new answers until the counts have been made anew.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="count")
    waiting = models.PositiveIntegerField(default=0)
    is_stale = models.BooleanField(default=True)
    made_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.survey)


class SurveyRollup(models.Model):
    """How many people of a nation and role gave an answer; made anew from the responses.

    Without a question: how many responses. ``option``: an option's code, ``row:code`` in a
    matrix, ``code#rank`` in a ranking, ``@answered`` or ``@unanswered``. ``nation`` and ``role``
    are option codes, empty where the person gave none.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="rollup")
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, null=True, related_name="rollup"
    )
    option = models.CharField(max_length=90, blank=True)
    nation = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "option", "nation", "role"], name="survey_rollup_cell_once"
            ),
            models.UniqueConstraint(
                fields=["survey", "nation", "role"],
                name="survey_rollup_total_once",
                condition=models.Q(question__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.option} {self.count}"
