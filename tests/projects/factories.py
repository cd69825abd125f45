"""Topics and projects for tests."""

import factory
from factory.django import DjangoModelFactory

from core.enums import Nation
from projects.enums import DeliveryModel
from projects.models import Project, Topic


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    title = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    title = factory.Sequence(lambda n: f"Project {n}")
    slug = factory.Sequence(lambda n: f"project-{n}")
    model = DeliveryModel.NETWORK
    nations = factory.LazyFunction(lambda: [Nation.WALES])
