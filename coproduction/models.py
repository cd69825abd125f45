"""The living charter: its versions, clauses and words, and how members propose to change them.

A version lists, for each clause, one wording. A wording that a version does not touch is the same
row in both versions; so agreements, which are to a wording, lapse where words change and nowhere
else.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import OnceModel, PortalModel, StateModel
from meetings.enums import GroupKind
from meetings.models import Group, Member

from .enums import ClauseKind, ClosingRule, Outcome, ProposalKind, ProposalState, Stance
from .querysets import (
    CharterQuerySet,
    ClauseQuerySet,
    DraftQuerySet,
    ProposalQuerySet,
    UnchangingQuerySet,
    VersionQuerySet,
)

PERSON = settings.AUTH_USER_MODEL
DECIDED = [
    ProposalState.ADOPTED,
    ProposalState.ADOPTED_CHANGED,
    ProposalState.WITHDRAWN,
    ProposalState.SET_ASIDE,
]


class Unchanging(PortalModel):
    """A row that is written once. The database refuses a change too (see the migrations)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(_("This is kept as it was. Make a new version instead."))
        super().save(*args, **kwargs)


class Charter(PortalModel):
    """What a group has agreed about how it works together, and its rule for changing it."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="charter")
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    closing_rule = models.CharField(
        _("how we decide"),
        max_length=20,
        choices=ClosingRule.choices,
        default=ClosingRule.CONSENT,
    )
    quorum_percent = models.PositiveSmallIntegerField(
        _("how many members must take a position, in percent"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    open_days = models.PositiveSmallIntegerField(
        _("how many days a proposal is open"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )

    objects = CharterQuerySet.as_manager()

    class Meta:
        verbose_name = _("charter")
        constraints = [
            models.CheckConstraint(
                name="charter_quorum_is_a_share",
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100),
            ),
            models.CheckConstraint(
                name="charter_open_for_a_time",
                condition=Q(open_days__gte=1, open_days__lte=120),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.group.kind != GroupKind.ADVISORY:
            raise ValidationError(_("Only an advisory group has a charter."))

    def get_absolute_url(self) -> str:
        return reverse("coproduction:charter", args=[self.pk])


class CharterVersion(Unchanging):
    """The charter as it stood from one adoption to the next.

    ``published_at`` is empty where the sources do not say when.
    """

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        PERSON, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("what changed"), blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a charter")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["charter", "number"], name="charter_version_once"),
            models.CheckConstraint(name="charter_version_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)s") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("coproduction:version", args=[self.pk])


class Clause(PortalModel):
    """One clause through all versions; its words are in ``ClauseText``."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="clauses")

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")

    def __str__(self) -> str:
        return str(_("Clause %(number)s") % {"number": self.pk})

    def get_absolute_url(self) -> str:
        return reverse("coproduction:clause", args=[self.pk])


class ClauseText(Unchanging):
    """One wording of a clause, first published in ``first_version``."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="texts")
    first_version = models.ForeignKey(CharterVersion, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=ClauseKind.choices)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("words"))

    objects = UnchangingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a clause")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "first_version"], name="clause_one_wording_a_version"
            ),
            models.CheckConstraint(
                name="clause_text_has_words", condition=~Q(heading="") & ~Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def whole(self) -> str:
        """Heading and words as one text, for comparisons."""
        return f"{self.heading}\n{self.text}"


class ClausePlace(Unchanging):
    """That a version holds a wording, and where."""

    version = models.ForeignKey(CharterVersion, on_delete=models.CASCADE, related_name="places")
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="places")
    wording = models.ForeignKey(ClauseText, on_delete=models.CASCADE, related_name="places")
    order = models.PositiveSmallIntegerField(_("place"))

    objects = UnchangingQuerySet.as_manager()

    class Meta:
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "order"], name="place_once_a_version"),
            models.UniqueConstraint(fields=["version", "clause"], name="clause_once_a_version"),
        ]

    def __str__(self) -> str:
        return str(self.order)


class Suggested(models.Model):
    """What a draft and a proposal have in common: what is to become of which clause.

    ``replaces`` is the wording that the writer had before them; ``after`` the clause behind which
    a new or moved clause is to stand (none: a moved clause goes to the top of its part, a new one
    to the end of it).
    """

    kind = models.CharField(_("what it does"), max_length=10, choices=ProposalKind.choices)
    based_on = models.ForeignKey(CharterVersion, on_delete=models.CASCADE, related_name="+")
    clause = models.ForeignKey(
        Clause, on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    replaces = models.ForeignKey(
        ClauseText, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    after = models.ForeignKey(
        Clause, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    new_kind = models.CharField(
        _("part of the charter"), max_length=20, choices=ClauseKind.choices, blank=True
    )
    new_heading = models.CharField(_("heading"), max_length=120, blank=True)
    new_text = models.TextField(_("words"), blank=True)
    reason = models.TextField(_("why"), blank=True)

    class Meta:
        abstract = True

    @property
    def has_words(self) -> bool:
        """Whether it brings words of its own, as a change and an addition do."""
        return self.kind in {ProposalKind.CHANGE, ProposalKind.ADD}

    @property
    def new_whole(self) -> str:
        """Its heading and words as one text; those of the clause where it only moves it."""
        if self.has_words:
            return f"{self.new_heading}\n{self.new_text}"
        return self.replaces.whole if self.replaces and self.kind == ProposalKind.MOVE else ""

    @property
    def subject(self) -> str:
        """The heading of the clause that it is about."""
        return self.replaces.heading if self.replaces else self.new_heading

    @property
    def title(self) -> str:
        """What it does to which clause, in a few words."""
        words = {
            ProposalKind.CHANGE: _("Change “%(clause)s”"),
            ProposalKind.ADD: _("Add “%(clause)s”"),
            ProposalKind.MOVE: _("Move “%(clause)s”"),
            ProposalKind.REMOVE: _("Take out “%(clause)s”"),
        }
        return str(words[ProposalKind(self.kind)] % {"clause": self.subject or _("a new clause")})


class Proposal(Suggested, StateModel):
    """A change to the charter that a member has put to the group."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="proposals")
    proposed_by = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposals"
    )
    opened_at = models.DateTimeField(_("opened"))
    closes_on = models.DateField(_("positions wanted by"))
    state = models.CharField(
        _("state"), max_length=20, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    decided_at = models.DateTimeField(_("closed"), null=True, blank=True)
    fate = models.TextField(_("what became of it"), blank=True)
    made_version = models.OneToOneField(
        CharterVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="proposal_closed_with_its_fate",
                condition=Q(state=ProposalState.OPEN, decided_at__isnull=True, fate="")
                | (Q(state__in=DECIDED, decided_at__isnull=False) & ~Q(fate="")),
            ),
            models.CheckConstraint(
                name="proposal_about_a_clause",
                condition=Q(kind=ProposalKind.ADD, clause__isnull=True, replaces__isnull=True)
                | (~Q(kind=ProposalKind.ADD) & Q(clause__isnull=False, replaces__isnull=False)),
            ),
            models.CheckConstraint(name="proposal_has_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["charter", "-opened_at", "-id"], name="proposal_newest_first"),
            models.Index(
                fields=["closes_on"],
                name="proposal_open_by_date",
                condition=Q(state=ProposalState.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("coproduction:proposal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN


class Draft(Suggested, PortalModel, OnceModel):
    """A proposal that is still being written, by its author or, when shared, by the group.

    ``version`` counts the savings. ``once_key`` makes a second click on the first save find the
    draft that the first click made. What anybody saves stays in ``DraftRevision``.
    """

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    version = models.PositiveIntegerField(default=0)
    is_shared = models.BooleanField(_("let other members help with the words"), default=False)
    proposal = models.OneToOneField(
        Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="draft"
    )
    put_away_at = models.DateTimeField(_("put away"), null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a proposal")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="draft_about_a_clause",
                condition=Q(kind=ProposalKind.ADD, clause__isnull=True, replaces__isnull=True)
                | (~Q(kind=ProposalKind.ADD) & Q(clause__isnull=False, replaces__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("coproduction:draft", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.proposal_id is None and self.put_away_at is None


class DraftRevision(PortalModel):
    """One saving of a draft, in full; also of words that came second and were kept beside.

    ``number`` is the draft's version that a saving made; words kept beside have the one that
    their writer had before them. ``page`` tells the pages apart in which people write.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.SAVED)
    page = models.UUIDField(editable=False)
    saved_by = models.ForeignKey(PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    words = models.JSONField(_("words"), default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "number"],
                name="draft_version_saved_once",
                condition=Q(outcome=Outcome.SAVED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

    @property
    def whole(self) -> str:
        """Heading, words and reason as one text, for comparisons."""
        words = [self.words.get(name, "") for name in ("new_heading", "new_text", "reason")]
        return "\n".join(word for word in words if word)


class Comment(PortalModel, OnceModel):
    """What somebody says about a proposal; a double click says it once."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    said_by = models.ForeignKey(
        PERSON, on_delete=models.SET_NULL, null=True, related_name="charter_comments"
    )
    said_at = models.DateTimeField(_("said"))
    text = models.TextField(_("comment"))

    class Meta:
        verbose_name = _("comment")
        ordering = ["said_at", "id"]
        constraints = [models.CheckConstraint(name="comment_has_words", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:60]


class Ask(PortalModel):
    """That a member was asked for a position when a proposal was opened; reminders follow it."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="asks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="asks")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "member"], name="ask_once_a_member"),
        ]

    def __str__(self) -> str:
        return str(self.member_id)


class PositionWords(models.Model):
    """A stance with its reason, as it was taken at a moment."""

    stance = models.CharField(_("your position"), max_length=10, choices=Stance.choices)
    reason = models.TextField(_("why"), blank=True)
    is_private = models.BooleanField(_("show my reason to the facilitator only"), default=False)
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        abstract = True


class Position(PositionWords, PortalModel):
    """What a member thinks of a proposal now."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="positions")

    class Meta:
        verbose_name = _("position")
        ordering = ["taken_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "member"], name="position_once_a_member"),
            models.CheckConstraint(
                name="position_against_says_why",
                condition=~Q(stance=Stance.CANNOT) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_stance_display())


class PastPosition(PositionWords, PortalModel):
    """What a member thought before they changed their position."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="past")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.get_stance_display())


class Agreement(PortalModel):
    """That a member agrees with a wording. Taken back it stays, with the moment."""

    wording = models.ForeignKey(ClauseText, on_delete=models.CASCADE, related_name="agreements")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="agreements")
    agreed_at = models.DateTimeField(_("agreed"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("agreement")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["wording", "member"],
                name="agreement_once",
                condition=Q(taken_back_at__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_before_it_is_taken_back",
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=F("agreed_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.wording_id)
