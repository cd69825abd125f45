"""What the pages of topics show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import RoleKind
from accounts.models import Role, User
from accounts.rules import scope_ids
from core.links import addresses
from core.paging import KeysetPage, keyset_page
from core.todo import Todo
from core.transitions import Step, steps_open_to
from partners.models import Organisation

from .enums import Criterion, GapState, Score, TopicState
from .models import EvidenceGap, GapAsk, GapReply, Topic, TopicScore
from .thread import current_scores
from .topic_history import Event, history_of
from .topic_transitions import GAP_OPENED, PLAIN_STEPS

LIST_ORDER = ["title", "id"]
HISTORY_ON_PAGE = 8
HISTORY_WHOLE = 500


@dataclass(frozen=True)
class Weighed:
    """A criterion with what was agreed on it, or ``None``."""

    criterion: Criterion
    row: TopicScore | None

    @property
    def label(self) -> str:
        return str(self.criterion.label)


@dataclass(frozen=True)
class AskedOrganisation:
    """An organisation that was asked in a gap, with its replies."""

    organisation: Organisation
    asks: list[GapAsk]
    replies: list[GapReply]


@dataclass(frozen=True)
class ShownGap:
    """A gap with those who were asked, the silent ones last."""

    gap: EvidenceGap
    asked: list[AskedOrganisation]

    @property
    def answered(self) -> int:
        return sum(bool(one.replies) for one in self.asked)


@dataclass(frozen=True)
class TopicPage:
    """Everything on the page of a topic for those who see the programme."""

    topic: Topic
    origins: list[Any]
    weighed: list[Weighed]
    gaps: list[ShownGap]
    history: list[Event]
    steps: list[Step]
    may_lack: bool

    @property
    def scored(self) -> int:
        return sum(one.row is not None for one in self.weighed)


def topic_list(topics: models.QuerySet, cursor: str | None) -> KeysetPage:
    """A page of topics by title, each with ``scored`` and ``points``. Three queries."""
    page = keyset_page(topics, order=LIST_ORDER, cursor=cursor)
    _with_scores(page.rows)
    return page


def _with_scores(topics: Iterable[Any]) -> None:
    """Give each topic the number of its scored criteria and their sum. One query."""
    by_topic: dict[int, list[TopicScore]] = {}
    for row in TopicScore.objects.filter(topic__in=[topic.pk for topic in topics]):
        by_topic.setdefault(row.topic_id, []).append(row)
    for topic in topics:
        topic.current = current_scores(by_topic.get(topic.pk, []))
        topic.scored = len(topic.current)
        topic.points = sum(row.score for row in topic.current.values())


def top_points() -> int:
    """The most that a topic can have on all criteria."""
    return len(Criterion) * max(Score.values)


def years() -> list[tuple[str, str]]:
    """The years that topics have, the latest first, as choices of a filter."""
    found = Topic.objects.exclude(year=None).order_by("-year").values_list("year", flat=True)
    return [(str(year), str(year)) for year in found.distinct()]


def export_header() -> list[str]:
    """The first line of the list as a file."""
    scores = [str(one.label) for one in Criterion]
    return [_("Topic"), _("State"), _("Year"), *scores, _("Description"), _("Example data")]


def export_rows(topics: models.QuerySet) -> Iterator[list[Any]]:
    """The lines of that file, a thousand topics at a time."""
    chunk: list[Any] = []
    for topic in topics.order_by(*LIST_ORDER).iterator(chunk_size=1_000):
        chunk.append(topic)
        if len(chunk) == 1_000:
            yield from _export_lines(chunk)
            chunk = []
    yield from _export_lines(chunk)


def _export_lines(topics: list[Any]) -> Iterator[list[Any]]:
    _with_scores(topics)
    for topic in topics:
        yield [
            topic.title,
            str(topic.get_state_display()),
            topic.year,
            *(topic.current[one].score if one in topic.current else None for one in Criterion),
            topic.description,
            _("yes") if topic.is_example else _("no"),
        ]


def topic_page(topic: Topic, user: Any) -> TopicPage:
    """What ``user`` sees of ``topic`` on the staff's page. Eight queries."""
    scores = current_scores(topic.scores.select_related("by"))
    return TopicPage(
        topic=topic,
        origins=list(topic.origins.all()),
        weighed=[Weighed(criterion, scores.get(criterion)) for criterion in Criterion],
        gaps=shown_gaps(topic),
        history=history_of(topic, HISTORY_ON_PAGE),
        steps=steps_open_to(user, topic, PLAIN_STEPS),
        may_lack=topic.state in GAP_OPENED.sources
        and user.has_perm(str(GAP_OPENED.permission), topic),
    )


def shown_gaps(topic: Topic) -> list[ShownGap]:
    """The gaps of a topic, the newest first, with questions and replies. Three queries."""
    asks = GapAsk.objects.select_related("organisation", "person").order_by(
        "organisation__name", "id"
    )
    gaps = topic.gaps.select_related("closed_by").prefetch_related(
        models.Prefetch("asks", asks),
        models.Prefetch("asks__replies", GapReply.objects.select_related("entered_by")),
    )
    return [ShownGap(gap, _by_organisation(gap)) for gap in gaps]


def _by_organisation(gap: EvidenceGap) -> list[AskedOrganisation]:
    asks: dict[int, list[GapAsk]] = {}
    for ask in gap.asks.all():
        asks.setdefault(ask.organisation_id, []).append(ask)
    found = [
        AskedOrganisation(
            own[0].organisation,
            own,
            sorted((reply for ask in own for reply in ask.replies.all()), key=lambda r: r.at),
        )
        for own in asks.values()
    ]
    return sorted(found, key=lambda one: not one.replies)


def askable_organisations() -> models.QuerySet[Organisation]:
    """The organisations for which somebody with an account speaks today, by name."""
    roles = Role.objects.active_on(timezone.localdate()).filter(
        kind=RoleKind.PARTNER_CONTACT,
        scope_type=ContentType.objects.get_for_model(Organisation),
        person__is_active=True,
    )
    return Organisation.objects.filter(pk__in=roles.values("scope_id")).order_by("name", "id")


def replies_of(ask: GapAsk) -> models.QuerySet[GapReply]:
    """What was answered to this very question, oldest first."""
    return ask.replies.order_by("at", "id")


def one_ask_for_each(gap: EvidenceGap) -> models.QuerySet[GapAsk]:
    """Of each organisation that was asked the first question, by the organisation's name."""
    firsts = gap.asks.order_by().values("organisation").annotate(first=models.Min("id"))
    asks = gap.asks.filter(pk__in=firsts.values("first")).select_related("organisation")
    return asks.order_by("organisation__name", "id")


def gaps_to_close(now: datetime) -> models.QuerySet[EvidenceGap]:
    """The open gaps whose day for replies has passed."""
    return EvidenceGap.objects.filter(state=GapState.OPEN, wanted_by__lt=timezone.localdate(now))


def gaps_todo(topics: list[tuple[int, str]]) -> list[Todo]:
    """The line about those gaps, given the key and title of each one's topic."""
    if not topics:
        return []
    url = reverse("projects:topic", args=[topics[0][0]])
    if len(topics) > 1:
        url = f"{reverse('projects:topics')}?state={TopicState.NOT_ENOUGH_EVIDENCE.value}"
    words = ngettext("evidence gap to look at", "evidence gaps to look at", len(topics))
    return [Todo(text=words, url=url, count=len(topics), detail=topics[0][1], is_late=True)]


def questions_todo(user: Any, now: datetime) -> list[Todo]:
    """What partners are asked: a line for each gap and organisation, however many were asked.

    One query; none for those who speak for no organisation.
    """
    if not scope_ids(user, {RoleKind.PARTNER_CONTACT}, Organisation):
        return []
    rows = (
        GapAsk.objects.visible_to(user)
        .open_at(now)
        .unanswered()
        .order_by("gap__wanted_by", "id")
        .values("id", "gap_id", "organisation_id", "gap__topic__title", "gap__wanted_by")[:100]
    )
    once = {(row["gap_id"], row["organisation_id"]): row for row in reversed(rows)}
    url_of = addresses("projects:gap-asked")
    return [
        Todo(
            text=_("Tell us what you know about “%(topic)s”") % {"topic": row["gap__topic__title"]},
            url=url_of(row["id"]),
            due=row["gap__wanted_by"],
            is_late=row["gap__wanted_by"] < timezone.localdate(now),
        )
        for row in reversed(once.values())
    ]


def topic_data(person: User) -> dict[str, Any]:
    """What topics hold about ``person``, for their own copy."""
    asks = person.gaps_asked.select_related("gap__topic", "organisation").prefetch_related(
        "replies"
    )
    scores = TopicScore.objects.filter(by=person).select_related("topic").order_by("id")
    closed = EvidenceGap.objects.filter(closed_by=person).select_related("topic").order_by("id")
    entered = GapReply.objects.filter(entered_by=person).order_by("id")
    return {
        "asked_for_evidence": [
            {
                "topic": ask.gap.topic.title,
                "organisation": ask.organisation.name,
                "at": ask.asked_at.isoformat(),
                "replies": [
                    {"text": row.text, "links": row.links, "at": row.at.isoformat()}
                    for row in ask.replies.all()
                ],
            }
            for ask in asks.prefetch_related("replies")
        ],
        "scored_topics": [
            {
                "topic": row.topic.title,
                "criterion": str(row.get_criterion_display()),
                "score": row.score,
                "reason": row.reason,
                "at": row.at.isoformat(),
            }
            for row in scores
        ],
        "evidence_gaps_closed": [
            {"topic": gap.topic.title, "words": gap.outcome_words} for gap in closed
        ],
        "evidence_gaps_opened": list(
            EvidenceGap.objects.filter(opened_by=person).values_list("missing", flat=True)
        ),
        "replies_written_down_for_others": [row.text for row in entered],
    }
