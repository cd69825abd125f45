"""The pages on which an organisation writes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from expressions import questions, transitions
from expressions.enums import ExpressionState, QuestionKind
from expressions.models import Answer, Expression
from tests.expressions.factories import CallFactory, QuestionFactory, write
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(client, scene):
    client.force_login(scene.writer)
    return client


def url(name, scene, *more):
    return reverse(f"expressions:{name}", args=[scene.draft.pk, *more])


def text(response):
    return response.content.decode()


def sent(question, value, version=0, shown=""):
    return {
        f"q{question.pk}": value,
        f"v{question.pk}": str(version),
        f"f{question.pk}": questions.fingerprint(shown),
    }


def close(scene):
    scene.call.closes_at = timezone.now()
    scene.call.save()


def test_visitor_reads_open_calls_and_a_call_with_its_questions(client, scene):
    CallFactory(title="Not published", state="draft")
    page = text(client.get(reverse("expressions:calls")))
    assert scene.call.title in page
    assert "Not published" not in page
    page = text(client.get(scene.call.get_absolute_url()))
    assert "Why?" in page
    assert f"/account/signup/?next=/calls/{scene.call.slug}/start/" in page


def test_call_that_is_not_published_is_for_staff_alone(client, staff):
    call = CallFactory(state="draft", opens_at=None, closes_at=None)
    assert client.get(call.get_absolute_url()).status_code == 404
    client.force_login(staff)
    assert client.get(call.get_absolute_url()).status_code == 200


def test_page_of_a_closed_call_offers_no_start(client, scene):
    close(scene)
    page = text(client.get(scene.call.get_absolute_url()))
    assert "This call is closed." in page
    assert "/start/" not in page
    assert scene.call.title in text(client.get(reverse("expressions:calls")))


def test_no_open_call_is_said(client, db):
    assert "No call is open just now" in text(client.get(reverse("expressions:calls")))


def test_start_sends_a_visitor_to_sign_in_and_back(client, scene):
    address = reverse("expressions:start", args=[scene.call.slug])
    assert client.get(address).url == f"/account/login/?next={address}"


def test_start_leads_somebody_without_organisation_to_add_one(client, scene, somebody):
    client.force_login(somebody)
    address = reverse("expressions:start", args=[scene.call.slug])
    assert f"/organisations/add/?next={address}" in text(client.get(address))


def test_start_makes_one_draft_however_often_it_is_pressed(client):
    call, organisation = CallFactory(), OrganisationFactory()
    client.force_login(contact_of(organisation))
    address = reverse("expressions:start", args=[call.slug])
    for _again in range(2):
        response = client.post(address, {"organisation": organisation.pk})
    draft = Expression.objects.get()
    assert response.url == draft.get_absolute_url()
    assert "Go on for" in text(client.get(address))


def test_start_refuses_the_organisation_of_others(client):
    call, organisation = CallFactory(), OrganisationFactory()
    client.force_login(contact_of(OrganisationFactory()))
    address = reverse("expressions:start", args=[call.slug])
    response = client.post(address, {"organisation": organisation.pk})
    assert "organisation" in response.context["form"].errors
    assert Expression.objects.count() == 0


def test_start_in_a_closed_call_says_so(client, scene):
    close(scene)
    other = OrganisationFactory()
    client.force_login(contact_of(other))
    address = reverse("expressions:start", args=[scene.call.slug])
    response = client.post(address, {"organisation": other.pk}, follow=True)
    assert "The call is closed." in text(response)


def test_start_says_that_a_withdrawn_one_cannot_be_changed(writing, scene):
    address = reverse("expressions:start", args=[scene.call.slug])
    assert "Go on for Newport voices" in text(writing.get(address))
    Expression.objects.filter(pk=scene.draft.pk).update(state="withdrawn")
    page = text(writing.get(address))
    assert "Go on for" not in page
    assert "It was withdrawn, and cannot be changed." in page


@pytest.mark.parametrize("name", ["tasks", "check", "copy", "withdraw"])
def test_pages_of_a_draft_open_for_its_writer_alone(client, scene, name):
    client.force_login(scene.writer)
    assert client.get(url(name, scene)).status_code == 200
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(url(name, scene)).status_code == 404


def test_nobody_else_saves_or_sends_in(client, scene):
    client.force_login(contact_of(OrganisationFactory()))
    posts = [url("answer", scene, scene.why.pk), url("section", scene, 1), url("send", scene)]
    for address in [*posts, url("withdraw", scene), url("copy", scene)]:
        assert client.post(address, {}).status_code == 404


def test_task_list_tells_how_far_each_section_is(writing, scene):
    write(scene.draft, scene.why, "Because.", scene.writer, timezone.now())
    response = writing.get(scene.draft.get_absolute_url())
    assert [task.status for task in response.context["tasks"]] == ["Started", "To do", ""]
    assert "0 of 2 sections finished" in text(response)


def test_my_expressions_show_the_next_step(writing, scene):
    assert "Next: finish it" in text(writing.get(reverse("expressions:mine")))


def test_section_saved_as_finished_leads_to_the_task_list(writing, scene):
    response = writing.post(
        url("section", scene, 1), {**sent(scene.why, "Because."), "finished": "yes"}
    )
    assert response.url == scene.draft.get_absolute_url()
    tasks = writing.get(response.url).context["tasks"]
    assert [task.is_done for task in tasks] == [True, False, False]


def test_section_finished_with_a_fault_says_so_and_keeps_the_words(writing, scene):
    words = "word " * 12
    response = writing.post(url("section", scene, 1), {**sent(scene.why, words), "finished": "yes"})
    assert response.status_code == 422
    assert "Your answer is 2 words too long" in text(response)
    assert Answer.objects.get().value == words.strip()


def test_section_can_be_left_half_done(writing, scene):
    response = writing.post(url("section", scene, 1), {**sent(scene.why, ""), "finished": "no"})
    assert response.url == scene.draft.get_absolute_url()


def test_section_that_a_colleague_changed_shows_both_texts(writing, scene):
    write(scene.draft, scene.why, "From Bob", contact_of(scene.organisation), timezone.now())
    response = writing.post(
        url("section", scene, 1), {**sent(scene.why, "From Ann"), "finished": "no"}
    )
    page = text(response)
    assert response.status_code == 409
    assert "From Bob" in page
    assert "From Ann</textarea>" in page
    assert [field.version for field in response.context["fields"]] == [1]
    assert Answer.objects.get().value == "From Bob"


def test_unknown_section_is_not_found(writing, scene):
    assert writing.get(url("section", scene, 9)).status_code == 404


def test_every_kind_of_question_is_drawn_and_saved(writing, scene):
    choices = [{"value": "a", "label": "Apples"}, {"value": "b", "label": "Pears"}]
    given = {}
    values = {
        QuestionKind.SHORT: "x",
        QuestionKind.CHOICE: "a",
        QuestionKind.CHOICES: ["a", "b"],
        QuestionKind.YES_NO: "no",
    }
    for kind, value in values.items():
        made = QuestionFactory(section=scene.why.section, kind=kind, choices=choices)
        given |= sent(made, value)
    assert writing.get(url("section", scene, 1)).status_code == 200
    writing.post(url("section", scene, 1), {**given, "finished": "no"})
    saved = {answer.question.kind: answer.value for answer in Answer.objects.all()}
    assert saved == values
    assert "Pears" in text(writing.get(url("check", scene)))


def test_question_opened_by_an_answer_on_the_page_says_by_which(writing, scene):
    opener = QuestionFactory(section=scene.why.section, kind=QuestionKind.YES_NO)
    QuestionFactory(section=scene.why.section, condition=opener, condition_values=["yes"])
    page = text(writing.get(url("section", scene, 1)))
    assert f'data-asked-if="q{opener.pk}"' in page
    assert "Only if you answered “Yes” above" in page


def test_autosave_answers_with_the_new_version(writing, scene):
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "Because."))
    answer = response.json()
    assert (answer["state"], answer["version"]) == ("saved", 1)
    assert answer["fingerprint"] == questions.fingerprint("Because.")
    again = writing.post(
        url("answer", scene, scene.why.pk), sent(scene.why, "Because.", 1, "Because.")
    )
    assert again.json() == {"state": "unchanged"}


def test_autosave_shows_the_colleagues_text(writing, scene):
    bob = contact_of(scene.organisation, preferred_name="Bob")
    write(scene.draft, scene.why, "From <b>Bob</b>", bob, timezone.now())
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "From Ann"))
    answer = response.json()
    assert (response.status_code, answer["state"], answer["version"]) == (409, "conflict", 1)
    assert "Bob changed this answer" in answer["html"]
    assert "From &lt;b&gt;Bob" in answer["html"]


def test_autosave_of_what_cannot_be_kept_is_refused_in_words(writing, scene):
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "a\0b"))
    assert (response.status_code, response.json()["state"]) == (422, "refused")


def test_autosave_after_closing_says_so(writing, scene):
    close(scene)
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "late"))
    assert (response.status_code, response.json()["state"]) == (410, "closed")


def test_autosave_of_somebody_signed_out_is_told_and_not_redirected(client, scene):
    response = client.post(url("answer", scene, scene.why.pk), sent(scene.why, "x"))
    assert (response.status_code, response.json()) == (401, {"state": "signed_out"})


@pytest.mark.parametrize("version", ["", "-1", "abc", "9" * 40, "²"])
def test_autosave_with_a_made_up_version_is_no_error(writing, scene, version):
    fields = {**sent(scene.why, "x"), f"v{scene.why.pk}": version}
    assert writing.post(url("answer", scene, scene.why.pk), fields).status_code == 200


def test_section_button_after_signing_out_comes_back_to_the_section(client, scene):
    response = client.post(url("section", scene, 1), sent(scene.why, "x"))
    assert response.url == f"/account/login/?next={url('section', scene, 1)}"


def test_section_page_is_small(writing, scene):
    QuestionFactory.create_batch(12, section=scene.why.section, help="Some help.")
    assert len(writing.get(url("section", scene, 1)).content) < 60_000


def test_incomplete_expression_has_no_way_to_the_declaration(writing, scene):
    page = text(writing.get(url("check", scene)))
    assert "2 answers still need you" in page
    assert url("send", scene) not in page
    assert writing.get(url("send", scene)).url == url("check", scene)


DECLARATION = {"declared_by": "Ann", "may_speak": "on", "is_right": "on", "agrees_to_ask": "on"}


def test_sending_in_shows_the_reference(writing, scene):
    scene.fill()
    assert writing.get(url("send", scene)).status_code == 200
    response = writing.post(url("send", scene), DECLARATION)
    assert response.url == url("sent", scene)
    assert "EOI-2023-0001" in text(writing.get(response.url))
    again = writing.post(url("send", scene), DECLARATION)
    assert again.url == url("sent", scene)
    assert writing.get(url("send", scene)).url == scene.draft.get_absolute_url()


@pytest.mark.parametrize("name", ["check", "send", "sent"])
def test_words_kept_in_this_browser_alone_are_warned_of_up_to_the_receipt(writing, scene, name):
    scene.fill()
    if name == "sent":
        writing.post(url("send", scene), DECLARATION)
    page = text(writing.get(url(name, scene)))
    assert f'data-impact-kept data-expression="{scene.draft.pk}"' in " ".join(page.split())
    assert 'data-impact-words="elsewhere"' in page
    assert "js/answers.js" in page
    if name == "send":
        assert page.index("data-impact-kept") < page.index("declared_by")


def test_declaration_must_be_made_in_full(writing, scene):
    scene.fill()
    response = writing.post(url("send", scene), {"declared_by": "Ann", "is_right": "on"})
    assert sorted(response.context["form"].errors) == ["agrees_to_ask", "may_speak"]
    scene.draft.refresh_from_db()
    assert scene.draft.state == ExpressionState.DRAFT


def test_sending_in_what_became_incomplete_leads_back_to_checking(writing, scene):
    assert writing.post(url("send", scene), DECLARATION).url == url("check", scene)


def test_sending_in_too_late_says_so(writing, scene):
    scene.fill()
    close(scene)
    response = writing.post(url("send", scene), DECLARATION, follow=True)
    assert "The call is closed." in text(response)


def test_confirmation_of_a_draft_leads_to_its_task_list(writing, scene):
    assert writing.get(url("sent", scene)).url == scene.draft.get_absolute_url()


def test_after_sending_in_the_page_says_that_changes_count_at_once(writing, scene):
    scene.send()
    page = text(writing.get(scene.draft.get_absolute_url()))
    assert "you do not need to send it in again" in page


def test_answer_emptied_after_sending_in_is_pointed_at(writing, scene):
    scene.send()
    write(scene.draft, scene.why, "", scene.writer, timezone.now())
    page = text(writing.get(scene.draft.get_absolute_url()))
    assert "1 answer has become incomplete" in page


def test_after_closing_a_section_shows_answers_and_no_form(writing, scene):
    scene.send()
    close(scene)
    page = text(writing.get(url("section", scene, 1)))
    assert "Because people wait too long." in page
    assert "<textarea" not in page
    response = writing.post(url("section", scene, 1), sent(scene.why, "late"), follow=True)
    assert "The call is closed." in text(response)


def test_withdrawing_on_the_page(writing, scene):
    assert writing.post(url("withdraw", scene)).url == reverse("expressions:mine")
    scene.draft.refresh_from_db()
    assert scene.draft.state == ExpressionState.WITHDRAWN
    assert "can no longer be withdrawn" in text(writing.get(url("withdraw", scene)))


def test_what_is_marked_as_not_eligible_is_withdrawn_like_any_other_before_its_letter(
    writing, scene, staff
):
    sent_in = scene.send()
    transitions.mark_ineligible(obj=sent_in, by=staff, now=timezone.now(), reason="Abroad.")
    writing.post(url("withdraw", scene), follow=True)
    sent_in.refresh_from_db()
    assert sent_in.state == "withdrawn"


def test_required_answer_emptied_after_sending_in_is_told_everywhere(writing, scene, staff):
    scene.send()
    home, mine = reverse("home"), reverse("expressions:mine")
    assert "A required answer is empty" not in text(writing.get(home))
    assert "A required answer is empty" not in text(writing.get(mine))
    assert writing.get(url("tasks", scene)).context["tasks"][-1].is_done
    write(scene.draft, scene.why, "", scene.writer, timezone.now())
    assert "A required answer is empty: Why?" in text(writing.get(home))
    assert "A required answer is empty." in text(writing.get(mine))
    last = writing.get(url("tasks", scene)).context["tasks"][-1]
    assert (last.is_done, last.status) == (False, "Needs a change")
    before = Expression.objects.get(pk=scene.draft.pk).state
    for state in ("assessed", "offered", "declined"):
        Expression.objects.filter(pk=scene.draft.pk).update(state=state)
        held = writing.get(url("tasks", scene)).context["tasks"][-1]
        assert (held.is_done, held.status) == (last.is_done, last.status)
    Expression.objects.filter(pk=scene.draft.pk).update(state=before)
    writing.force_login(staff)
    page = text(writing.get(url("staff-page", scene)))
    assert "Not answered (required)" in page
    before = page.split("Mark as eligible")[0]
    assert "1 answer is missing or has to change:" in before
    assert "“Why?”" in before
