"""Several writers: who is where, earlier texts, signing out meanwhile, answers carried."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache, caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from core.models import AuditEntry
from expressions import presence, questions, selectors, services
from expressions.enums import QuestionKind
from expressions.models import Answer, EarlierAnswer, Expression
from expressions.services import history
from expressions.services.carrying import carry_forward
from expressions.services.files import add_file
from tests.expressions.factories import (
    CallFactory,
    ExpressionFactory,
    QuestionFactory,
    SectionFactory,
    write,
)
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(client, scene):
    client.force_login(scene.writer)
    return client


@pytest.fixture
def bob(scene):
    return contact_of(scene.organisation, preferred_name="Bob")


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


def values():
    return list(EarlierAnswer.objects.values_list("value", flat=True))


# --- Who is where ---------------------------------------------------------------------------


def test_page_says_who_else_has_the_section_open(client, scene, bob):
    client.force_login(bob)
    client.get(url("section", scene, 1))
    client.force_login(scene.writer)
    assert "Bob is writing in this section now." in text(client.get(url("section", scene, 1)))
    assert "Bob is writing in this section now." in text(client.get(url("tasks", scene)))
    assert "Bob is writing" not in text(client.get(url("section", scene, 2)))
    here = client.get(url("here", scene, 1)).json()
    assert here["words"] == "Bob is writing in this section now."
    assert here["person"] == scene.writer.pk


def test_presence_names_all_and_forgets_who_has_left(scene, bob):
    cai = contact_of(scene.organisation, preferred_name="Cai")
    for person in (bob, cai, scene.writer):
        presence.note_presence(scene.draft.pk, person.pk, 2)
    here = selectors.others_here(scene.draft, scene.writer)
    assert here == {2: ["Bob", "Cai"]}
    assert selectors.writing_now(here[2]) == "Bob and Cai are writing in this section now."
    Role.objects.filter(person=cai).delete()
    assert selectors.others_here(scene.draft, scene.writer) == {2: ["Bob"]}


def test_cache_holds_ids_alone(scene, bob):
    presence.note_presence(scene.draft.pk, bob.pk, 1)
    assert cache.get(f"here:{scene.draft.pk}:{bob.pk}") == 1


def test_broken_cache_keeps_nobody_from_writing(writing, scene, settings, bob):
    presence.note_presence(scene.draft.pk, bob.pk, 1)
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        },
    }
    assert writing.get(url("section", scene, 1)).status_code == 200
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "Because."))
    assert response.json()["state"] == "saved"
    # What this process has seen itself it still knows.
    assert caches["process"].get(f"here:{scene.draft.pk}:{scene.writer.pk}") == 1


def test_pages_cost_the_same_for_one_writer_and_for_thirty(writing, scene):
    def cost(name, *more):
        with CaptureQueriesContext(connection) as queries:
            writing.get(url(name, scene, *more))
        return len(queries)

    for page in (("tasks",), ("section", 1), ("here", 1)):
        cost(*page)
    one = [cost("tasks"), cost("section", 1), cost("here", 1)]
    for _number in range(29):
        person = contact_of(scene.organisation)
        presence.note_presence(scene.draft.pk, person.pk, 1)
    assert [cost("tasks"), cost("section", 1), cost("here", 1)] == one
    assert max(one) <= 15


# --- Earlier texts --------------------------------------------------------------------------


def test_text_that_a_colleague_wrote_over_is_kept_and_can_be_put_back(writing, scene, bob):
    now = timezone.now()
    write(scene.draft, scene.why, "From Bob, with care.", bob, now)
    write(scene.draft, scene.why, "From Ann.", scene.writer, now)
    page = text(writing.get(url("earlier", scene)))
    assert "From Bob, with care." in page
    row = EarlierAnswer.objects.get()
    assert (row.written_by, row.version, row.is_set_aside) == (bob, 1, False)
    restore = url("restore", scene, row.pk)
    writing.post(restore, {"version": "2"})
    assert Answer.objects.get().value == "From Bob, with care."
    writing.post(restore, {"version": "2"})  # a double click
    assert Answer.objects.get().version == 3


def test_putting_back_does_not_write_over_what_just_came(writing, scene, bob):
    write(scene.draft, scene.why, "First text of Bob.", bob, timezone.now())
    write(scene.draft, scene.why, "Second.", scene.writer, timezone.now())
    row = EarlierAnswer.objects.get()
    write(scene.draft, scene.why, "Third, by Bob.", bob, timezone.now())
    response = writing.post(url("restore", scene, row.pk), {"version": "2"}, follow=True)
    assert "Somebody changed this answer just now" in text(response)
    assert Answer.objects.get().value == "Third, by Bob."


def test_typing_on_keeps_no_text_for_each_pause_but_words_that_go_and_each_few_minutes(scene):
    now = timezone.now()
    ann = scene.writer
    write(scene.draft, scene.why, "one two three four five six", ann, now)
    write(scene.draft, scene.why, "one two three four five six seven", ann, now)
    assert values() == []
    write(scene.draft, scene.why, "something else", ann, now)
    assert values() == ["one two three four five six seven"]
    write(scene.draft, scene.why, "something else again", ann, now + timedelta(minutes=6))
    assert values() == ["something else", "one two three four five six seven"]


def test_choices_that_are_taken_back_are_kept(scene):
    choices = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]
    many = QuestionFactory(section=scene.why.section, kind=QuestionKind.CHOICES, choices=choices)
    write(scene.draft, many, ["a"], scene.writer, timezone.now())
    write(scene.draft, many, ["a", "b"], scene.writer, timezone.now())
    assert values() == []
    write(scene.draft, many, ["b"], scene.writer, timezone.now())
    assert values() == [["a", "b"]]


def test_text_that_met_another_is_set_aside_once(writing, scene, bob):
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    for _again in range(3):
        writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "From Ann"))
    row = EarlierAnswer.objects.get()
    assert (row.value, row.is_set_aside, row.written_by) == ("From Ann", True, scene.writer)
    assert "This was not saved as the answer." in text(writing.get(url("earlier", scene)))


@pytest.mark.parametrize(
    ("keep", "stands"),
    [("mine", "From Ann"), ("theirs", "From Bob"), ("both", "From Bob\n\nFrom Ann")],
)
def test_conflict_is_settled_by_a_button_without_a_script(writing, scene, bob, keep, stands):
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    page = text(writing.post(url("section", scene, 1), sent(scene.why, "From Ann")))
    assert f'value="{scene.why.pk}:both"' in page
    response = writing.post(
        url("section", scene, 1),
        {**sent(scene.why, "From Ann", 1, "From Bob"), "keep": f"{scene.why.pk}:{keep}"},
    )
    assert response.url == url("section", scene, 1)
    assert Answer.objects.get().value == stands
    assert "From Ann" in values()


def test_first_button_of_the_form_is_the_one_that_saves(writing, scene):
    """Enter in a one-line box presses the first button: it must not take a file away."""
    QuestionFactory(section=scene.why.section, kind=QuestionKind.FILE, order=0)
    page = text(writing.get(url("section", scene, 1)))
    form = page[page.index("data-impact-answers") :]
    first = re.search(r"<button[^>]*>", form)[0]
    assert "name=" not in first
    assert 'tabindex="-1"' in first


@pytest.mark.parametrize("rows", [1, 30])
def test_earlier_texts_cost_the_same_for_one_and_for_thirty(
    writing, scene, rows, django_assert_max_num_queries
):
    for number in range(rows):
        EarlierAnswer.objects.create(
            expression=scene.draft,
            question=scene.why,
            version=number,
            value=f"Text {number}",
            written_by=contact_of(scene.organisation),
            written_at=timezone.now(),
        )
    with django_assert_max_num_queries(9):
        page = text(writing.get(url("earlier", scene)))
    assert page.count("Make this the answer again") == min(rows, 20)


def test_earlier_texts_go_half_a_year_after_closing(scene, bob):
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    write(scene.draft, scene.why, "From Ann", scene.writer, timezone.now())
    later = scene.call.closes_at + timedelta(days=179)
    assert history.forget_earlier_answers(now=later) == 0
    assert history.forget_earlier_answers(now=later + timedelta(days=2)) == 1
    assert Answer.objects.get().value == "From Ann"


def test_earlier_texts_are_the_organisations_own(client, scene, staff):
    for person in (contact_of(OrganisationFactory()), staff):
        client.force_login(person)
        assert client.get(url("earlier", scene)).status_code == 404


# --- Signed out meanwhile, without a script ------------------------------------------------


def mark(page):
    return re.search(r'name="writer"\s+value="([^"]+)"', page)[1]


def test_text_sent_after_signing_out_comes_back_after_signing_in(client, scene):
    address = url("section", scene, 1)
    client.force_login(scene.writer)
    writer = mark(text(client.get(address)))
    client.cookies.clear()
    posted = {**sent(scene.why, "Typed late."), "writer": writer, "finished": "no"}
    response = client.post(address, posted)
    assert response.url == f"/account/login/?next={address}"
    assert "Typed" not in response.url
    assert "what you typed comes back" in text(client.get(response.url))
    client.force_login(scene.writer)
    page = text(client.get(address))
    assert "We put back what you had typed" in page
    assert "Typed late.</textarea>" in page
    assert "data-unsaved" in page
    assert Answer.objects.count() == 0  # a GET writes nothing
    client.post(address, {**sent(scene.why, "Typed late."), "finished": "no"})
    assert Answer.objects.get().value == "Typed late."
    assert not client.get(address).context["put_back"]


def test_text_that_came_back_meets_what_a_colleague_wrote_meanwhile(client, scene, bob):
    address = url("section", scene, 1)
    client.force_login(scene.writer)
    writer = mark(text(client.get(address)))
    client.cookies.clear()
    client.post(address, {**sent(scene.why, "Typed late."), "writer": writer})
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    client.force_login(scene.writer)
    field = client.get(address).context["fields"][0]
    assert (field.value, field.version) == ("Typed late.", 0)
    response = client.post(address, sent(scene.why, "Typed late."))
    assert response.status_code == 409
    assert Answer.objects.get().value == "From Bob"


def test_text_sent_after_signing_out_is_shown_to_its_writer_alone(client, scene, bob):
    address = url("section", scene, 1)
    client.force_login(scene.writer)
    writer = mark(text(client.get(address)))
    client.cookies.clear()
    client.post(address, {**sent(scene.why, "Typed late."), "writer": writer})
    client.force_login(bob)
    assert "Typed late." not in text(client.get(address))


@pytest.mark.parametrize("writer", ["", "made:up:mark", "\0", "x" * 9_000])
def test_stranger_fills_no_session(client, scene, writer):
    client.post(url("section", scene, 1), {**sent(scene.why, "x"), "writer": writer})
    assert "typed_when_signed_out" not in client.session


def test_mark_of_another_expression_is_none(client, scene):
    client.force_login(scene.writer)
    other = ExpressionFactory(organisation=scene.organisation)
    SectionFactory(call=other.call, order=1)
    writer = mark(text(client.get(reverse("expressions:section", args=[other.pk, 1]))))
    client.cookies.clear()
    client.post(url("section", scene, 1), {**sent(scene.why, "x"), "writer": writer})
    assert "typed_when_signed_out" not in client.session


def test_looking_who_is_here_when_signed_out_is_told_and_not_redirected(client, scene):
    response = client.get(url("here", scene, 1))
    assert (response.status_code, response.json()) == (401, {"state": "signed_out"})


def test_page_for_who_signed_in_again_leads_back(writing, scene):
    assert "go back to the one in which you were writing" in text(
        writing.get(url("signed-in", scene))
    )


# --- Faults ---------------------------------------------------------------------------------


def test_what_comes_after_closing_is_kept_and_shown_but_is_no_answer(writing, scene):
    write(scene.draft, scene.why, "In time.", scene.writer, timezone.now())
    close(scene)
    response = writing.post(
        url("section", scene, 1), sent(scene.why, "Too late.", 1, "In time."), follow=True
    )
    page = text(response)
    assert "The call is closed." in page
    assert "Too late." in page
    assert "Make this the answer again" not in page
    response = writing.post(url("answer", scene, scene.why.pk), sent(scene.why, "Later still", 1))
    assert (response.status_code, response.json()["state"]) == (410, "closed")
    assert values() == ["Later still", "Too late."]
    assert Answer.objects.get().value == "In time."


def test_late_texts_do_not_pile_up(scene):
    close(scene)
    for number in range(history.MOST_SET_ASIDE + 5):
        given = {scene.why.pk: services.Given([f"Late {number}"], 0)}
        history.set_aside_late(obj=scene.draft, given=given, by=scene.writer, now=timezone.now())
    assert EarlierAnswer.objects.count() == history.MOST_SET_ASIDE


def test_answer_to_a_question_no_longer_asked_is_kept_and_said(writing, scene):
    write(scene.draft, scene.why, "Because.", scene.writer, timezone.now())
    type(scene.why).objects.filter(pk=scene.why.pk).update(is_retired=True)
    response = writing.post(
        url("answer", scene, scene.why.pk), sent(scene.why, "More", 1, "Because.")
    )
    assert response.status_code == 410
    assert "is no longer asked" in response.json()["words"]
    response = writing.post(
        url("section", scene, 1), sent(scene.why, "More still", 1, "Because."), follow=True
    )
    assert "is no longer asked" in text(response)
    assert values() == ["More still", "More"]
    assert "No longer asked" in text(writing.get(url("check", scene)))
    assert "textarea" not in text(writing.get(url("section", scene, 1)))
    assert [one.question for one in selectors.problems_of(scene.draft)] == [scene.days]
    assert "Why?" not in text(writing.get(scene.call.get_absolute_url()))


def test_unknown_choice_and_too_many_words_are_said_and_kept(writing, scene):
    pick = QuestionFactory(
        section=scene.why.section,
        kind=QuestionKind.CHOICE,
        choices=[{"value": "a", "label": "Apples"}],
    )
    posted = {**sent(scene.why, "word " * 12), **sent(pick, "made-up"), "finished": "yes"}
    response = writing.post(url("section", scene, 1), posted)
    assert response.status_code == 422
    assert "This is not one of the answers to choose from." in text(response)
    assert "2 words too long" in text(response)
    assert Answer.objects.get().question == scene.why


def test_contact_who_leaves_midway_is_told_why_and_gets_their_words_back(client, scene, bob):
    client.force_login(bob)
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    Role.objects.filter(person=bob).delete()
    response = client.post(url("section", scene, 1), sent(scene.why, "Bob's <b>last</b> words", 1))
    page = text(response)
    assert response.status_code == 403
    assert "You no longer speak for this organisation" in page
    assert "Bob&#x27;s &lt;b&gt;last&lt;/b&gt; words" in page
    saved = client.post(url("answer", scene, scene.why.pk), sent(scene.why, "More", 1))
    assert (saved.status_code, saved.json()["state"]) == (403, "left")
    assert client.get(url("tasks", scene)).status_code == 403
    client.force_login(scene.writer)
    assert "From Bob" in text(client.get(url("section", scene, 1)))
    response = client.post(
        url("section", scene, 1), {**sent(scene.why, "On goes Ann", 1, "From Bob")}
    )
    assert response.url == scene.draft.get_absolute_url()


def test_who_never_wrote_there_learns_nothing(client, scene):
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(url("tasks", scene)).status_code == 404


def test_staff_see_that_the_last_contact_has_left(client, scene, staff):
    client.force_login(staff)
    page = reverse("expressions:staff-page", args=[scene.draft.pk])
    assert "its last contact has left" not in text(client.get(page))
    Role.objects.filter(person=scene.writer).delete()
    assert "its last contact has left" in text(client.get(page))


# --- Carried forward ------------------------------------------------------------------------


@pytest.fixture
def last_year(scene):
    """An expression of the same organisation in last year's call, with some of the same keys."""
    call = CallFactory(title="Call of last year", year=2022)
    section = SectionFactory(call=call)
    earlier = ExpressionFactory(call=call, organisation=scene.organisation)
    choices = [{"value": "a", "label": "A"}, {"value": "gone", "label": "Gone"}]
    written = {
        "why": (QuestionKind.SHORT, "Because of last year."),
        "days": (QuestionKind.LONG, "many"),  # another kind now
        "pick": (QuestionKind.CHOICES, ["a", "gone"]),
        "only-then": (QuestionKind.LONG, "Not asked now."),
    }
    for key, (kind, value) in written.items():
        question = QuestionFactory(section=section, key=key, kind=kind, choices=choices)
        write(earlier, question, value, scene.writer, timezone.now())
    QuestionFactory(
        section=scene.why.section, key="pick", kind=QuestionKind.CHOICES, choices=choices[:1]
    )
    return earlier


def test_answers_that_fit_are_offered_and_carried_with_a_mark_until_checked(
    writing, scene, last_year
):
    page = text(writing.get(url("carry", scene)))
    assert "Because of last year." in page
    assert "Not asked now." not in page
    offers = selectors.carried_answers(scene.draft, last_year)
    assert [(one.question.key, one.value) for one in offers] == [
        ("why", "Because of last year."),
        ("pick", ["a"]),
    ]
    ids = [one.question.pk for one in offers]
    for _again in range(2):
        writing.post(url("carry", scene), {"from": last_year.pk, "question": ids})
    assert Answer.objects.get(expression=scene.draft, question=scene.why).version == 1
    assert "Carried forward from “Call of last year”" in text(writing.get(url("section", scene, 1)))
    assert "Carried forward from “Call of last year”: please check" in text(
        writing.get(url("check", scene))
    )
    assert "please check them" in text(writing.get(url("tasks", scene)))
    write(scene.draft, scene.why, "Because of this year.", scene.writer, timezone.now())
    left = Answer.objects.filter(carried_from__isnull=False)
    assert [one.question.key for one in left] == ["pick"]
    writing.post(url("section", scene, 1), {"finished": "yes"})
    assert not left.all().exists()


def test_carrying_forward_writes_over_nothing_and_is_on_record(scene, last_year):
    write(scene.draft, scene.why, "Ours already.", scene.writer, timezone.now())
    count = carry_forward(
        obj=scene.draft,
        earlier=last_year,
        question_ids={scene.why.pk},
        by=scene.writer,
        now=timezone.now(),
    )
    assert count == 0
    assert Answer.objects.get(expression=scene.draft).value == "Ours already."
    assert not AuditEntry.objects.filter(action="changed").exists()
    pick = scene.call.sections.first().questions.get(key="pick")
    carry_forward(
        obj=scene.draft,
        earlier=last_year,
        question_ids={pick.pk},
        by=scene.writer,
        now=timezone.now(),
    )
    entry = AuditEntry.objects.get(action="changed")
    assert entry.changes == {"pick": ["", f"from {last_year.pk}"]}


def test_start_leads_to_the_offer_where_there_is_one(client, scene, last_year):
    client.force_login(scene.writer)
    scene.draft.delete()
    address = reverse("expressions:start", args=[scene.call.slug])
    response = client.post(address, {"organisation": scene.organisation.pk})
    draft = Expression.objects.get(call=scene.call)
    assert response.url == reverse("expressions:carry", args=[draft.pk])


def test_nothing_is_carried_from_another_organisation(writing, scene):
    other = ExpressionFactory()
    page = writing.get(url("carry", scene) + f"?from={other.pk}")
    assert "Nothing to carry forward" in text(page)
    writing.post(url("carry", scene), {"from": other.pk, "question": [scene.why.pk]})
    assert Answer.objects.count() == 0


def test_copy_of_somebodys_data_holds_earlier_texts_and_files(scene, bob, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    write(scene.draft, scene.why, "From Bob", bob, timezone.now())
    write(scene.draft, scene.why, "From Ann", scene.writer, timezone.now())
    asked = QuestionFactory(section=scene.why.section, kind=QuestionKind.FILE, text="Plan?")
    upload = SimpleUploadedFile("bob.txt", b"Hello")
    add_file(obj=scene.draft, question=asked, upload=upload, by=bob, now=timezone.now())
    held = selectors.expressions_data(bob)
    assert [one["text"] for one in held["earlier_texts_by_you"]] == ["From Bob"]
    assert [one["name"] for one in held["files_uploaded_by_you"]] == ["bob.txt"]


# --- What answers say for the whole ---------------------------------------------------------


def test_answers_say_whether_it_is_new_to_this_and_struggling(scene):
    new = QuestionFactory(section=scene.why.section, kind=QuestionKind.YES_NO, fills="first_timer")
    strain = QuestionFactory(
        section=scene.why.section, kind=QuestionKind.YES_NO, fills="struggling"
    )

    def flags():
        scene.draft.refresh_from_db()
        return scene.draft.is_first_timer, scene.draft.is_struggling

    scene.organisation.is_first_timer = True
    scene.organisation.save()
    write(scene.draft, new, "no", scene.writer, timezone.now())
    write(scene.draft, strain, "yes", scene.writer, timezone.now())
    assert flags() == (False, True)
    write(scene.draft, new, "", scene.writer, timezone.now())
    write(scene.draft, strain, "no", scene.writer, timezone.now())
    assert flags() == (True, False)


def test_new_draft_takes_over_what_the_organisation_says_of_itself():
    organisation = OrganisationFactory(is_first_timer=True)
    draft = services.start_expression(
        obj=CallFactory(),
        organisation=organisation,
        by=contact_of(organisation),
        now=timezone.now(),
    )
    assert draft.is_first_timer
