"""Guides and resources for tests."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from guides.enums import GuideState, Helped, ResourceKind
from guides.models import (
    Consideration,
    Guide,
    GuideVersion,
    Resource,
    UseFeedback,
    WorkforcePriority,
)

PUBLISHED = datetime(2022, 3, 1, 9, 0, tzinfo=ZoneInfo("Europe/London"))


class GuideFactory(DjangoModelFactory):
    class Meta:
        model = Guide

    slug = factory.Sequence(lambda n: f"guide-{n}")
    title = factory.Sequence(lambda n: f"Guide {n:03}")


class GuideVersionFactory(DjangoModelFactory):
    class Meta:
        model = GuideVersion

    guide = factory.SubFactory(GuideFactory)
    number = 1
    question = "What helps?"


class ConsiderationFactory(DjangoModelFactory):
    class Meta:
        model = Consideration

    version = factory.SubFactory(GuideVersionFactory)
    order = factory.Sequence(lambda n: n % 30_000 + 1)
    title = "Who is it for?"
    text = "Think of **who**."


class UseFeedbackFactory(DjangoModelFactory):
    class Meta:
        model = UseFeedback

    guide = factory.SubFactory(GuideFactory)
    once_key = factory.LazyFunction(uuid.uuid4)
    used_for = factory.Sequence(lambda n: f"Used in meeting {n}")
    helped = Helped.YES


class WorkforcePriorityFactory(DjangoModelFactory):
    class Meta:
        model = WorkforcePriority

    number = factory.Sequence(lambda n: n % 30_000 + 1)
    title = factory.Sequence(lambda n: f"Priority {n}")


class ResourceFactory(DjangoModelFactory):
    class Meta:
        model = Resource

    title = factory.Sequence(lambda n: f"Resource {n:03}")
    kind = ResourceKind.GUIDE
    summary = "What it is."


def published_guide(**fields):
    """A guide of which version 1 is out."""
    guide = GuideFactory(state=GuideState.PUBLISHED, **fields)
    GuideVersionFactory(guide=guide, published_at=PUBLISHED)
    return guide
