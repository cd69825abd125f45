"""The programme's open call and its example expressions."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from core.models import Transition
from expressions import selectors
from expressions.models import Answer, Call, Expression
from impact_portal.programme import expressions as part
from impact_portal.programme import partners, people
from impact_portal.programme.frame import Programme
from notifications.models import Message
from partners.models import Contact, Organisation
from projects.models import Topic

pytestmark = pytest.mark.django_db
MODELS = [Call, Expression, Answer, Organisation, Contact, Topic, Transition, Role, User]


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def loaded(db):
    now = timezone.now()
    for load in (people.load, partners.load, part.load):
        load(Programme(now=now))
    return now


def test_loading_again_changes_nothing(loaded):
    before = counts()
    again = Programme(now=loaded + timedelta(days=1))
    for load in (people.load, partners.load, part.load):
        load(again)
    assert counts() == before
    assert again.made == 0


def test_call_is_open_for_six_weeks_until_five_in_london(loaded):
    call = Call.objects.get()
    assert call.title == "Host an IMPACT project in 2023"
    assert call.is_open_at(loaded)
    day = timezone.localdate(loaded)
    assert timezone.localtime(call.closes_at).isoformat()[:16] == (
        f"{day + timedelta(days=28)}T17:00"
    )
    assert timezone.localdate(call.opens_at) == day - timedelta(days=14)
    assert sorted(topic.title for topic in call.topics.all()) == [
        "Assets-based and person-centred care",
        "Carers’ health and well-being",
        "Prevention and well-being",
        "Support for people who work in social care",
    ]
    assert call.sections.count() == 5


def test_forty_example_expressions_in_mixed_states(loaded):
    states = Counter(Expression.objects.values_list("state", flat=True))
    assert states == {
        "draft": 8,
        "submitted": 19,
        "eligible": 9,
        "ineligible": 2,
        "withdrawn": 2,
    }
    assert Expression.objects.filter(is_example=False).count() == 0


def test_every_kind_and_nation_is_among_them(loaded):
    writing = Organisation.objects.filter(expressions__isnull=False)
    assert writing.values("kind").distinct().count() == 11
    assert writing.values("nation").distinct().count() == 4


def test_what_was_sent_in_is_complete(loaded):
    sent = Expression.objects.exclude(state__in=["draft", "withdrawn"])
    faults = {one.reference: selectors.problems_of(one) for one in sent[:12]}
    assert [reference for reference, problems in faults.items() if problems] == []


def test_partner_contact_has_a_half_written_draft_and_nothing_else(loaded):
    person = User.objects.get(email="partner.contact@example.org")
    draft = Expression.objects.of_contact(person).get()
    assert draft.state == "draft"
    assert draft.organisation.kind == "user_led"
    assert [line.is_done for line in selectors.parts_of(draft)][:3] == [True, False, False]
    assert person.roles.count() == 1


def test_loading_sends_nobody_a_message(loaded):
    assert Message.objects.count() == 0


def test_named_organisations_are_real_and_have_no_contacts(loaded):
    real = Organisation.objects.filter(is_example=False)
    assert real.count() == 23
    meaap = real.get(name="Mid and East Antrim Agewell Partnership")
    assert (meaap.nation, meaap.kind) == ("northern_ireland", "community")
    assert real.get(name="Skills for Care").nation == ""
    assert Contact.objects.filter(organisation__in=real).count() == 0
