"""Who raised the topics, and an example topic that waits for evidence."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partners.models import Contact, Organisation
from projects import topic_services, topic_transitions
from projects.models import EvidenceGap, GapAsk, GapReply, Topic, TopicOrigin
from projects.topic_links import hash_of, new_nonce, token_of

from .frame import Programme


def load(programme: Programme) -> None:
    """Load ``data/topics.yaml``. An example topic that is there already is left as it is."""
    data = programme.data("topics")
    for row in data["origins"]:
        for topic in Topic.objects.filter(slug__in=row["topics"]):
            programme.put(TopicOrigin, {"topic": topic, "kind": row["kind"], "label": row["label"]})
    row = data["example_topic"]
    if not Topic.objects.filter(title=row["title"], is_example=True).exists():
        _example(programme, row)


def _example(programme: Programme, row: dict[str, Any]) -> None:
    staff = programme.person("programme.staff", "Programme staff")
    begun = programme.now - timedelta(days=40)
    topic = programme.put(
        Topic,
        {"slug": topic_services.free_slug(row["title"])},
        title=row["title"],
        description=row["description"],
        is_example=True,
    )
    programme.put(TopicOrigin, {"topic": topic, **row["origin"]}, is_example=True)
    topic = topic_transitions.assess(obj=topic, by=staff, now=begun, reason=row["why_begin"])
    for criterion, score, reason in row["scores"]:
        topic_services.score_topic(
            obj=topic,
            criterion=criterion,
            score=score,
            reason=reason,
            seen=None,
            by=staff,
            now=begun + timedelta(days=8),
        )
    asked = programme.now - timedelta(days=6)
    gap = topic_transitions.open_gap(
        topic=topic,
        missing=row["missing"],
        kinds=row["kinds"],
        wanted_by=timezone.localdate(programme.now) + timedelta(days=22),
        organisations=[],
        once_key=topic.origins.get().once_key,
        by=staff,
        now=asked,
    )
    _asks(programme, gap, row)


def _asks(programme: Programme, gap: EvidenceGap, row: dict[str, Any]) -> None:
    """The questions without their messages: loading sends nothing."""
    contact = Contact.objects.filter(person__email=f"{row['silent']}@example.org").first()
    if contact:
        _ask(programme, gap, contact.organisation, contact.person)
    replied = Organisation.objects.filter(name=row["replied"]).first()
    if replied:
        programme.put(
            GapReply,
            {"ask": _ask(programme, gap, replied, None)},
            text=row["reply"],
            at=programme.now - timedelta(days=2),
            is_example=True,
        )


def _ask(programme: Programme, gap: EvidenceGap, organisation: Organisation, person: Any) -> GapAsk:
    nonce = new_nonce()
    at = programme.now - timedelta(days=6)
    return programme.put(
        GapAsk,
        {"gap": gap, "organisation": organisation, "person": person},
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        asked_at=at,
        expires_at=at + timedelta(days=90),
        is_example=True,
    )
