"""Tags: free words, of which those that are used already are suggested."""

from collections.abc import Iterable

from django.db.models import Count

from .models import Project, Tag

MOST_TAGS = 12
LONGEST_TAG = 40
SUGGESTED = 12


def names_of_tags(text: str) -> list[str]:
    """The tags in ``text``, with a comma or a new line between; each once, whatever its case."""
    found: dict[str, str] = {}
    for piece in text.replace("\n", ",").split(","):
        name = " ".join(piece.split())
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def set_tags(*, project: Project, names: Iterable[str]) -> None:
    """Let ``project`` have exactly these tags; one that is known keeps its spelling."""
    wanted = {name.casefold(): name for name in names}
    Tag.objects.bulk_create(
        [Tag(name=name, key=key) for key, name in sorted(wanted.items())], ignore_conflicts=True
    )
    project.tags.set(Tag.objects.filter(key__in=wanted))


def suggested_tags() -> list[str]:
    """The tags that most projects have."""
    used = Tag.objects.annotate(times=Count("projects")).filter(times__gt=0)
    return list(used.order_by("-times", "key").values_list("name", flat=True)[:SUGGESTED])
