"""Files of organisations: what the check says of each row, and what is saved."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from core.transitions import TransitionNotAllowed
from partners import exports, importing, imports, transitions
from partners.enums import ImportState, Verdict
from partners.importing import UnreadableFile
from partners.models import Organisation, OrganisationIdentifier, OrganisationImport
from partners.names import name_key, website_domain
from tests.partners.factories import OrganisationFactory

HEAD = "Name,Kind,Nation,Place,GB-CHC"
ROW = "Our group,Community organisation,Wales,Newport,1123456"


def file(*lines, head=HEAD):
    return "\n".join([head, *lines]).encode()


def checked(content, staff, now):
    return imports.keep_checked(content=content, once_key=uuid4(), by=staff, now=now)


def verdicts(upload):
    return [row["verdict"] for row in upload.rows]


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        file(ROW),
        b"\xef\xbb\xbf" + file(ROW),
        file(ROW).replace(b",", b";"),
        file(ROW).replace(b",", b"\t"),
        file(ROW).replace(b"\n", b"\r\n"),
        file(ROW.replace("Community organisation", "community").replace("Wales", "WALES")),
        b"\n".join([b"name,KIND,nation,place,gb-chc", ROW.encode()]),
        file(ROW + ",,,"),
        file(ROW, "", ",,,,"),
    ],
)
def test_files_as_spreadsheets_write_them_are_read_alike(content):
    row = importing.read(content).rows[0]
    assert row.problems == {}
    assert row.values == {
        "name": "Our group",
        "kind": "community",
        "nation": "wales",
        "place": "Newport",
    }
    assert row.numbers == {"GB-CHC": "1123456"}


def test_windows_letters_and_line_breaks_in_cells_are_read():
    content = 'Name,Kind,About\n"Caffi’r Fro – café",Charity,"One\ntwo"'.encode("cp1252")
    row = importing.read(content).rows[0]
    assert row.values["name"] == "Caffi’r Fro – café"
    assert row.values["about"] == "One\ntwo"


def test_headings_of_our_own_export_and_in_welsh_are_known():
    with translation.override("cy"):
        head = [importing.column_label(column) for column in importing.columns()]
        sheet = importing.read(file("Grŵp,charity", head=",".join(f'"{title}"' for title in head)))
    assert sheet.ignored == []
    assert importing.read(file("Us,Charity", head="Name,Kind,Example data")).ignored == [
        "Example data"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"PK\x03\x04\0\0", "not a CSV file"),
        (b"\x81\x8d\x8f\x90", "cannot read the letters"),
        (b"Name\nUs", "headings are missing: Kind"),
        (b"Name,Name,Kind\nUs,Us,Charity", "twice: Name"),
        (file(), "no organisation below"),
        (b"a" * (importing.MOST_BYTES + 1), "too big"),
        (file(*["Us,Charity"] * (importing.MOST_ROWS + 1)), "too many rows"),
        (b"Name,Kind\n" + b'"' + b"a" * 200_000 + b'"', "cannot read this file beyond line"),
    ],
)
def test_file_that_cannot_be_taken_is_refused_in_words(content, words):
    with pytest.raises(UnreadableFile) as refused:
        importing.read(content)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("line", "head", "problems"),
    [
        (",Charity", "Name,Kind", {"name": "missing"}),
        ("Us,", "Name,Kind", {"kind": "missing"}),
        ("Us,Guild", "Name,Kind", {"kind": "choice"}),
        ("Us,Charity,France", "Name,Kind,Nation", {"nation": "choice"}),
        (
            "Us,Charity,perhaps",
            "Name,Kind,New to this kind of project",
            {"is_first_timer": "yes_no"},
        ),
        ("Us,Charity,javascript:alert(1)", "Name,Kind,Website", {"website": "website"}),
        (f"{'a' * 201},Charity", "Name,Kind", {"name": "long"}),
        ("Us,Charity,12", "Name,Kind,GB-CHC", {"GB-CHC": "number"}),
        ("Us,Charity,one,two", "Name,Kind,Place", {"name": "columns"}),
    ],
)
def test_what_needs_mending_is_said_by_column(line, head, problems):
    row = importing.read(file(line, head=head)).rows[0]
    assert row.problems == problems
    assert row.verdict == Verdict.FAULTY


def test_apostrophe_of_our_own_exports_is_taken_off_again():
    assert importing.read(file("'=SUM(A1),Charity", head="Name,Kind")).rows[0].values["name"] == (
        "=SUM(A1)"
    )


@given(st.binary(max_size=300), st.text(max_size=300))
def test_whatever_is_in_a_file_is_read_or_refused(content, text):
    for anything in (
        content,
        b"Name,Kind\n" + content,
        f"Name,Kind\n{text}".encode("utf-8", "ignore"),
    ):
        try:
            sheet = importing.read(anything)
        except UnreadableFile:
            continue
        for row in sheet.rows:
            assert row.problems or row.values["name"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Swansea Carers Ltd.", "swansea carers"),
        ("Caffi’r Fro", "CAFFIR FRO"),
        ("Bed & Breakfast", "bed and breakfast"),
        ("Café", "cafe"),
    ],
)
def test_two_spellings_have_one_key(one, other):
    assert name_key(one) == name_key(other)


def test_name_of_nothing_but_small_words_keeps_them():
    assert name_key("The Charity") == "the charity"
    assert website_domain("http://[") == website_domain("https://facebook.com/us") == ""


# --- Comparing and saving -------------------------------------------------------------------

database = pytest.mark.django_db


@database
def test_rows_are_new_known_twice_or_faulty(staff, now):
    known = OrganisationFactory(name="Known Ltd", nation="wales")
    numbered = OrganisationFactory(name="Other name")
    OrganisationIdentifier.objects.create(organisation=numbered, scheme="GB-CHC", value="1123456")
    upload = checked(
        file(
            "New one,Charity,Wales,,",
            "KNOWN,Charity,Wales,,",
            "Known,Charity,Scotland,,",
            "By number,Charity,,,01123456",
            "new one,Charity,Wales,,",
            ",Charity,,,",
        ),
        staff,
        now,
    )
    assert verdicts(upload) == ["new", "match", "new", "match", "repeat", "faulty"]
    assert [row["match"] for row in upload.rows] == [None, known.pk, None, numbered.pk, None, None]
    assert upload.rows[4]["first"] == 2
    assert Organisation.objects.count() == 2


@database
def test_numbers_of_two_organisations_in_one_row_need_mending(staff, now):
    for scheme, value in (("GB-CHC", "1123456"), ("GB-NHS", "RXX")):
        OrganisationIdentifier.objects.create(
            organisation=OrganisationFactory(), scheme=scheme, value=value
        )
    upload = checked(file("Us,Charity,1123456,rxx", head="Name,Kind,GB-CHC,GB-NHS"), staff, now)
    assert upload.rows[0]["problems"] == {"GB-CHC": "two", "GB-NHS": "two"}


def save(upload, staff, now, fill=True):
    transitions.confirm_import(obj=upload, fill_blanks=fill, by=staff, now=now)
    imports.save_confirmed(now=now)
    upload.refresh_from_db()


@database
def test_confirmed_rows_are_saved_once_however_often_the_worker_runs(staff, now):
    upload = checked(file(ROW, "Another,Charity,,,", "Bad,Guild,,,"), staff, now)
    save(upload, staff, now)
    transitions.finish_import(obj=upload, now=now)
    imports.save_confirmed(now=now)
    assert (upload.state, upload.made, upload.done) == (ImportState.DONE, 2, 3)
    made = Organisation.objects.get(name="Our group")
    assert (made.kind, made.nation, made.place) == ("community", "wales", "Newport")
    assert str(made.identifiers.get()) == "GB-CHC-1123456"
    assert Organisation.objects.count() == 2


@database
def test_known_organisation_gets_what_it_lacks_and_keeps_what_it_has(staff, now):
    known = OrganisationFactory(name="Our group", nation="wales", place="Cardiff", kind="charity")
    content = file(
        "Our group,Community organisation,Wales,Newport,https://example.org,1123456",
        head="Name,Kind,Nation,Place,Website,GB-CHC",
    )
    save(upload := checked(content, staff, now), staff, now)
    known.refresh_from_db()
    assert (known.kind, known.place, known.website) == ("charity", "Cardiff", "https://example.org")
    assert known.website_domain == "example.org"
    assert upload.filled == 1
    assert AuditEntry.objects.filter(changes__has_key="website").get().changes == {
        "website": ["", "https://example.org"],
        "identifier": ["", "GB-CHC-1123456"],
    }


@database
def test_known_organisation_is_left_alone_when_one_says_so(staff, now):
    known = OrganisationFactory(name="Our group", nation="wales")
    save(checked(file(ROW), staff, now), staff, now, fill=False)
    known.refresh_from_db()
    assert (known.place, known.identifiers.count()) == ("", 0)


@database
def test_organisation_that_came_between_check_and_saving_is_not_made_twice(staff, now):
    upload = checked(file(ROW), staff, now)
    OrganisationFactory(name="Our group", nation="wales")
    save(upload, staff, now)
    assert (Organisation.objects.count(), upload.made, upload.filled) == (1, 0, 1)


@database
def test_worker_that_was_killed_goes_on_where_it_stopped(staff, now):
    lines = [f"Group {number},Charity,,," for number in range(imports.CHUNK + 5)]
    upload = checked(file(*lines), staff, now)
    transitions.confirm_import(obj=upload, fill_blanks=True, by=staff, now=now)
    assert imports.save_chunk(pk=upload.pk, now=now) == imports.CHUNK
    assert Organisation.objects.count() == imports.CHUNK
    assert imports.save_confirmed(now=now) == 5
    assert Organisation.objects.count() == imports.CHUNK + 5
    assert imports.save_chunk(pk=upload.pk, now=now) == 0


@database
def test_file_of_the_most_rows_is_checked_in_few_queries(staff, now, django_assert_max_num_queries):
    lines = [f"Group {number},Charity,Wales,,{1_000_000 + number}" for number in range(5_000)]
    content = file(*lines)
    with django_assert_max_num_queries(40):
        upload = checked(content, staff, now)
    assert upload.total == 5_000


@database
def test_only_who_brought_it_may_save_it(staff, manager, now):
    upload = checked(file(ROW), staff, now)
    with pytest.raises(PermissionDenied):
        transitions.confirm_import(obj=upload, fill_blanks=True, by=manager, now=now)


@database
def test_file_that_was_put_away_cannot_be_saved_and_keeps_no_rows(staff, now):
    upload = checked(file(ROW), staff, now)
    transitions.cancel_import(obj=upload, by=staff, now=now)
    with pytest.raises(TransitionNotAllowed):
        transitions.confirm_import(obj=upload, fill_blanks=True, by=staff, now=now)
    upload.refresh_from_db()
    assert upload.rows == []


@database
def test_files_go_after_a_week_but_not_while_they_are_saved(staff, now):
    old, waiting = checked(file(ROW), staff, now), checked(file(ROW), staff, now)
    transitions.confirm_import(obj=waiting, fill_blanks=True, by=staff, now=now)
    assert imports.purge_expired(now=now + timedelta(days=6)) == 0
    assert imports.purge_expired(now=now + timedelta(days=8)) == 1
    assert list(OrganisationImport.objects.all()) == [waiting]
    assert old.pk != waiting.pk


# --- The pages ------------------------------------------------------------------------------


def uploaded(content, name="organisations.csv"):
    return {"once_key": uuid4(), "file": SimpleUploadedFile(name, content)}


@database
def test_page_checks_then_saves(staff_client, staff):
    url = reverse("partners:imports")
    assert "listed here for a week" in staff_client.get(url).content.decode()
    data = {"once_key": uuid4(), "file": SimpleUploadedFile("a.csv", file(ROW, ",Charity,,,"))}
    response = staff_client.post(url, data)
    upload = OrganisationImport.objects.get()
    assert response.url == upload.get_absolute_url()
    page = staff_client.get(response.url).content.decode()
    assert "Needs mending" in page
    assert "Name: This is missing" in page
    assert Organisation.objects.count() == 0
    for _click in range(2):
        staff_client.post(response.url, {"known": "fill"})
    assert "0 of 2 rows are done" in staff_client.get(response.url).content.decode()
    imports.save_confirmed(now=timezone.now())
    assert "1 are new organisations" in staff_client.get(response.url).content.decode()
    assert "2 rows" in staff_client.get(url).content.decode()


@database
def test_page_says_what_is_wrong_with_the_file(staff_client):
    response = staff_client.post(reverse("partners:imports"), uploaded(b"PK\x03\x04\0"))
    assert "This is not a CSV file" in response.content.decode()
    big = uploaded(b"a" * (importing.MOST_BYTES + 1))
    assert "too big" in staff_client.post(reverse("partners:imports"), big).content.decode()


@database
def test_second_click_on_check_gives_the_first_file(staff_client):
    key = uuid4()
    for _click in range(2):
        data = {"once_key": key, "file": SimpleUploadedFile("a.csv", file(ROW))}
        staff_client.post(reverse("partners:imports"), data)
    assert OrganisationImport.objects.count() == 1


@database
def test_rows_are_shown_a_hundred_at_a_time_and_by_what_was_found(staff_client, staff, now):
    lines = [f"Group {number},Charity,,," for number in range(150)]
    upload = checked(file(*lines, ",Charity,,,"), staff, now)
    url = upload.get_absolute_url()
    assert len(staff_client.get(url).context["shown"].rows) == 100
    assert len(staff_client.get(f"{url}?page=2").context["shown"].rows) == 51
    assert len(staff_client.get(f"{url}?show=faulty").context["shown"].rows) == 1
    for odd in ("0", "-1", "x", "9" * 6000, "²"):
        assert staff_client.get(f"{url}?page={odd}&show=odd").status_code == 200


@database
def test_report_of_the_check_has_each_row_and_no_live_formula(staff_client, staff, now):
    upload = checked(file("=cmd(),Charity,,,", "+x,Guild,,,"), staff, now)
    response = staff_client.get(reverse("partners:import-report", args=[upload.pk]))
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[1][:4] == ["2", "New", "", "'=cmd()"]
    assert rows[2][:3] == ["3", "Needs mending", "Kind: " + str(importing.PROBLEMS["choice"])]


@database
def test_file_to_begin_with_is_one_that_we_take(staff_client, staff, now):
    response = staff_client.get(reverse("partners:import-template"))
    upload = checked(response.getvalue(), staff, now)
    assert verdicts(upload) == ["new"]
    assert upload.ignored_columns == []


@database
def test_export_of_the_register_is_a_file_that_we_take(staff, now):
    OrganisationFactory(name="=Our group", nation="wales", is_first_timer=True)
    rows = exports.rows(Organisation.objects.all())
    text = io.StringIO()
    csv.writer(text).writerows([exports.header(), *rows])
    upload = checked(text.getvalue().encode(), staff, now)
    assert verdicts(upload) == ["match"]


@database
def test_putting_away_on_the_page_and_files_of_others_do_not_exist(
    staff_client, staff, manager, now
):
    upload = checked(file(ROW), staff, now)
    staff_client.post(reverse("partners:import-cancel", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == ImportState.CANCELLED
    other = OrganisationImport.objects.create(uploaded_by=manager, keep_until=now)
    for name in ("import", "import-report"):
        address = reverse(f"partners:{name}", args=[other.pk])
        assert staff_client.get(address).status_code == 404


@database
def test_late_putting_away_is_said_plainly(staff_client, staff, now):
    upload = checked(file(ROW), staff, now)
    transitions.confirm_import(obj=upload, fill_blanks=True, by=staff, now=now)
    response = staff_client.post(reverse("partners:import-cancel", args=[upload.pk]), follow=True)
    assert "cannot be done now" in response.content.decode()
