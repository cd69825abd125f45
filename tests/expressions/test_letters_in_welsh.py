"""A letter is in the language of the person it goes to, not of the one who releases it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from core.dates import nice_date
from expressions import letters
from expressions.enums import LetterKind
from expressions.models import Letter, LetterTemplate
from expressions.selectors import deciding as selectors
from notifications.models import Message
from tests.expressions.deciding import (
    decide,
    deciding_call,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)
from tests.partners.factories import contact_of

pytestmark = pytest.mark.django_db
ONLY_ENGLISH = "We have this letter in English only."


@pytest.fixture
def call(db):
    return deciding_call()


@pytest.fixture
def boss(db):
    return manager_of_programme()


@pytest.fixture
def offered(call, boss):
    """An expression to be offered a place, with one person who reads English and one Welsh."""
    one, english = with_writer(call, 3, delivery_model="network")
    welsh = contact_of(one.organisation)
    type(welsh).objects.filter(pk=welsh.pk).update(language="cy")
    decide(one, "offered", boss)
    return one, english, welsh


def word(call, boss, **changed):
    """Keep a wording of the offer."""
    give_day(call, boss)
    LetterTemplate.objects.filter(call=call).update(**changed)


def bodies(*people):
    return [Message.objects.get(kind="expressions.letter", recipient=one).body for one in people]


@pytest.mark.parametrize("releaser", ["en-gb", "cy"])
def test_each_gets_the_letter_in_their_own_language_whoever_releases(call, boss, offered, releaser):
    _one, english, welsh = offered
    day = timezone.localdate() + timedelta(days=14)
    word(
        call,
        boss,
        subject="An offer",
        body="A place: answer by {answer by}.",
        subject_cy="Cynnig",
        body_cy="Lle: atebwch erbyn {answer by}.",
    )
    with translation.override(releaser):
        release(call, boss)
    in_english, in_welsh = bodies(english, welsh)
    with translation.override("cy"):
        assert f"Lle: atebwch erbyn {nice_date(day)}." in in_welsh
    with translation.override("en-gb"):
        assert f"A place: answer by {nice_date(day)}." in in_english
    assert "Lle:" not in in_english
    assert "A place:" not in in_welsh
    assert Message.objects.get(recipient=welsh, kind="expressions.letter").subject == "Cynnig"


def test_usual_wording_is_english_though_a_welsh_reader_releases(call, boss, offered):
    _one, english, _welsh = offered
    with translation.override("cy"):
        give_day(call, boss)
        release(call, boss)
    assert "We are pleased to offer" in bodies(english)[0]
    assert "We are pleased to offer" in Letter.objects.get().body


def test_without_welsh_wording_the_english_goes_out_marked_as_such(client, call, boss, offered):
    one, english, welsh = offered
    word(call, boss, subject="An offer", body="A place.", subject_cy="", body_cy="")
    release(call, boss)
    in_english, in_welsh = bodies(english, welsh)
    with translation.override("cy"):
        marked = translation.gettext(ONLY_ENGLISH)
    assert marked in in_welsh
    assert "A place." in in_welsh
    assert marked not in in_english
    client.force_login(welsh)
    client.cookies["django_language"] = "cy"
    page = client.get(reverse("expressions:letter", args=[one.pk]))
    content = page.content.decode()
    assert '<div lang="en">' in content
    assert marked in content


@pytest.mark.parametrize("kind", LetterKind.values)
def test_usual_welsh_wording_has_known_fields_and_both_parts_or_none(kind):
    subject, body = letters.default_wording(kind, letters.WELSH)
    assert bool(subject) == bool(body)
    assert [letters.problem_of(text, kind) for text in (subject, body)] == ["", ""]
    with translation.override("cy"):
        assert letters.default_wording(kind)[0] == letters.default_wording(kind, "en-gb")[0]


def test_welsh_wording_is_kept_whole_or_not_at_all(client, call, boss, offered):
    client.force_login(boss)
    address = reverse("expressions:wording", args=[call.pk, "declined"])
    seen = client.get(address).context["form"]["seen"].value()
    sent = {"subject": "About {reference}", "body": "Dear {organisation}", "seen": seen}
    wrong = client.post(address, sent | {"body_cy": "Annwyl {organisation}"})
    assert set(wrong.context["form"].errors) == {"subject_cy"}
    assert "Annwyl {organisation}" in wrong.content.decode()
    wrong = client.post(address, sent | {"body_cy": "Annwyl {sefydliad}", "subject_cy": "Am"})
    assert "There is no field {sefydliad}" in str(wrong.context["form"].errors["body_cy"])
    whole = sent | {"subject_cy": "Am {reference}", "body_cy": "Annwyl {organisation}"}
    client.post(address, whole)
    row = LetterTemplate.objects.get()
    assert (row.subject_cy, row.body_cy) == ("Am {reference}", "Annwyl {organisation}")
    preview = client.get(address).context["preview"]
    assert preview.welsh.body.startswith("Annwyl ")
    late = client.post(address, whole | {"body_cy": "Arall"})
    assert late.status_code == 200
    assert LetterTemplate.objects.get().body_cy == "Annwyl {organisation}"


def test_version_of_a_wording_knows_its_welsh(call):
    wording = selectors.wording_of(call, LetterKind.DECLINED)
    before = selectors.wording_version(wording)
    wording.body_cy = "Arall"
    assert selectors.wording_version(wording) != before
