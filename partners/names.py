"""Names and websites in the form in which two spellings of one organisation are the same."""

import re
import unicodedata
from urllib.parse import urlsplit

# Forms of incorporation say nothing of who it is; so does a leading article.
_NO_PART = {
    "the", "ltd", "limited", "plc", "llp", "cic", "cio", "scio", "uk", "charity", "charitable",
    "incorporated", "inc",
}  # fmt: skip
KEY_LENGTH = 200
# Addresses that many organisations share say nothing either.
SHARED_DOMAINS = {
    "facebook.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com",
    "sites.google.com", "wordpress.com", "wixsite.com", "nhs.uk", "gov.uk", "gov.scot",
    "gov.wales",
}  # fmt: skip


def name_key(name: str) -> str:
    """``name`` without capitals, accents, punctuation and the form of incorporation.

    A name that is nothing but such words keeps them: "The Charity" is "the charity".
    """
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^\w\s]|_", "", plain).split()
    kept = [word for word in words if word not in _NO_PART]
    return " ".join(kept or words)[:KEY_LENGTH]


def website_domain(address: str) -> str:
    """The domain of a website without "www."; nothing for one that many share."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    domain = host.casefold().rstrip(".").removeprefix("www.")[:200]
    return "" if domain in SHARED_DOMAINS else domain
