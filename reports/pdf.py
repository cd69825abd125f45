"""HTML to accessible PDF, without fetching anything from anywhere.

WeasyPrint takes about two seconds to import: import this module inside functions of a worker.
"""

import io
import logging
from pathlib import Path
from urllib.parse import unquote

from django.contrib.staticfiles import finders
from PIL import ImageFile
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

# WeasyPrint switches this on for the whole process; pictures that people upload must be whole.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# A report asks for these by "static:fonts/name.woff2"; nothing else is read from the disk.
STATIC_SCHEME = "static:"
STATIC_FILES = {
    **{
        f"fonts/atkinson-hyperlegible-{part}-{weight}-normal.woff2": "font/woff2"
        for part in ("latin", "latin-ext")
        for weight in (400, 700)
    },
    "images/mark.svg": "image/svg+xml",
}

# Its lines name addresses that people have typed.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)


class FetchRefused(ValueError):
    """The document asked for something that is neither ``data:`` nor a known static file."""


class SealedFetcher(URLFetcher):
    """Hands out ``data:`` addresses and the known static files, and refuses everything else."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(STATIC_SCHEME):
            return self._static(url)
        if url[:5].lower() != "data:":
            raise FetchRefused
        return super().fetch(url, headers)

    @staticmethod
    def _static(url: str) -> URLFetcherResponse:
        name = unquote(url.removeprefix(STATIC_SCHEME))
        if name not in STATIC_FILES:
            raise FetchRefused
        path = finders.find(name)
        if path is None:
            raise FetchRefused
        content = Path(path).read_bytes()
        return URLFetcherResponse(url, io.BytesIO(content), {"Content-Type": STATIC_FILES[name]})


def write_pdf(html: str, target: Path) -> None:
    """Write ``html`` as PDF/UA-1 (tagged, with the language and title it names) to ``target``."""
    document = HTML(string=html, base_url=STATIC_SCHEME, url_fetcher=SealedFetcher())
    document.write_pdf(target, pdf_variant="pdf/ua-1")
