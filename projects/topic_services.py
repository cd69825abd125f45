"""Writes about topics, beside the changes of state, which stand in ``topic_transitions.py``."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.retry import until_free
from core.versions import ChangedMeanwhile, save_details
from notifications.services import Outgoing, queue, queue_all
from partners.models import Organisation
from partners.selectors import contact_people, programme_team

from .enums import Criterion, GapState, Score
from .models import EvidenceGap, GapAsk, GapReply, Topic, TopicOrigin, TopicScore
from .notifications import GAP_ASKED, GAP_REPLIED
from .topic_links import hash_of, new_nonce, reply_path, token_of

DAY = timedelta(days=1)


class ReplyNotTaken(Exception):
    """The gap is closed, the link is out of date, or it has taken its replies of a day.

    ``str()`` is fit to be shown.
    """


def suggest_topic(  # noqa: PLR0913 - what a topic is told with
    *,
    title: str,
    description: str,
    year: int | None,
    once_key: UUID,
    by: Any,
    now: datetime,
    is_example: bool = False,
) -> Topic:
    """A suggested topic. The same ``once_key`` a second time gives the first one's topic."""
    with transaction.atomic():
        given = {"title": title, "description": description, "year": year}
        topic, made = until_free(
            lambda: Topic.objects.get_or_create(
                once_key=once_key,
                defaults={**given, "slug": free_slug(title), "is_example": is_example},
            )
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=topic, by=by, now=now)
    return topic


def free_slug(title: str) -> str:
    """An address for ``title`` that no topic has yet."""
    base = slugify(title)[:70].strip("-") or "topic"
    alike = models.Q(slug=base) | models.Q(slug__startswith=f"{base}-")
    taken = set(Topic.objects.filter(alike).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def change_topic(
    *, obj: Topic, values: Mapping[str, Any], seen: str, by: Any, now: datetime
) -> Topic:
    """Save title, description and year. Errors: ``ChangedMeanwhile``."""
    return save_details(obj=obj, values=values, seen=seen, by=by, now=now)


def score_topic(  # noqa: PLR0913 - what a score consists of
    *,
    obj: Topic,
    criterion: Criterion | str,
    score: int,
    reason: str,
    seen: int | None,
    by: Any,
    now: datetime,
) -> TopicScore:
    """Keep what was agreed on one criterion; what was agreed before stays in the history.

    ``seen`` is the key of the score that the person had before them, ``None`` for none. The same
    score and reason again adds nothing. Errors: ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        topic = Topic.objects.select_for_update().get(pk=obj.pk)
        last = topic.scores.filter(criterion=criterion).order_by("id").last()
        if last and (last.score, last.reason) == (score, reason.strip()):
            return last
        if (last.pk if last else None) != seen:
            raise ChangedMeanwhile(last.pk if last else "")
        return TopicScore.objects.create(
            topic=topic,
            criterion=Criterion(criterion),
            score=Score(score),
            reason=reason.strip(),
            at=now,
            by=by,
            is_example=topic.is_example,
        )


def add_origin(
    *, topic: Topic, values: Mapping[str, Any], once_key: UUID, by: Any, now: datetime
) -> TopicOrigin:
    """Say what raised a topic. The same ``once_key`` a second time gives the first one's row."""
    with transaction.atomic():
        origin, made = TopicOrigin.objects.get_or_create(
            once_key=once_key, defaults={"topic": topic, "is_example": topic.is_example, **values}
        )
        if made:
            _note(topic, {"origin": ["", str(origin)]}, by, now)
    return origin


def remove_origin(*, obj: TopicOrigin, by: Any, now: datetime) -> None:
    """Take away what raised a topic; its words stay in the history. Twice changes nothing."""
    with transaction.atomic():
        origin = TopicOrigin.objects.select_for_update().filter(pk=obj.pk).first()
        if origin is not None:
            _note(origin.topic, {"origin": [str(origin), ""]}, by, now)
            origin.delete()


def ask_organisations(
    *, gap: EvidenceGap, organisations: Iterable[Organisation], by: Any, now: datetime
) -> list[GapAsk]:
    """Ask the people who speak for ``organisations`` today, each by a message with a link.

    Who was asked already is not asked again. The caller holds the lock on the topic or the gap.
    """
    made = []
    for organisation in organisations:
        known = set(gap.asks.filter(organisation=organisation).values_list("person_id", flat=True))
        for person in contact_people(organisation).exclude(pk__in=known):
            made.append(_ask(gap, organisation, person, by, now))
    if made:
        names = sorted({ask.organisation.name for ask in made})
        _note(gap.topic, {"asked": ["", ", ".join(names)]}, by, now)
    return made


def _ask(
    gap: EvidenceGap, organisation: Organisation, person: Any, by: Any, now: datetime
) -> GapAsk:
    nonce = new_nonce()
    ask = GapAsk.objects.create(
        gap=gap,
        organisation=organisation,
        person=person,
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        asked_at=now,
        asked_by=by,
        expires_at=now + timedelta(days=settings.GAP_LINK_DAYS),
        is_example=gap.is_example,
    )
    queue(kind=GAP_ASKED, to=person, about=ask, now=now, context=words_of(ask))
    return ask


def words_of(ask: GapAsk) -> dict[str, Any]:
    """What the messages about a question say, with the link for the reply."""
    return {
        "gap": ask.gap,
        "topic": ask.gap.topic,
        "organisation": ask.organisation,
        "path": reply_path(ask) or ask.get_absolute_url(),
    }


def ask_more(
    *, obj: EvidenceGap, organisations: Iterable[Organisation], by: Any, now: datetime
) -> list[GapAsk]:
    """Ask further organisations about an open gap. Errors: ``ReplyNotTaken`` when it is closed."""
    with transaction.atomic():
        gap = EvidenceGap.objects.select_for_update().get(pk=obj.pk)
        if gap.state != GapState.OPEN:
            raise ReplyNotTaken(_("This gap is closed. Nobody is asked any more."))
        return ask_organisations(gap=gap, organisations=organisations, by=by, now=now)


def reply_to_gap(  # noqa: PLR0913 - what a reply consists of
    *,
    ask: GapAsk,
    text: str,
    links: Sequence[str],
    once_key: UUID,
    now: datetime,
    entered_by: Any = None,
) -> GapReply:
    """Keep a reply; the same ``once_key`` a second time, as by a double click, adds nothing.

    ``entered_by`` is the member of staff who writes down what came another way; then neither the
    link's end nor its number of replies a day counts. Errors: ``ReplyNotTaken``.
    """
    with transaction.atomic():
        # The gap's row is locked before the reply is made: closing and replying take turns.
        gap = EvidenceGap.objects.select_for_update().get(pk=ask.gap_id)
        if reply := GapReply.objects.filter(once_key=once_key, ask=ask).first():
            return reply
        ask.gap = gap
        if entered_by is None:
            _must_take_replies(ask, now)
        elif not gap.is_open:
            raise ReplyNotTaken(_("This gap is closed."))
        reply, made = GapReply.objects.get_or_create(
            once_key=once_key,
            defaults={
                "ask": ask,
                "text": text.strip(),
                "links": list(links),
                "at": now,
                "entered_by": entered_by,
                "is_example": gap.is_example,
            },
        )
        if made:
            _note(gap.topic, {"reply": ["", ask.organisation.name]}, entered_by, now)
            if entered_by is None:
                _tell_of_reply(ask, now)
    return reply


def speaks_still(ask: GapAsk) -> bool:
    """Whether whoever was asked speaks for the organisation today."""
    people = {person.pk for person in contact_people(ask.organisation)}
    return ask.person_id in people


def _tell_of_reply(ask: GapAsk, now: datetime) -> None:
    """Tell whoever asked, or the programme team once they are no longer of it; with the morning's
    other news."""
    team = list(programme_team())
    asked_by = [person for person in team if person.pk == ask.asked_by_id]
    words: dict[str, Any] = {"topic": ask.gap.topic, "organisation": ask.organisation}
    words["path"] = reverse("projects:topic", args=[ask.gap.topic_id])
    news = [
        Outgoing(to=person, about=ask, period=now.isoformat(), context=words)
        for person in asked_by or team
    ]
    queue_all(kind=GAP_REPLIED, messages=news, now=now, together=True)


def _must_take_replies(ask: GapAsk, now: datetime) -> None:
    if not ask.gap.is_open:
        raise ReplyNotTaken(_("We have closed this question. Thank you for your time."))
    if now >= ask.expires_at:
        raise ReplyNotTaken(_("This link is out of date. Write to us if you can still help."))
    if ask.replies.filter(at__gt=now - DAY).count() >= settings.GAP_REPLIES_A_DAY:
        raise ReplyNotTaken(_("We have had many replies by this link today. Try again tomorrow."))


def _note(topic: Topic, changes: dict[str, list[str]], by: Any, now: datetime) -> None:
    """One line in the history of ``topic``."""
    audit.record(action=AuditAction.CHANGED, obj=topic, by=by, now=now, changes=changes)
