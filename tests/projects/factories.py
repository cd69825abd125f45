"""Topics, projects and their parts for tests."""

import io
from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.enums import RoleKind
from core.enums import FileKind, FileState, Nation
from projects.enums import (
    Audience,
    ChangeStage,
    ContributionKind,
    Criterion,
    DeliveryModel,
    EvidenceKind,
    LearningKind,
    OriginKind,
    Score,
    TheoryKind,
    TopicState,
)
from projects.models import (
    Contribution,
    EvidenceGap,
    GapAsk,
    GapReply,
    Learning,
    Milestone,
    Outcome,
    Phase,
    Project,
    ProjectFile,
    ProjectNation,
    Risk,
    TheoryPart,
    Topic,
    TopicOrigin,
    TopicScore,
    Update,
    UpdateImage,
)
from projects.topic_links import hash_of, new_nonce, token_of
from tests.accounts.factories import person_with
from tests.partners.factories import OrganisationFactory


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


class RiskFactory(DjangoModelFactory):
    class Meta:
        model = Risk

    project = factory.SubFactory(ProjectFactory)
    description = factory.Sequence(lambda n: f"Risk {n}")
    likelihood = 3
    impact = 4
    response = "We keep an eye on it."


class TheoryPartFactory(DjangoModelFactory):
    class Meta:
        model = TheoryPart

    project = factory.SubFactory(ProjectFactory)
    kind = TheoryKind.ACTIVITY
    text = factory.Sequence(lambda n: f"Activity {n}")


def picture_bytes(kind="PNG", size=(40, 30), **more):
    """A picture of one colour; ``more`` is written into the file, such as ``exif``."""
    made = io.BytesIO()
    Image.new("RGB", size, (90, 20, 90)).save(made, format=kind, **more)
    return made.getvalue()


class UpdateImageFactory(DjangoModelFactory):
    class Meta:
        model = UpdateImage

    update = factory.SubFactory(UpdateFactory)
    file = factory.LazyFunction(lambda: ContentFile(picture_bytes(), name="picture.png"))
    alternative = "Three people at a table."
    width = 40
    height = 30


class ProjectFileFactory(DjangoModelFactory):
    class Meta:
        model = ProjectFile

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Plan {n}")
    name = "plan.csv"
    kind = FileKind.CSV
    size = 4
    state = FileState.CLEAN
    file = factory.LazyFunction(lambda: ContentFile(b"a,b\n", name="plan.csv"))


class TopicOriginFactory(DjangoModelFactory):
    class Meta:
        model = TopicOrigin

    topic = factory.SubFactory(TopicFactory)
    kind = OriginKind.SURVEY
    label = factory.Sequence(lambda n: f"Survey {n}")


class TopicScoreFactory(DjangoModelFactory):
    class Meta:
        model = TopicScore

    topic = factory.SubFactory(TopicFactory)
    criterion = Criterion.DIFFERENCE
    score = Score.MOSTLY
    reason = factory.Sequence(lambda n: f"Reason {n}")
    at = factory.LazyFunction(timezone.now)


class EvidenceGapFactory(DjangoModelFactory):
    """An open gap of a topic that waits for evidence; replies are wanted in four weeks."""

    class Meta:
        model = EvidenceGap

    topic = factory.SubFactory(TopicFactory, state=TopicState.NOT_ENOUGH_EVIDENCE)
    missing = factory.Sequence(lambda n: f"What is missing {n}")
    kinds = [EvidenceKind.LIVED]
    wanted_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=28))


class GapAskFactory(DjangoModelFactory):
    """A question to somebody who speaks for an organisation, with a link that works."""

    class Meta:
        model = GapAsk

    gap = factory.SubFactory(EvidenceGapFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.LazyAttribute(
        lambda ask: person_with(RoleKind.PARTNER_CONTACT, ask.organisation)
    )
    nonce = factory.LazyFunction(new_nonce)
    token_hash = factory.LazyAttribute(lambda ask: hash_of(token_of(ask.nonce)))
    asked_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=90))


class GapReplyFactory(DjangoModelFactory):
    class Meta:
        model = GapReply

    ask = factory.SubFactory(GapAskFactory)
    text = factory.Sequence(lambda n: f"Reply {n}")
    at = factory.LazyFunction(timezone.now)
