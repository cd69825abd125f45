"""Decisions: what was decided and why, the letters about it, and what became of an offer."""

from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import OnceModel, PortalModel
from projects.models import Project

from ..enums import ExpressionState, LetterKind
from .calls import Call
from .expressions import Expression


class Words(NamedTuple):
    """A letter in one language. ``is_fallback``: it is English because there is no Welsh."""

    subject: str
    body: str
    language: str
    is_fallback: bool = False


def words_in(language: str | None, letter: Any) -> Words:
    """The words of ``letter``, whose Welsh may be empty, for a reader of ``language``."""
    welsh = language == "cy"
    if welsh and letter.body_cy:
        return Words(letter.subject_cy, letter.body_cy, "cy")
    return Words(letter.subject, letter.body, "en", is_fallback=welsh)


class LetterTemplate(PortalModel):
    """The wording of one kind of letter of a call, with {fields} that are filled in for each."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="letter_templates")
    outcome = models.CharField(_("kind of letter"), max_length=20, choices=LetterKind.choices)
    subject = models.CharField(_("subject"), max_length=150)
    body = models.TextField(_("letter"))
    # For people who read Welsh; without it they get the English, marked as such.
    subject_cy = models.CharField(_("subject in Welsh"), max_length=150, blank=True)
    body_cy = models.TextField(_("letter in Welsh"), blank=True)
    # By when an offer is to be answered; other letters ask nothing.
    answer_by = models.DateField(_("answer by"), null=True, blank=True)

    class Meta:
        verbose_name = _("wording of a letter")
        constraints = [
            models.UniqueConstraint(fields=["call", "outcome"], name="letter_wording_once"),
            models.CheckConstraint(
                name="letter_wording_asks_for_offers_alone",
                condition=models.Q(outcome=LetterKind.OFFERED) | models.Q(answer_by__isnull=True),
            ),
            models.CheckConstraint(
                name="letter_wording_is_whole_in_welsh",
                condition=models.Q(subject_cy="", body_cy="")
                | ~models.Q(subject_cy="") & ~models.Q(body_cy=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.outcome}"


class Decision(PortalModel):
    """Why an expression stands as it does, and what its organisation is told about it.

    What was decided is the state of the expression; this is held until its letter goes out.
    """

    expression = models.OneToOneField(Expression, on_delete=models.CASCADE, related_name="decision")
    reason = models.TextField(_("why"), blank=True)
    feedback = models.TextField(_("feedback to the organisation"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")

    def __str__(self) -> str:
        return f"{self.expression_id}"


class Letter(PortalModel):
    """A letter as it was sent: its words never change, whatever the wording becomes later."""

    expression = models.ForeignKey(Expression, on_delete=models.PROTECT, related_name="letters")
    outcome = models.CharField(_("kind of letter"), max_length=20, choices=LetterKind.choices)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("letter"))
    # Empty where there was no Welsh wording when it went out.
    subject_cy = models.CharField(_("subject in Welsh"), max_length=250, blank=True)
    body_cy = models.TextField(_("letter in Welsh"), blank=True)
    feedback = models.TextField(_("feedback"), blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    sent_to = models.PositiveIntegerField(_("people written to"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("letter")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["expression", "outcome"], name="letter_once"),
            models.CheckConstraint(
                name="letter_of_an_offer_asks_by_a_day",
                condition=models.Q(outcome=LetterKind.OFFERED, answer_by__isnull=False)
                | (~models.Q(outcome=LetterKind.OFFERED) & models.Q(answer_by__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def words(self) -> Words:
        """The letter in the language of whoever reads now: a page's, or a message's."""
        return words_in(get_language(), self)

    @property
    def is_offer_open(self) -> bool:
        """Whether it is an offer that nobody has answered; it may be too late to do so."""
        is_offer = self.outcome == LetterKind.OFFERED
        return is_offer and self.expression.state == ExpressionState.OFFERED

    def has_lapsed_at(self, now: datetime) -> bool:
        """Whether its last day to answer, if it has one, is over at ``now``."""
        return self.answer_by is not None and self.answer_by < timezone.localdate(now)


class Resending(OnceModel, PortalModel):
    """That a letter was sent once more, and why; ``answer_by`` when more time was given."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="resendings")
    reason = models.TextField(_("why"))
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    sent_to = models.PositiveIntegerField(_("people written to"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("letter sent again")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.letter_id}"


class CarriedOver(PortalModel):
    """What an expression said when it became a project: its answers in words, as they stood."""

    expression = models.OneToOneField(
        Expression, on_delete=models.PROTECT, related_name="carried_over"
    )
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="carried_over")
    # As ``selectors.written_parts`` gives them: title, then question and words.
    answers = models.JSONField(_("answers"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("carried over"))

    class Meta:
        verbose_name = _("answers carried over")

    def __str__(self) -> str:
        return f"{self.expression_id}: {self.project_id}"
