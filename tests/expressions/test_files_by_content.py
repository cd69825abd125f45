"""Which files are taken as answers: by their content, from the first byte to the last."""

import io
import random
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import filetypes
from core.enums import FileKind
from core.filetypes import FileRefused, safe_name
from tests.expressions.hostile import HARMLESS, HOSTILE, word_with, xlsx


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_file_is_taken_for_what_it_is(name):
    kind = filetypes.check(name, HARMLESS[name])
    assert name.lower().replace(".jpeg", ".jpg").endswith(kind.value)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_words_and_soon(name):
    begun = time.monotonic()
    with pytest.raises(FileRefused) as refusal:
        filetypes.check(name, HOSTILE[name])
    assert len(str(refusal.value)) > 15
    assert time.monotonic() - begun < 2


def test_chart_of_a_document_may_embed_a_workbook():
    content = word_with({"word/embeddings/Microsoft_Excel_Sheet1.xlsx": xlsx()})
    assert filetypes.check("chart.docx", content) == FileKind.DOCX


def test_hyperlink_to_the_outside_is_no_template():
    rels = b'<Relationship Type="http://x/hyperlink" Target="https://x" TargetMode="External"/>'
    content = word_with({"word/_rels/document.xml.rels": rels})
    assert filetypes.check("links.docx", content) == FileKind.DOCX


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plan.pdf", "plan.pdf"),
        ("C:\\Users\\ann\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        ('x"; filename="y.html', "x; filename=y.html"),
        ("  .pdf", "file.pdf"),
        ("", ""),
    ],
)
def test_name_is_shown_without_folders_and_tricks(sent, shown):
    assert safe_name(sent) == shown


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_can_be_kept_and_sent(name):
    shown = safe_name(name)
    assert len(shown) <= filetypes.MOST_NAME
    assert not set(shown) & set('/\\"<>\r\n\0')


@given(name=st.sampled_from(sorted(HARMLESS)), data=st.data())
def test_damaged_file_is_refused_or_taken_but_never_an_error(name, data):
    content = bytearray(HARMLESS[name])
    for _change in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    for tried in (bytes(content), bytes(content[:cut])):
        try:
            filetypes.check(name, tried)
        except FileRefused:
            continue


def test_packed_file_whose_names_are_in_no_known_letters_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("\u00e9.xml", "x")
    with pytest.raises(FileRefused):
        filetypes.check("plan.docx", packed.getvalue().replace(b"\xc3\xa9", b"\x80\xa9"))


def test_noise_is_never_taken_for_a_packed_or_pictured_file():
    dice = random.Random(7)
    for kind in ("pdf", "docx", "xlsx", "odt", "png", "jpg"):
        for _again in range(50):
            with pytest.raises(FileRefused):
                filetypes.check(f"noise.{kind}", dice.randbytes(dice.randint(1, 4_000)))
