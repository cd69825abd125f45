"""The pages of those who decide, and what an organisation sees before and after its letter."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.selectors import own_data
from expressions import copies, record, transitions
from expressions.enums import CallState
from expressions.models import Decision, Expression, Letter, LetterTemplate
from expressions.services import deciding as services
from expressions.services import plans
from expressions.transitions.plans import choose_plan
from notifications.models import Message
from partners.history import history_providers
from projects.models import Project
from projects.panels import panels
from reports.building import build_waiting
from reports.models import ReportRun
from tests.expressions.assessing import assessor_of, scored
from tests.expressions.deciding import (
    assessed,
    conflict,
    decide,
    deciding_call,
    fresh,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def at(name, *args):
    return reverse(f"expressions:{name}", args=args)


@pytest.fixture
def call(db):
    return deciding_call()


@pytest.fixture
def boss(client):
    person = manager_of_programme()
    client.force_login(person)
    return person


def told(call, boss, outcome, **fields):
    """An expression with its writer, decided so and told."""
    one, writer = with_writer(call, 3, **fields)
    if outcome == "offered":
        give_day(call, boss)
    decide(one, outcome, boss)
    release(call, boss)
    return one, writer


# --- The board and one decision ---


def test_board_lists_the_best_first_with_what_is_decided(client, call, boss):
    low, high, unfit = assessed(call, 1), assessed(call, 4), assessed(call, state="ineligible")
    decide(high, "offered", boss)
    response = client.get(at("deciding", call.pk))
    lines = response.context["board"].lines
    assert [line.expression.pk for line in lines] == [high.pk, low.pk, unfit.pk]
    assert "It fits." in text(response)
    offered = client.get(at("deciding", call.pk) + "?state=offered").context["board"].lines
    assert [line.expression.pk for line in offered] == [high.pk]


def test_board_costs_the_same_at_one_row_and_at_thirty(client, call, boss):
    counts = []
    for size in (1, 29):
        for _n in range(size):
            decide(assessed(call, 3, 4), "declined", boss)
        client.get(at("deciding", call.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("deciding", call.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14


def test_page_of_a_decision_costs_the_same_in_a_call_of_one_and_of_thirty(client, call, boss):
    one, readers = assessed(call, 3, 4), [assessor_of(call), assessor_of(call)]
    counts, loaded = [], []
    for size in (0, 29):
        for number in range(size):
            other = assessed(call)
            for reader in readers:
                scored(other, reader, number % 5, number % 4)
        client.get(at("decision", call.pk, one.pk))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(at("decision", call.pk, one.pk))
        counts.append(len(queries))
        loaded.append([query["sql"] for query in queries if "expressions_score" in query["sql"]])
        board = client.get(at("deciding", call.pk)).context["board"]
        row = next(line for line in board.lines if line.expression.pk == one.pk)
        line = page.context["line"]
        assert (line.score, line.spread) == (pytest.approx(row.score), row.spread)
    assert counts[0] == counts[1] <= 20
    # Of the whole call one row of sums is read, and else the scores of this one alone.
    assert [len(found) for found in loaded] == [2, 2]
    assert sum(f'"expression_id" = {one.pk}' in sql for sql in loaded[1]) == 1
    assert sum("COUNT(" in sql for sql in loaded[1]) == 1


def test_page_of_a_decision_follows_when_any_score_of_the_call_changes(client, call, boss):
    reader, strict = assessor_of(call), assessor_of(call)
    one, other = assessed(call), assessed(call)
    scored(one, reader, 3, 3)
    scored(other, reader, 4, 4)
    mine = scored(other, strict, 1, 1)
    before = client.get(at("decision", call.pk, one.pk)).context["line"].score
    for score in mine.scores.all():
        score.points = 4
        score.save()
    after = client.get(at("decision", call.pk, one.pk)).context["line"].score
    board = client.get(at("deciding", call.pk)).context["board"]
    assert after == next(row.score for row in board.lines if row.expression.pk == one.pk)
    assert after != before


def test_decision_is_kept_from_its_page(client, call, boss):
    one = assessed(call, 3)
    page = client.get(at("decision", call.pk, one.pk))
    sent = {
        "outcome": "reserve",
        "reason": "Just below.",
        "feedback": "Say more.",
        "seen": page.context["form"]["seen"].value(),
    }
    response = client.post(at("decision", call.pk, one.pk), sent, follow=True)
    assert f"Kept: {one.organisation.name}, In reserve." in text(response)
    assert "not told before the release" in text(response)
    assert Expression.objects.get(pk=one.pk).state == "reserve"
    again = client.post(at("decision", call.pk, one.pk), sent | {"reason": "Other."}, follow=True)
    assert "Somebody else changed these details" in text(again)
    assert "Just below." in text(again)
    assert "Other." in text(again)
    assert Decision.objects.get().reason == "Just below."


def test_decision_without_a_reason_is_asked_for_beside_the_field(client, call, boss):
    one = assessed(call, 3)
    response = client.post(
        at("decision", call.pk, one.pk), {"outcome": "offered", "feedback": "Kept here."}
    )
    assert response.context["form"].errors["reason"] == ["Say why, in a sentence or two."]
    assert "Kept here." in text(response)


def test_conflict_hides_an_expression_from_who_decides(client, call, boss):
    one, seen = assessed(call, 3), assessed(call, 3)
    decide(one, "declined", boss)
    conflict(one, boss)
    page = client.get(at("deciding", call.pk))
    assert [line.expression.pk for line in page.context["board"].lines] == [seen.pk]
    for name in ("decision", "make-project"):
        assert client.get(at(name, call.pk, one.pk)).status_code == 404
    sent = {"outcome": "offered", "reason": "x", "seen": ""}
    assert client.post(at("decision", call.pk, one.pk), sent).status_code == 404
    check = client.get(at("release", call.pk))
    assert one.organisation.name not in text(check)
    assert "1 more is hidden from you" in text(check)


def test_plan_that_is_not_there_changes_nothing(client, call, boss):
    assessed(call, 3)
    assert "The plan changes nothing" in text(client.get(at("proposal", call.pk)))
    response = client.post(at("proposal", call.pk), {"reason": "Plan.", "seen": ""}, follow=True)
    assert "0 decisions are changed." in text(response)
    assert services.proposal_of(call) == {}


# --- The wording ---


def test_unknown_field_is_said_beside_the_letter_and_nothing_is_kept(client, call, boss):
    sent = {"subject": "About {reference}", "body": "Dear {organization}"}
    response = client.post(at("wording", call.pk, "declined"), sent)
    assert "There is no field {organization}" in str(response.context["form"].errors["body"])
    assert "Dear {organization}" in text(response)
    assert not LetterTemplate.objects.exists()


def test_wording_is_previewed_with_real_values_and_kept_only_when_asked(client, call, boss):
    one = assessed(call, 3)
    page = client.get(at("wording", call.pk, "declined") + f"?expression={one.pk}")
    assert one.organisation.name in page.context["preview"].english.body
    sent = {
        "subject": "About {reference}",
        "body": "Dear {organisation}: {feedback}",
        "seen": page.context["form"]["seen"].value(),
    }
    tried = client.post(at("wording", call.pk, "declined"), sent | {"preview": "yes"})
    assert tried.context["preview"].english.subject == f"About {one.reference}"
    assert 'method="get" action="#preview"' not in text(tried)
    other = assessed(call, 3)
    chosen = sent | {"preview": "yes", "expression": other.pk}
    tried = client.post(at("wording", call.pk, "declined"), chosen)
    assert tried.context["preview"].english.subject == f"About {other.reference}"
    assert 'value="About {reference}"' in text(tried)
    assert not LetterTemplate.objects.exists()
    client.post(at("wording", call.pk, "declined"), sent)
    assert LetterTemplate.objects.get().subject == "About {reference}"
    late = client.post(at("wording", call.pk, "declined"), sent | {"body": "Other"})
    assert "Somebody else changed these details" in text(late)


def test_there_are_four_letters_and_no_other(client, call, boss):
    assert text(client.get(at("wordings", call.pk))).count("The usual wording") == 4
    assert client.get(at("wording", call.pk, "accepted")).status_code == 404


# --- Before the letter nobody learns anything ---


def channels(client, one, writer):
    """All that the organisation's own people are shown of it, by channel."""
    client.force_login(writer)
    addresses = {
        "mine": at("mine"),
        "tasks": at("tasks", one.pk),
        "check": at("check", one.pk),
        "sent": at("sent", one.pk),
        "withdraw": at("withdraw", one.pk),
        "copy": at("copy", one.pk),
        "earlier": at("earlier", one.pk),
        "call": at("call", one.call.slug),
        "calls": at("calls"),
        "feed": at("feed"),
        "home": reverse("home"),
        "changes": reverse("changes"),
        "organisation": one.organisation.get_absolute_url(),
        "preferences": reverse("notifications:preferences"),
    }
    shown = {}
    for name, address in addresses.items():
        response = client.get(address)
        assert response.status_code == 200, name
        # What changes with each request, whatever is decided.
        shown[name] = without_tokens(text(response))
    shown["data"] = str(own_data(writer)["expressions"])
    figures = copies.collect(copies.parameters_of(one), lambda done, total, words: None)
    shown["figures"] = str(figures)
    provider = history_providers.get("expressions")
    shown["history"] = str(provider.lines(one.organisation, fresh(writer)))
    shown["messages"] = str(list(Message.objects.filter(recipient=writer).values("kind", "body")))
    shown["letter"] = str(client.get(at("letter", one.pk)).status_code)
    return shown


def without_tokens(page):
    lines = [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]
    return "\n".join(lines)


@pytest.mark.parametrize("outcome", ["offered", "reserve", "declined"])
def test_held_decision_changes_nothing_that_its_organisation_sees(client, call, boss, outcome):
    one, writer = with_writer(call, 3)
    before = channels(client, one, writer)
    decide(one, outcome, boss, reason="Secret reason", feedback="Secret feedback")
    one.refresh_from_db()
    after = channels(client, one, writer)
    assert before == after
    assert after["letter"] == "404"
    release_all = give_day(call, boss) if outcome == "offered" else None
    release(call, boss)
    one.refresh_from_db()
    told = channels(client, one, writer)
    assert told["letter"] == "200"
    assert "Secret feedback" in told["messages"]
    assert "Secret reason" not in str(told)
    assert release_all is None or release_all.answer_by


def test_ineligible_one_looks_like_any_other_before_its_letter(client, call, boss):
    one, writer = with_writer(call, 3)
    before = channels(client, one, writer)
    Expression.objects.filter(pk=one.pk).update(state="ineligible")
    one.refresh_from_db()
    assert channels(client, one, writer) == before


def test_held_decision_does_not_keep_an_organisation_from_withdrawing(client, call, boss):
    one, writer = with_writer(call, 3)
    decide(one, "declined", boss)
    client.force_login(writer)
    client.post(at("withdraw", one.pk))
    assert Expression.objects.get(pk=one.pk).state == "withdrawn"
    client.force_login(boss)
    assert client.get(at("deciding", call.pk)).context["board"].lines == []


# --- Release ---


def test_release_shows_what_is_lacking_and_sends_nothing(client, call, boss):
    undecided, bare = assessed(call, 3), assessed(call, 3)
    decide(bare, "declined", boss, feedback="")
    page = text(client.get(at("release", call.pk)))
    assert undecided.organisation.name in page
    assert "1 expression of interest is not decided yet." in page
    assert "Release all letters" not in page
    client.post(at("release", call.pk))
    assert not Letter.objects.exists()


def test_release_twice_from_the_page_sends_each_letter_once(client, call, boss):
    (one, writer), bare = with_writer(call, 3), assessed(call, 3)
    decide(one, "declined", boss)
    decide(bare, "declined", boss, feedback="")
    check = client.get(at("release", call.pk)).context["check"]
    assert (check.total, [row.pk for row in check.without_feedback]) == (2, [bare.pk])
    assert [row.pk for row in check.without_people] == [bare.pk]
    refused = client.post(at("release", call.pk))
    assert "Some letters have no feedback" in text(refused)
    for _click in range(2):
        client.post(at("release", call.pk), {"without_feedback": "on"})
    assert Letter.objects.count() == 2
    assert Message.objects.filter(kind="expressions.letter", recipient=writer).count() == 1


def test_release_says_whom_no_letter_reached_and_the_board_lists_them(client, call, boss):
    (one, _writer), bare = with_writer(call, 3), assessed(call, 3)
    decide(one, "declined", boss)
    decide(bare, "declined", boss)
    page = text(client.post(at("release", call.pk), follow=True))
    assert "1 letter is on its way. 1 organisation has nobody who can get a letter" in page
    listed = page.split('id="unsent"')[1].split("</ul>")[0]
    assert at("decision", call.pk, bare.pk) in listed
    assert at("decision", call.pk, one.pk) not in listed
    assert "There was nobody to write to." in text(client.get(at("decision", call.pk, bare.pk)))
    assert "nobody to write to" in record._sent(Letter.objects.get(expression=bare))[0]
    letter = bare.letters.get()
    letter.resendings.create(reason="Found one", sent_to=1, by=boss, at=timezone.now())
    assert 'id="unsent"' not in text(client.get(at("deciding", call.pk)))


def test_release_costs_the_same_to_look_at_for_one_and_for_thirty(client, call, boss):
    counts = []
    for size in (1, 29):
        for _n in range(size):
            one, _writer = with_writer(call)
            decide(one, "declined", boss)
        client.get(at("release", call.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(at("release", call.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


# --- The answer, the reserve, the letter again ---


def test_organisation_reads_its_letter_and_accepts(client, call, boss):
    one, writer = told(call, boss, "offered")
    client.force_login(writer)
    home = text(client.get(reverse("home")))
    assert "Answer our offer" in home
    page = client.get(at("letter", one.pk))
    assert "Well told." in text(page)
    assert "Do you accept the offer?" in text(page)
    nothing = client.post(at("letter", one.pk), {})
    assert "Do you accept the offer: choose an answer" in text(nothing)
    for _click in range(2):
        done = client.post(at("letter", one.pk), {"answer": "accept"}, follow=True)
        assert "We know that you accept" in text(done)
    assert Expression.objects.get(pk=one.pk).state == "accepted"
    assert "Offer accepted" in text(client.get(at("mine")))


def test_offer_turned_down_leads_staff_to_the_reserve(client, call, boss):
    kept, keeper = with_writer(call, 3)
    decide(kept, "reserve", boss)
    one, writer = told(call, boss, "offered")
    client.force_login(writer)
    answer = {"answer": "turn_down", "reason": "No staff now."}
    asked = text(client.post(at("letter", one.pk), answer))
    assert "Turn down our offer?" in asked
    assert 'name="reason" value="No staff now."' in asked
    assert Expression.objects.get(pk=one.pk).state == "offered"
    assert "The last day to answer is" in text(client.get(at("letter", one.pk)))
    done = text(client.post(at("letter", one.pk), answer | {"sure": "yes"}, follow=True))
    assert "Was it a mistake? Ring or write to us" in done
    assert "last day to answer" not in done
    assert "Please tell us by" not in done.split("govuk-details")[0]
    assert Expression.objects.get(pk=one.pk).state == "turned_down"
    client.force_login(boss)
    assert "place is free: call up a reserve" in text(client.get(reverse("home")))
    day = timezone.localdate() + timedelta(days=9)
    sent = {
        "expression": kept.pk,
        "reason": "Next on the list.",
        "seen": "1",
        "answer_by_day": day.day,
        "answer_by_month": day.month,
        "answer_by_year": day.year,
    }
    assert kept.organisation.name in text(client.get(at("reserve", call.pk)))
    sent["feedback"] = "A place is free now."
    page = text(client.post(at("reserve", call.pk), {**sent, "preview": "yes"}))
    assert "Nothing is sent yet." in page
    assert "A place is free now." in page
    assert Expression.objects.get(pk=kept.pk).state == "reserve"
    client.post(at("reserve", call.pk), sent)
    assert Expression.objects.get(pk=kept.pk).state == "offered"
    assert Message.objects.filter(recipient=keeper).count() == 2
    page = text(client.get(at("staff-page", one.pk)))
    assert "No staff now." in page
    assert "Letter sent: Offer of a place" in page


def test_letter_is_sent_again_from_its_page_and_stands_in_the_history(client, call, boss):
    one, _writer = told(call, boss, "declined")
    letter = Letter.objects.get()
    address = at("letter-again", call.pk, one.pk, letter.pk)
    key = client.get(address).context["form"]["once_key"].value()
    for _click in range(2):
        client.post(address, {"reason": "They moved.", "once_key": key})
    assert letter.resendings.count() == 1
    assert "They moved." in text(client.get(at("staff-page", one.pk)))
    assert "They moved." in text(client.get(at("decision", call.pk, one.pk)))


def test_letter_sent_again_to_nobody_says_so(client, call, boss):
    bare = assessed(call, 3)
    decide(bare, "declined", boss)
    release(call, boss)
    address = at("letter-again", call.pk, bare.pk, Letter.objects.get().pk)
    key = client.get(address).context["form"]["once_key"].value()
    sent = {"reason": "Try again.", "once_key": key}
    page = text(client.post(address, sent, follow=True))
    assert "Nobody can get this letter" in page
    assert "on its way again" not in page


def test_letters_of_others_are_not_found(client, call, boss):
    one, _writer = told(call, boss, "declined")
    client.force_login(with_writer(call)[1])
    assert client.get(at("letter", one.pk)).status_code == 404


# --- Projects and the record ---


def test_accepted_offer_is_made_a_project_whose_page_shows_the_answers(client, call, boss):
    one, writer = told(call, boss, "offered", delivery_model="network")
    assert "each once" in text(client.get(at("make-project", call.pk, one.pk)))
    transitions.accept(obj=one, by=writer, now=timezone.now())
    assert "Make it a project" in text(client.get(at("deciding", call.pk)))
    assert client.get(at("make-project", call.pk, one.pk)).status_code == 200
    for _click in range(2):
        response = client.post(at("make-project", call.pk, one.pk), follow=True)
    project = Project.objects.get()
    assert "What they wrote when they applied" in text(response)
    assert "The project that it became" in text(client.get(at("staff-page", one.pk)))
    panel = panels.get("expressions.carried_over")
    assert panel.applies_to(project, fresh(writer))
    assert not panel.applies_to(project, with_writer(call)[1])
    conflict(one, boss)
    assert not panel.applies_to(project, fresh(boss))


def test_delivery_model_is_asked_for_where_nothing_says_it(client, boss):
    call = deciding_call(delivery_models=["guide", "network"])
    one, writer = told(call, boss, "offered", delivery_model="")
    transitions.accept(obj=one, by=writer, now=timezone.now())
    address = at("make-project", call.pk, one.pk)
    page = client.get(address)
    assert [key for key, _words in page.context["form"].fields["model"].choices] == [
        "network",
        "guide",
    ]
    assert set(client.post(address, {}).context["form"].errors) == {"model"}
    client.post(address, {"model": "guide"})
    assert Project.objects.get().model == "guide"


def test_page_says_where_the_delivery_model_is_from(client, boss):
    call = deciding_call(delivery_models=["guide"])
    one, writer = told(call, boss, "offered", delivery_model="")
    transitions.accept(obj=one, by=writer, now=timezone.now())
    page = text(client.get(at("make-project", call.pk, one.pk)))
    assert "Ask IMPACT guide. It is the only one that the call offers." in page


def test_record_is_a_pdf_that_keeps_its_figures(client, call, boss, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one, _writer = told(call, boss, "declined")
    address = at("decision-record", call.pk)
    assert client.post(address).url == address
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    assert "Ready" in text(client.get(address)) or run.state == "ready"
    content = b"".join(client.get(reverse("reports:download", args=[run.pk, "pdf"])))
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for part in (one.organisation.name, "It fits.", "Well told.", boss.preferred_name):
        assert part in " ".join(words.split())
    line = run.figures["groups"][0]["lines"][0]
    assert line["reason"] == "It fits."
    assert len(line["letters"]) == 1
    assert len(record.sheets(run.figures)[0][2]) == 1


def test_record_names_the_plan_that_the_decisions_followed(client, call, boss, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one = assessed(call, 3)
    plan = plans.make_plan(
        call=call,
        values={"name": "Wales first", "places": 1},
        once_key=uuid4(),
        by=boss,
        now=timezone.now(),
    )
    choose_plan(obj=plan, by=fresh(boss), now=timezone.now(), reason="Best mix.", seen=plan.version)
    client.post(at("decision-record", call.pk))
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    content = b"".join(client.get(reverse("reports:download", args=[run.pk, "pdf"])))
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    words = " ".join(words.split())
    for part in ("Wales first", "for 1 place.", f"by {boss.preferred_name}.", "Best mix."):
        assert part in words
    assert record.sheets(run.figures)[1][2][0][0] == "Wales first"
    assert one.organisation.name in words


def test_who_has_a_conflict_gets_no_record_not_even_an_old_one(
    client, call, boss, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    one, _writer = told(call, boss, "declined")
    client.post(at("decision-record", call.pk))
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    conflict(one, boss)
    assert client.get(at("decision-record", call.pk)).status_code == 403
    assert client.get(reverse("reports:download", args=[run.pk, "pdf"])).status_code == 404
    assert "Record of decisions" not in text(client.get(at("deciding", call.pk)))


def test_page_of_the_call_leads_to_the_decisions(client, call, boss):
    page = text(client.get(reverse("expressions:staff-call", args=[call.slug])))
    for name in ("deciding", "wordings", "release", "decision-record"):
        assert at(name, call.pk) in page
    assert call.state == CallState.DECIDING


def next_on(client, call):
    """What the page of the call says comes next."""
    page = text(client.get(reverse("expressions:staff-call", args=[call.slug])))
    return page.split("What comes next")[1].split("<h2")[0]


def test_page_of_the_call_says_truly_what_comes_next_and_what_happened(client, call, boss):
    page = text(client.get(reverse("expressions:staff-call", args=[call.slug])))
    assert "the call is being written" not in page
    assert at("release", call.pk) in next_on(client, call)
    one, writer = told(call, boss, "offered")
    said = next_on(client, call)
    assert "1 offer waits for an answer" in said
    assert f"{at('deciding', call.pk)}?state=offered" in said
    transitions.accept(obj=one, by=fresh(writer), now=timezone.now(), reason="")
    assert "1 accepted offer to make a project of" in next_on(client, call)
    Expression.objects.filter(pk=one.pk).update(state="project")
    assert "The call can be put away." in next_on(client, call)
    for state in set(CallState) - {CallState.DRAFT}:
        type(call).objects.filter(pk=call.pk).update(state=state)
        assert "<p" in next_on(client, call)
