"""Topics, projects and their parts for tests."""

import factory
from factory.django import DjangoModelFactory

from core.enums import Nation
from projects.enums import (
    Audience,
    ChangeStage,
    ContributionKind,
    DeliveryModel,
    LearningKind,
)
from projects.models import (
    Contribution,
    Learning,
    Milestone,
    Outcome,
    Phase,
    Project,
    ProjectNation,
    Topic,
    Update,
)


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    title = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class PhaseFactory(DjangoModelFactory):
    class Meta:
        model = Phase

    name = factory.Sequence(lambda n: f"Phase {n}")
    order = factory.Sequence(lambda n: n)


class ProjectFactory(DjangoModelFactory):
    """A project in Wales, or in ``nations=[...]``."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Project {n}")
    slug = factory.Sequence(lambda n: f"project-{n}")
    model = DeliveryModel.NETWORK

    @factory.post_generation
    def nations(self, create, extracted):
        if create:
            for nation in [Nation.WALES] if extracted is None else extracted:
                ProjectNation.objects.create(project=self, nation=nation)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    stage = ChangeStage.AGREEING
    title = factory.Sequence(lambda n: f"Milestone {n}")


class UpdateFactory(DjangoModelFactory):
    class Meta:
        model = Update

    project = factory.SubFactory(ProjectFactory)
    audience = Audience.PUBLIC
    title = factory.Sequence(lambda n: f"Update {n}")
    text = "Something **new**."


class LearningFactory(DjangoModelFactory):
    class Meta:
        model = Learning

    project = factory.SubFactory(ProjectFactory)
    kind = LearningKind.HELPED
    text = factory.Sequence(lambda n: f"Lesson {n}")


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    project = factory.SubFactory(ProjectFactory)
    text = factory.Sequence(lambda n: f"Outcome {n}")


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    project = factory.SubFactory(ProjectFactory)
    kind = ContributionKind.EVENT
    title = factory.Sequence(lambda n: f"Contribution {n}")
    text = "We spoke."
