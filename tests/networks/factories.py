"""Networks and local networks for tests."""

import factory
from factory.django import DjangoModelFactory

from core.enums import Nation
from networks.models import LocalNetwork, Network
from tests.meetings.factories import GroupFactory
from tests.projects.factories import ProjectFactory


class NetworkFactory(DjangoModelFactory):
    class Meta:
        model = Network

    project = factory.SubFactory(ProjectFactory, title="Choice and control")
    question = "How can people have choice and control?"


class LocalNetworkFactory(DjangoModelFactory):
    class Meta:
        model = LocalNetwork

    network = factory.SubFactory(NetworkFactory)
    nation = Nation.WALES
    group = factory.SubFactory(GroupFactory, nation=factory.SelfAttribute("..nation"))
