"""Demonstrators, sites and their moves for tests."""

from datetime import date, datetime, time
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleKind
from demonstrators.models import CoachPost, Demonstrator, Site
from demonstrators.transitions import SITE_FUNCTIONS
from projects.enums import DeliveryModel
from tests.accounts.factories import person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import ProjectFactory


class DemonstratorFactory(DjangoModelFactory):
    class Meta:
        model = Demonstrator

    project = factory.SubFactory(
        ProjectFactory,
        model=DeliveryModel.DEMONSTRATOR,
        host=factory.SubFactory(OrganisationFactory),
    )
    place = "Mid and East Antrim"
    site_singular = "general practice"
    site_plural = "general practices"
    people_words = "older people"


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    demonstrator = factory.SubFactory(DemonstratorFactory)
    name = factory.Sequence(lambda n: f"Practice {n:03}")
    area = "Larne"
    population = 100


class CoachPostFactory(DjangoModelFactory):
    class Meta:
        model = CoachPost

    demonstrator = factory.SubFactory(DemonstratorFactory)
    title = "Improvement coach"


def coach_of(demonstrator: Demonstrator, **person: Any) -> Any:
    """A person who coaches ``demonstrator``."""
    return person_with(RoleKind.IMPROVEMENT_COACH, demonstrator.project, **person)


def moved(site: Site, by: Any, *steps: tuple[str, date]) -> Site:
    """``site`` after ``steps``, each recorded on the day on which it happened."""
    for step, day in steps:
        at = timezone.make_aware(datetime.combine(day, time(12)))
        site = SITE_FUNCTIONS[step](obj=site, by=by, now=at, reason="A reason")
    return site
