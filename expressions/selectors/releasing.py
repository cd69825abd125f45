"""Reads about letters: what stands before a release, the reserve, and what waits afterwards."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import RoleKind
from accounts.models import Role
from core.todo import Todo
from partners.models import Organisation

from ..enums import CallState, ExpressionState, LetterKind
from ..models import Call, Decision, Expression, Letter, Resending
from ..querysets import ExpressionQuerySet
from .deciding import UNDECIDED, DecisionLine, decision_lines, wording_of
from .offers import LAPSED, places, with_offers
from .planning import proposed_plan, reserve_for


@dataclass(frozen=True)
class LettersOfKind:
    """How many letters of one kind there are to send, and to how many people."""

    kind: str
    letters: int
    people: int

    @property
    def label(self) -> str:
        return str(LetterKind(self.kind).label)


@dataclass(frozen=True)
class ReleaseCheck:
    """What stands before the letters of a call go out, for one person.

    ``hidden``: how many more there are in which this person has a conflict of interest: of them
    nothing is told but whether one of them stops the release.
    """

    undecided: list[Expression] = field(default_factory=list)
    without_feedback: list[Expression] = field(default_factory=list)
    without_people: list[Expression] = field(default_factory=list)
    letters: list[LettersOfKind] = field(default_factory=list)
    hidden: int = 0
    stops: str = ""

    @property
    def total(self) -> int:
        return sum(line.letters for line in self.letters)


def to_tell(call: Call) -> ExpressionQuerySet:
    """Those of ``call`` about which a letter is to go out, or something is undecided."""
    states = [*UNDECIDED, *LetterKind.values]
    found: ExpressionQuerySet = Expression.objects.filter(
        call=call, state__in=states, told_at__isnull=True
    )
    return found


def release_check(call: Call, user: Any, now: datetime) -> ReleaseCheck:
    """What ``user`` is shown before releasing the letters of ``call``. Six queries or so."""
    everything = to_tell(call)
    rows = list(
        everything.without_conflicts_of(user)
        .select_related("organisation", "call", "decision")
        .order_by("organisation__name", "pk")
    )
    decided = [row for row in rows if row.state not in UNDECIDED]
    people = people_of({row.organisation_id for row in decided})
    return ReleaseCheck(
        undecided=[row for row in rows if row.state in UNDECIDED],
        without_feedback=[row for row in decided if not _has_feedback(row)],
        without_people=[row for row in decided if not people[row.organisation_id]],
        letters=[_of_kind(kind, decided, people) for kind in LetterKind.values],
        hidden=everything.count() - len(rows),
        stops=what_stops(call, now, without_feedback=True),
    )


def _has_feedback(expression: Expression) -> bool:
    decision = getattr(expression, "decision", None)
    return bool(decision and decision.feedback)


def _of_kind(
    kind: str, decided: Iterable[Expression], people: dict[int, set[int]]
) -> LettersOfKind:
    rows = [row for row in decided if row.state == kind]
    return LettersOfKind(kind, len(rows), sum(len(people[row.organisation_id]) for row in rows))


def people_of(organisations: set[int]) -> dict[int, set[int]]:
    """The ids of the people who speak for each of these organisations today. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    roles = Role.objects.active_on(timezone.localdate()).filter(
        kind=RoleKind.PARTNER_CONTACT,
        scope_type=ContentType.objects.get_for_model(Organisation),
        scope_id__in=organisations,
        person__is_active=True,
    )
    for organisation, person in roles.values_list("scope_id", "person_id"):
        found[organisation].add(person)
    return found


def what_stops(call: Call, now: datetime, *, without_feedback: bool) -> str:
    """Why the letters of ``call`` cannot go out now, in words; empty when they can.

    It looks at all of them, whoever asks. ``without_feedback``: that some may go without.
    """
    rows = to_tell(call)
    undecided = rows.filter(state__in=UNDECIDED).count()
    if undecided:
        words = ngettext(
            "%(count)s expression of interest is not decided yet.",
            "%(count)s expressions of interest are not decided yet.",
            undecided,
        )
        return words % {"count": undecided}
    if rows.filter(state=ExpressionState.OFFERED).exists():
        answer_by = wording_of(call, LetterKind.OFFERED).answer_by
        if answer_by is None:
            return _("The letter of offer has no last day to answer yet.")
        if answer_by <= timezone.localdate(now):
            return _("The last day to answer an offer has to be in the future.")
    if not without_feedback and rows.exclude(decision__feedback__gt="").exists():
        return _("Some letters have no feedback. Say that they may go out without it.")
    return ""


# --- After the letters ---


def letters_of(expression: Expression) -> QuerySet[Letter]:
    """The letters about ``expression``, the newest first, with when they were sent again."""
    return (
        Letter.objects.filter(expression=expression)
        .select_related("by", "expression")
        .prefetch_related("resendings__by")
        .order_by("-at", "-id")
    )


def unsent(call: Call, user: Any) -> list[Expression]:
    """Those that ``user`` may know of whose letter reached nobody, not even when it was sent
    again, and that have not answered either; by name. One query."""
    again = Resending.objects.filter(letter=OuterRef("pk"), sent_to__gt=0)
    bare = Letter.objects.filter(
        ~Exists(again), expression=OuterRef("pk"), outcome=OuterRef("state"), sent_to=0
    )
    rows = Expression.objects.visible_to(user).filter(Exists(bare), call=call)
    return list(rows.select_related("organisation").order_by("organisation__name", "pk"))


def release_words(call: Call, user: Any) -> str:
    """How many letters ``user`` may know of went out, and how many reached nobody, in words."""
    if not Letter.objects.filter(expression__call=call, sent_to=0).exists():
        return _("All letters are on their way.")
    rows = Expression.objects.visible_to(user).filter(call=call, letters__sent_to__gt=0)
    gone, bare = rows.distinct().count(), len(unsent(call, user))
    words = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", gone)
    lines = [words % {"n": gone}]
    if bare:
        words = ngettext(
            "%(n)s organisation has nobody who can get a letter: tell them yourself.",
            "%(n)s organisations have nobody who can get a letter: tell them yourself.",
            bare,
        )
        lines.append(words % {"n": bare})
    return " ".join(lines)


def reserve(call: Call, user: Any, now: datetime) -> list[DecisionLine]:
    """Those in reserve of whom ``user`` may know: first whoever would keep the mix, by the plan
    that was chosen, in the place of one that turned its offer down or let it lapse; then the
    best."""
    lines = decision_lines(call, user, states=[ExpressionState.RESERVE])
    stand_in = _stand_ins(call, now)
    return sorted(lines, key=lambda line: line.expression.pk not in stand_in)


def _stand_ins(call: Call, now: datetime) -> set[int]:
    plan = proposed_plan(call)
    if plan is None:
        return set()
    late = Q(state=ExpressionState.OFFERED, day__lt=timezone.localdate(now))
    gone = with_offers(call.expressions.all()).filter(late | Q(state=ExpressionState.TURNED_DOWN))
    found = {reserve_for(plan, pk) for pk in gone.values_list("pk", flat=True)}
    return {pk for pk in found if pk is not None}


def after_release(call: Call, user: Any, now: datetime) -> list[tuple[str, str]]:
    """What is left to do once the letters are out, as (words, choice on the board), of what
    ``user`` may know of. One query."""
    today, offered = timezone.localdate(now), Q(state=ExpressionState.OFFERED)
    found = with_offers(Expression.objects.visible_to(user).filter(call=call)).aggregate(
        waiting=Count("pk", filter=offered & Q(day__gte=today)),
        late=Count("pk", filter=offered & Q(day__lt=today)),
        accepted=Count("pk", filter=Q(state=ExpressionState.ACCEPTED)),
    )
    waiting, late, accepted = found["waiting"], found["late"], found["accepted"]
    words = [
        (
            waiting,
            ngettext("%(n)s offer waits for an answer", "%(n)s offers wait for an answer", waiting),
            ExpressionState.OFFERED.value,
        ),
        (
            late,
            ngettext(
                "%(n)s offer was not answered in time",
                "%(n)s offers were not answered in time",
                late,
            ),
            LAPSED,
        ),
        (
            accepted,
            ngettext(
                "%(n)s accepted offer to make a project of",
                "%(n)s accepted offers to make projects of",
                accepted,
            ),
            ExpressionState.ACCEPTED.value,
        ),
    ]
    return [(text % {"n": number}, choice) for number, text, choice in words if number]


def deciding_todo(user: Any, now: datetime) -> list[Todo]:
    """What waits for somebody who decides: calls to decide, offers that lapsed, places that are
    free, projects to make.

    What a conflict of interest hides counts for nothing but the places of its call. One query.
    """
    seen, today = Q(is_seen=True), timezone.localdate(now)
    visible = Expression.objects.visible_to(user).filter(pk=OuterRef("pk"))
    rows = Expression.objects.filter(
        Q(call__state=CallState.DECIDING, state__in=UNDECIDED | set(LetterKind.values))
        | Q(call__state=CallState.DECIDED)
    )
    late = seen & Q(state=ExpressionState.OFFERED, day__lt=today)
    found: Any = (
        with_offers(rows.annotate(is_seen=Exists(visible)))
        .order_by()
        .values("call_id", "call__title", "call__state")
        .annotate(
            listed=Count("pk", filter=seen),
            undecided=Count("pk", filter=seen & Q(state__in=UNDECIDED)),
            accepted=Count("pk", filter=seen & Q(state=ExpressionState.ACCEPTED)),
            kept=Count("pk", filter=seen & Q(state=ExpressionState.RESERVE)),
            late=Count("pk", filter=late),
            **places(today),
        )
        .filter(listed__gt=0)
        .order_by("call_id")
    )
    return [todo for row in found for todo in _todos(row)]


def _todos(row: dict[str, Any]) -> list[Todo]:
    call, title = row["call_id"], row["call__title"]
    if row["call__state"] == CallState.DECIDING:
        left = row["undecided"]
        words = ngettext("%(n)s is left to decide", "%(n)s are left to decide", left) % {"n": left}
        url = reverse("expressions:deciding", args=[call])
        detail = words if left else _("All are decided: check the letters, then release them")
        return [Todo(text=_("Decide on %(call)s") % {"call": title}, url=url, detail=detail)]
    found = _late_offers(row)
    free = row["places"] - row["taken"]
    if free > 0 and row["kept"]:
        found.append(
            Todo(
                text=ngettext(
                    "place is free: call up a reserve", "places are free: call up reserves", free
                ),
                url=reverse("expressions:reserve", args=[call]),
                detail=title,
                count=free,
            )
        )
    if row["accepted"]:
        found.append(
            Todo(
                text=ngettext(
                    "accepted offer to make a project of",
                    "accepted offers to make projects of",
                    row["accepted"],
                ),
                url=f"{reverse('expressions:deciding', args=[call])}?state=accepted",
                detail=title,
                count=row["accepted"],
            )
        )
    return found


def _late_offers(row: dict[str, Any]) -> list[Todo]:
    if not row["late"]:
        return []
    words = ngettext(
        "offer was not answered in time: give it again, or let its place go",
        "offers were not answered in time: give them again, or let their places go",
        row["late"],
    )
    url = f"{reverse('expressions:deciding', args=[row['call_id']])}?state={LAPSED}"
    return [Todo(text=words, url=url, detail=row["call__title"], count=row["late"], is_late=True)]


def offers_todo(user: Any, now: datetime) -> list[Todo]:
    """Offers that wait for an answer of this person's organisations. One query."""
    open_letters = (
        Letter.objects.filter(
            expression__in=Expression.objects.of_contact(user),
            expression__state=ExpressionState.OFFERED,
            # In a call that was put away nobody can answer any more.
            expression__call__state=CallState.DECIDED,
            outcome=LetterKind.OFFERED,
        )
        .select_related("expression__call", "expression__organisation")
        .order_by("answer_by", "id")
    )
    today: date = timezone.localdate(now)
    return [
        Todo(
            text=_("Answer our offer: %(call)s") % {"call": letter.expression.call.title},
            url=reverse("expressions:letter", args=[letter.expression_id]),
            detail=_("For %(organisation)s")
            % {"organisation": letter.expression.organisation.name},
            due=letter.answer_by,
            is_late=bool(letter.answer_by and letter.answer_by < today),
        )
        for letter in open_letters[:20]
    ]


def deciding_data(person: Any) -> dict[str, Any]:
    """What is held about ``person`` as one who decided, or sent a letter again."""
    decisions = Decision.objects.filter(by=person).select_related("expression")
    again = Resending.objects.filter(by=person).select_related("letter__expression")
    return {
        "decisions_by_you": [
            {"reference": one.expression.reference, "reason": one.reason, "feedback": one.feedback}
            for one in decisions
        ],
        "letters_sent_again_by_you": [
            {"reference": one.letter.expression.reference, "reason": one.reason} for one in again
        ],
    }
