"""Finding organisations by words, by number, and by a name that is nearly the same."""

from difflib import SequenceMatcher

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models

from . import identifiers
from .models import Organisation, OrganisationIdentifier

MOST_NUMBERS = 50
MOST_SIMILAR = 10
NEAR = 0.45


def with_words(organisations: models.QuerySet, text: str) -> models.QuerySet:
    """Those in whose name or place each word of ``text`` stands, or that have it as a number.

    On PostgreSQL the trigram indexes of migration 0004 serve; elsewhere the table is read. One
    query more where ``text`` has a digit or is a whole code: numbers are looked up first, so that
    the search itself keeps to one table and its indexes.
    """
    found = models.Q()
    for word in text.split():
        found &= models.Q(name__icontains=word) | models.Q(place__icontains=word)
    if numbered := _with_number(text):
        found |= models.Q(pk__in=numbered)
    return organisations.filter(found)


def _with_number(text: str) -> list[int]:
    """The ids of organisations of which ``text`` is a number, or its beginning."""
    rows = OrganisationIdentifier.objects.all()
    if code := identifiers.split_code(text):
        rows = rows.filter(scheme=code[0], value=code[1])
    elif any(letter.isdigit() for letter in text):
        typed = "".join(text.upper().split())[: identifiers.LONGEST]
        rows = rows.filter(value__startswith=typed.lstrip("0") or typed) | rows.filter(
            value__startswith=typed
        )
    else:
        return []
    return list(rows.values_list("organisation_id", flat=True)[:MOST_NUMBERS])


def similar_to(organisation: Organisation) -> list[Organisation]:
    """Others that may be the same: the same name key or website, or nearly the same name.

    The likeliest first, ten at most. On PostgreSQL by trigrams; elsewhere those that share the
    first word of the name are compared letter by letter.
    """
    others = Organisation.objects.exclude(pk=organisation.pk)
    same = models.Q(name_key=organisation.name_key)
    if organisation.website_domain:
        same |= models.Q(website_domain=organisation.website_domain)
    found = list(others.filter(same).order_by("id")[:MOST_SIMILAR])
    near = others.exclude(pk__in=[one.pk for one in found])
    found += _nearly(near, organisation)
    return found[:MOST_SIMILAR]


def _nearly(others: models.QuerySet, organisation: Organisation) -> list[Organisation]:
    if connection.vendor == "postgresql":
        near = others.annotate(near=TrigramSimilarity("name", organisation.name))
        return list(near.filter(near__gte=NEAR).order_by("-near", "id")[:MOST_SIMILAR])
    first = organisation.name_key.split(" ")[0]
    rated = [
        (SequenceMatcher(None, organisation.name_key, one.name_key).ratio(), -one.pk, one)
        for one in others.filter(name_key__startswith=first).order_by("id")[:1000]
    ]
    return [one for rate, _pk, one in sorted(rated, reverse=True)[:MOST_SIMILAR] if rate >= 0.75]
