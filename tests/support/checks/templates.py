"""Faults in templates: unused ones, and words that gettext does not know of."""

import re
from pathlib import Path

_TAGS_WITH_WORDS = re.compile(r"{%\s*blocktrans.*?{%\s*endblocktrans\w*\s*%}", re.DOTALL)
_COMMENT = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)
_SILENT = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_TEMPLATE_TAG = re.compile(r"{[%{].*?[%}]}", re.DOTALL)
_ATTRIBUTE = re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"{]*[A-Za-z]{2}[^\"{]*)\"")
_HTML_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_ENTITY = re.compile(r"&\w+;|&#\d+;")
_WORD = re.compile(r"[A-Za-z]{2,}")


def untranslated(text: str) -> list[str]:
    """Visible words of a template that stand outside ``translate`` and ``blocktranslate``."""
    for pattern in (_COMMENT, _TAGS_WITH_WORDS, _SILENT, _TEMPLATE_TAG):
        text = pattern.sub(" ", text)
    found = _ATTRIBUTE.findall(text)
    for line in _ENTITY.sub(" ", _HTML_TAG.sub("\n", text)).splitlines():
        if _WORD.search(line):
            found.append(line.strip())
    return found


def untranslated_templates(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {words}"
        for path in sorted((root / "templates").rglob("*.html"))
        for words in untranslated(path.read_text(encoding="utf-8"))
    ]


def unused_templates(root: Path, overrides: tuple[str, ...]) -> list[str]:
    """Templates whose name stands nowhere. ``overrides``: folders that Django and allauth name."""
    places = [*root.glob("*/**/*.py"), *(root / "templates").rglob("*.*")]
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in places
        if not {"node_modules", ".venv", ".run", "tests"} & set(path.relative_to(root).parts)
    )
    return [
        name
        for path in sorted((root / "templates").rglob("*.*"))
        if not (name := str(path.relative_to(root / "templates"))).startswith(overrides)
        and not _is_named(name, text)
    ]


def _is_named(name: str, text: str) -> bool:
    if name in text:
        return True
    # Messages name their templates by their kind: "<room>.<kind>" or "<room>/email/<kind>".
    mail = re.fullmatch(r"(\w+)/email/(\w+?)_(?:subject|body)\.txt", name)
    if mail:
        room, kind = mail.groups()
        return f"{room}.{kind}" in text or f"{room}/email/{kind}" in text
    page = re.fullmatch(r"impact_portal/pages/(\w+)\.html", name)
    return bool(page and f'"{page.group(1)}"' in text)
