"""What the database itself holds."""

import pytest
from django.db import IntegrityError, transaction

from core.enums import Nation
from tests.projects.factories import ProjectFactory

from .factories import LocalNetworkFactory, NetworkFactory

pytestmark = pytest.mark.django_db


def test_a_network_has_a_nations_local_network_of_a_name_once():
    one = LocalNetworkFactory(nation=Nation.ENGLAND, name="North")
    LocalNetworkFactory(network=one.network, nation=Nation.ENGLAND, name="South")
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalNetworkFactory(network=one.network, nation=Nation.ENGLAND, name="North")


@pytest.mark.parametrize(
    "wrong",
    [{"members_min": 11}, {"members_min": 0}, {"meetings_planned": 0}, {"span_months": 0}],
)
def test_figures_that_make_no_sense_are_refused(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkFactory(**wrong)


def test_a_project_is_a_network_once():
    project = ProjectFactory()
    NetworkFactory(project=project)
    with pytest.raises(IntegrityError), transaction.atomic():
        NetworkFactory(project=project)


def test_a_local_network_is_called_by_its_nation_and_its_name_if_it_has_one():
    assert str(LocalNetworkFactory(nation=Nation.WALES)) == "Wales"
    assert str(LocalNetworkFactory(nation=Nation.WALES, name="North")) == "Wales: North"
