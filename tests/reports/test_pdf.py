"""PDFs: tagged, with title and language, and made without fetching anything."""

import socket
from pathlib import Path

import pypdf
import pytest
from weasyprint import HTML

from reports.pdf import FetchRefused, SealedFetcher, write_pdf

REFUSED = [
    "http://127.0.0.1:1/",
    "https://example.org/a.png",
    "HTTP://example.org/",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "ftp://example.org/a",
    "gopher://example.org/",
    "jar:file:///a!/b",
    "//example.org/a.png",
    "/etc/passwd",
    "static:../impact_portal/settings/base.py",
    "static:fonts/%2e%2e/%2e%2e/manage.py",
    "static:css/portal.css",
    "static:/etc/passwd",
    "",
]


@pytest.mark.parametrize("url", REFUSED)
def test_fetcher_refuses(url):
    with pytest.raises(FetchRefused):
        SealedFetcher().fetch(url)


def test_fetcher_gives_data_addresses_and_the_fonts():
    assert SealedFetcher().fetch("data:text/plain,hello").read() == b"hello"
    font = SealedFetcher().fetch("static:fonts/atkinson-hyperlegible-latin-400-normal.woff2")
    assert font.read()[:4] == b"wOF2"


@pytest.fixture
def listener():
    """A server that counts who calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        yield server


def called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except TimeoutError:
        return False
    return True


VECTORS = [
    '<img src="{url}" alt="a">',
    '<link rel="stylesheet" href="{url}">',
    "<style>@import '{url}';</style>",
    '<style>body {{ background: url("{url}") }}</style>',
    "<style>@font-face {{ font-family: x; src: url('{url}') }} body {{ font-family: x }}</style>",
    '<link rel="attachment" href="{url}">',
    '<a rel="attachment" href="{url}">a</a>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<base href="{url}"><img src="a.png" alt="a">',
    '<svg width="9" height="9"><title>t</title><image href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><title>t</title><use href="{url}#a"/></svg>',
    '<img alt="a" src="data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'%3E'
    "%3Cimage href='{url}' width='9' height='9'/%3E%3C/svg%3E\">",
    '<ul style="list-style-image: url({url})"><li>a</li></ul>',
    '<p style="content: url({url})">a</p>',
]


@pytest.mark.parametrize("vector", VECTORS)
def test_document_reaches_no_server_and_no_file(vector, listener, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    for url in [f"http://127.0.0.1:{listener.getsockname()[1]}/a", secret.as_uri()]:
        target = tmp_path / "report.pdf"
        body = vector.format(url=url)
        write_pdf(f'<html lang="en"><title>T</title><body>{body}<p>Text</p></body></html>', target)
        reader = pypdf.PdfReader(target)
        assert reader.attachments == {}
        assert "secret" not in "".join(page.extract_text() for page in reader.pages)
    assert not called(listener)


def test_vectors_do_reach_out_without_the_sealed_fetcher(listener, tmp_path):
    """The control: the same document with WeasyPrint's own fetcher calls the server."""
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/a"
    caller = HTML(string=VECTORS[0].format(url=url))
    caller.url_fetcher._timeout = 0.1
    caller.write_pdf(tmp_path / "report.pdf")
    assert called(listener)


def structure(pdf: Path) -> list[str]:
    """The tags of a PDF, in order."""
    found: list[str] = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"])[1:])
            if "/K" in node:
                walk(node["/K"])

    walk(pypdf.PdfReader(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_pdf_is_tagged_and_names_its_title_and_language(tmp_path):
    target = tmp_path / "report.pdf"
    write_pdf(
        '<html lang="cy"><title>Adroddiad ŵ</title><body><h1>Un</h1><h2>Dau</h2><table><caption>C'
        '</caption><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">r</th>'
        "</tr></tbody></table></body></html>",
        target,
    )
    reader = pypdf.PdfReader(target)
    assert reader.metadata.title == "Adroddiad ŵ"
    assert reader.trailer["/Root"]["/Lang"] == "cy"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert [tag for tag in structure(target) if tag in {"H1", "H2", "Table", "TH", "TD"}] == [
        "H1",
        "H2",
        "Table",
        "TH",
        "TH",
    ]
