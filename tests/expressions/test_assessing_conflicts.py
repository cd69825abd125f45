"""Conflicts of interest: what the portal suspects, and that nothing leaks to who has one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from accounts.services import grant_role
from expressions.copies import COPY, parameters_of
from expressions.enums import ConflictState
from expressions.mail_domains import working_domain
from expressions.models import Conflict, Expression
from expressions.notifications import RECEIPT
from expressions.reminders import due_assessors, number_to_score
from expressions.selectors import assigning, conflicts
from expressions.services import conflicts as services
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from notifications.services import queue
from partners import merging
from partners import services as partner_services
from partners import transitions as partner_steps
from reports.models import ReportRun
from reports.services import ask_for_report
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.assessing import (
    assessor_of,
    assigned,
    cleared,
    eligible,
    reading_call,
    score,
    scored,
)
from tests.expressions.factories import QuestionFactory, SectionFactory
from tests.partners.factories import ContactFactory, OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db
NAME, ANSWER, REFERENCE = "Canary house of Rhyl", "Canaries sing at dawn", "EOI-CANARY"


# --- What the portal suspects ---


def why(call, person):
    return list(conflicts.suspected(call, [person]).values())


def test_a_contact_of_the_organisation_is_suspected():
    call = reading_call()
    one = eligible(call)
    person = UserFactory()
    assert why(call, person) == []
    ContactFactory(organisation=one.organisation, person=person)
    assert why(call, person) == ["They are a contact of this organisation."]


def test_somebody_with_the_role_alone_is_suspected_too():
    call = reading_call()
    person = person_with(RoleKind.PARTNER_CONTACT, eligible(call).organisation)
    assert why(call, person) == ["They are a contact of this organisation."]


def test_a_mail_domain_in_common_is_suspected_where_it_says_where_somebody_works():
    call = reading_call()
    contact_of(eligible(call).organisation, email="a@Rhyl.gov.uk")
    contact_of(eligible(call).organisation, email="b@gmail.com")
    assert why(call, UserFactory(email="c@rhyl.gov.uk")) == [
        "Their e-mail address ends like that of a contact: rhyl.gov.uk."
    ]
    assert why(call, UserFactory(email="c@gmail.com")) == []


def test_a_contact_of_an_organisation_of_the_same_name_is_suspected():
    call = reading_call()
    eligible(call, organisation=OrganisationFactory(name="Rhyl  voices"))
    person = UserFactory()
    ContactFactory(organisation=OrganisationFactory(name="rhyl voices"), person=person)
    assert why(call, person) == ["They are a contact of an organisation of the same name."]


@pytest.mark.parametrize(
    ("email", "domain"),
    [("a@B.org.uk", "b.org.uk"), ("a@Hotmail.co.uk", ""), ("a@example.org", ""), ("", "")],
)
def test_domains_of_public_mail_say_nothing(email, domain):
    assert working_domain(email) == domain


def test_suspecting_costs_the_same_for_one_and_for_thirty(django_assert_num_queries):
    call = reading_call()
    people = [UserFactory(email=f"p{n}@rhyl.gov.uk") for n in range(30)]
    for _n in range(30):
        contact_of(eligible(call).organisation, email=f"q{_n}@rhyl.gov.uk")
    conflicts.suspected(call, people[:1])
    for size in (1, 30):
        with django_assert_num_queries(4):
            assert len(conflicts.suspected(call, people[:size])) == size * 30


def test_suggesting_again_changes_nothing_and_keeps_what_was_cleared(staff):
    call = reading_call()
    one, person = eligible(call), UserFactory()
    ContactFactory(organisation=one.organisation, person=person)
    made = [
        services.suggest_conflicts(call=call, people=[person], by=staff, now=timezone.now())
        for _n in range(2)
    ]
    assert made == [1, 0]
    services.clear_conflict(
        obj=Conflict.objects.get(), reason="Left in May", by=staff, now=timezone.now()
    )
    services.suggest_conflicts(call=call, people=[person], by=staff, now=timezone.now())
    assert Conflict.objects.get().state == ConflictState.CLEARED


def test_what_is_suspected_later_stands_the_assessment_down(staff):
    call = reading_call()
    person = assessor_of(call)
    row = assigned(eligible(call), person, declared=False)
    ContactFactory(organisation=row.expression.organisation, person=person)
    services.suggest_conflicts(call=call, people=[person], by=staff, now=timezone.now())
    row.refresh_from_db()
    assert row.state == "stood_down"


# --- Six channels, no leak ---


@pytest.fixture
def canary():
    """An expression with a name, a reference and an answer that are nowhere else."""
    call = reading_call(slug="canary-call", scores_wanted=1)
    question = QuestionFactory(section=SectionFactory(call=call))
    one = eligible(call, organisation=OrganisationFactory(name=NAME), reference=REFERENCE)
    one.answers.create(question=question, value=ANSWER, saved_at=timezone.now())
    eligible(call)
    writer = contact_of(one.organisation)
    queue(
        kind=RECEIPT,
        to=writer,
        about=one,
        now=timezone.now(),
        context={"expression": one, "parts": [], "path": "/"},
    )
    return one


def hide(one, person, state):
    """Make a conflict, after the person had it to score and had asked for a copy."""
    scored(one, person, 3, 3)
    row = cleared(one, person)
    ask_for_report(kind=COPY, parameters=parameters_of(one), by=person, now=timezone.now())
    if state == ConflictState.CLEARED:
        return
    row.delete()
    if state == ConflictState.DECLARED:
        services.declare_conflict(
            obj=one, person=person, reason="Mine", by=person, now=timezone.now()
        )
    else:
        Conflict.objects.create(expression=one, person=person, state=state, reason="Perhaps")


def addresses(one):
    """Every page on which an expression, or something of it, might be seen."""
    call, pk = one.call_id, one.pk
    run = ReportRun.objects.get()
    yield from ("/", "/expressions/", "/staff/expressions/", "/staff/expressions/export/")
    yield f"/staff/expressions/?call={call}&state=eligible"
    for name in ("staff-page", "copy", "tasks", "check", "score", "late-conflict"):
        yield reverse(f"expressions:{name}", args=[pk])
    yield "/assessing/canary-call/"
    for name in ("assessment", "assessors", "assign", "longlist", "conflicts"):
        yield reverse(f"expressions:{name}", args=[call])
    yield reverse("expressions:longlist", args=[call]) + f"?chosen={pk}&least=0"
    yield reverse("expressions:moderate", args=[call, pk])
    yield reverse("expressions:scores-export", args=[call, "csv"])
    yield reverse("reports:run", args=[run.pk])
    yield reverse("reports:list")
    yield from (reverse("notifications:ledger"), reverse("notifications:to-settle"))
    yield reverse("notifications:coming")
    yield reverse("notifications:message", args=[Message.objects.get().pk])


def seen(client, one):
    """The addresses that show something of it."""
    found = []
    for address in addresses(one):
        response = client.get(address, follow=True)
        page = response.getvalue().decode() if response.streaming else response.content.decode()
        if any(word in page for word in (NAME, ANSWER, REFERENCE)):
            found.append(address)
    return found


@pytest.mark.parametrize("state", [ConflictState.SUGGESTED, ConflictState.DECLARED])
@pytest.mark.parametrize("role", ["staff", "manager", "leadership", "assessor"])
def test_nothing_of_it_is_seen_by_whoever_has_a_conflict(client, canary, role, state):
    person = {
        "staff": lambda: person_with(RoleKind.PROGRAMME_STAFF),
        "manager": lambda: person_with(RoleKind.PROGRAMME_MANAGER),
        "leadership": lambda: person_with(RoleKind.LEADERSHIP),
        "assessor": lambda: assessor_of(canary.call),
    }[role]()
    hide(canary, person, state)
    client.force_login(person)
    assert seen(client, canary) == []
    assert canary not in Expression.objects.visible_to(person)
    for name in ("view_expression", "read_answers", "score_expression"):
        assert not person.has_perm(f"expressions.{name}", canary)


def test_without_a_conflict_the_same_pages_show_it(client, canary):
    """The control: that the pages above are the ones that would leak."""
    person = person_with(RoleKind.PROGRAMME_STAFF)
    hide(canary, person, ConflictState.CLEARED)
    client.force_login(person)
    assert len(seen(client, canary)) >= 10


def test_copies_that_are_ready_are_shut_too(client, canary):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    hide(canary, person, ConflictState.DECLARED)
    run = ReportRun.objects.get()
    client.force_login(person)
    assert client.get(reverse("reports:run", args=[run.pk])).status_code in (403, 404)
    assert client.get(reverse("reports:run-progress", args=[run.pk])).status_code in (403, 404)


def test_posts_about_it_are_shut_too(client, canary):
    person = person_with(RoleKind.PROGRAMME_MANAGER)
    hide(canary, person, ConflictState.DECLARED)
    client.force_login(person)
    call, pk = canary.call_id, canary.pk
    for name, arguments in [
        ("moderate", [call, pk]),
        ("finish-early", [call, pk]),
        ("eligible", [pk]),
        ("copy", [pk]),
        ("conflict-clear", [call, Conflict.objects.get().pk]),
    ]:
        address = reverse(f"expressions:{name}", args=arguments)
        assert client.post(address, {"reason": "x"}).status_code == 404, name
    client.post(reverse("expressions:longlist", args=[call]), {"chosen": [pk]})
    canary.refresh_from_db()
    assert canary.state == "eligible"


def test_no_message_about_it_goes_to_whoever_has_a_conflict(canary):
    person = assessor_of(canary.call)
    row = assigned(canary, person)
    canary.call.assess_by = timezone.localdate()
    canary.call.save()
    role = person.roles.get()
    assert list(due_assessors(timezone.now())) == [role]
    Conflict.objects.update(state=ConflictState.SUGGESTED, decided_at=None)
    assert number_to_score(role) == 0
    queue_due_reminders(now=timezone.now())
    assert Message.objects.filter(recipient=person).count() == 0
    assert row.state == "assigned"


# --- The reminder ---


def test_an_assessor_is_reminded_once_a_week_before_and_not_when_all_is_scored():
    call = reading_call()
    late, quick = assessor_of(call), assessor_of(call)
    rows = [assigned(eligible(call), person) for person in (late, quick)]
    score(rows[1], 3, 3)
    now = timezone.now()
    call.assess_by = timezone.localdate(now) + timedelta(days=8)
    call.save()
    queue_due_reminders(now=now)
    assert Message.objects.count() == 0
    for days in (1, 2, 9):
        queue_due_reminders(now=now + timedelta(days=days))
    message = Message.objects.get()
    assert (message.recipient, message.kind) == (late, "expressions.assessment_due")
    assert "You have 1 expression of interest" in message.body


def test_who_assesses_is_named_in_the_plan_only_while_the_role_lasts():
    call = reading_call()
    person = assessor_of(call)
    assert list(assigning.assessors(call, timezone.now())) == [person]
    person.roles.update(ends_on="2022-02-01")
    assert list(assigning.assessors(call, timezone.now())) == []


def test_assessor_who_comes_to_speak_for_an_organisation_is_suspected_at_once(manager):
    call, organisation = reading_call(), OrganisationFactory()
    one = eligible(call, organisation=organisation)
    assessor = assessor_of(call)
    assigned(one, assessor)
    assert Conflict.objects.get(person=assessor).state == ConflictState.CLEARED
    asked = partner_services.ask_to_join(obj=organisation, by=assessor, now=timezone.now())
    partner_steps.accept(obj=asked, by=manager, now=timezone.now())
    conflict = Conflict.objects.get(person=assessor)
    assert (conflict.expression, conflict.state) == (one, ConflictState.SUGGESTED)
    assert not Expression.objects.to_assess_by(User.objects.get(pk=assessor.pk)).exists()


def test_merging_organisations_brings_out_the_conflicts_of_those_who_spoke_for_either(manager):
    call = reading_call()
    kept, gone = OrganisationFactory(), OrganisationFactory(name="The same under another name")
    one = eligible(call, organisation=kept)
    assessor = assessor_of(call)
    assigned(one, assessor)
    grant_role(
        person=assessor,
        kind=RoleKind.PARTNER_CONTACT,
        scope=gone,
        by=manager,
        now=timezone.now(),
    )
    assert Conflict.objects.get(person=assessor).state == ConflictState.CLEARED
    seen = merging.seen_version(kept, gone)
    merging.merge(kept=kept, gone=gone, facts={}, seen=seen, by=manager, now=timezone.now())
    assert Conflict.objects.get(person=assessor).state == ConflictState.SUGGESTED
