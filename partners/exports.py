"""The register and the outreach log as rows of a table, as CSV at once or as Excel by a worker."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.enums import Nation
from core.labels import labels
from reports.enums import FileKind
from reports.registry import Progress, ReportKind, Sheet, register_report

from .enums import Channel, OrganisationKind, OrganisationSize, OutreachResult, Verdict
from .importing import PROBLEMS, column_label, columns
from .models import Organisation, OrganisationImport, OutreachContact

# More rows make a sheet that no one reads and a run that fills the database.
MOST_ROWS = 100_000


def header() -> list[str]:
    """The names of the register's columns."""
    return [
        _("Name"),
        _("Kind"),
        _("Nation"),
        _("Place"),
        _("Size"),
        _("New to this kind of project"),
        _("Website"),
        _("Links with people who are seldom heard"),
        _("Numbers in public registers"),
        _("Asked not to be contacted"),
        _("Example data"),
    ]


def rows(organisations: QuerySet[Organisation]) -> Iterator[list[str]]:
    """One row for each organisation, read in chunks."""
    kinds, nations, sizes = labels(OrganisationKind), labels(Nation), labels(OrganisationSize)
    found = organisations.prefetch_related("identifiers")
    for one in found.iterator(chunk_size=500):
        yield [
            one.name,
            kinds.get(one.kind, one.kind),
            nations.get(one.nation, ""),
            one.place,
            sizes.get(one.size, ""),
            _("Yes") if one.is_first_timer else _("No"),
            one.website,
            one.seldom_heard_links,
            ", ".join(str(number) for number in one.identifiers.all()),
            one.no_contact_since.isoformat() if one.no_contact_since else "",
            _("Yes") if one.is_example else _("No"),
        ]


def outreach_header() -> list[str]:
    """The names of the outreach log's columns."""
    return [
        _("Organisation"),
        _("Kind"),
        _("Nation"),
        _("Date"),
        _("How"),
        _("Who of us"),
        _("What it was about"),
        _("What came of it"),
        _("Get in touch again on"),
        _("Asked not to be contacted"),
    ]


def outreach_rows(entries: QuerySet[OutreachContact]) -> Iterator[list[str]]:
    """One row for each entry, read in chunks."""
    kinds, nations = labels(OrganisationKind), labels(Nation)
    channels, results = labels(Channel), labels(OutreachResult)
    for one in entries.select_related("organisation", "by").iterator(chunk_size=500):
        organisation = one.organisation
        yield [
            organisation.name,
            kinds.get(organisation.kind, ""),
            nations.get(organisation.nation, ""),
            one.happened_on.isoformat(),
            channels.get(one.channel, ""),
            str(one.by) if one.by else "",
            one.about,
            results.get(one.result, ""),
            one.follow_up_on.isoformat() if one.follow_up_on else "",
            _("Yes") if organisation.no_contact_since else _("No"),
        ]


def template_rows() -> list[list[str]]:
    """The file to begin with: headings, and one organisation as an example."""
    example = {
        "name": _("Our group"),
        "kind": str(OrganisationKind.COMMUNITY.label),
        "nation": str(Nation.WALES.label),
        "place": "Newport",
        "size": str(OrganisationSize.TINY.label),
        "website": "https://www.example.org",
        "is_first_timer": _("Yes"),
        "GB-CHC": "1123456",
    }
    return [[column_label(column) for column in columns()], [example.get(c, "") for c in columns()]]


def import_header() -> list[str]:
    """The names of the columns of a file's report."""
    return [_("Line"), _("What we found"), _("What needs mending"), *map(column_label, columns())]


def import_rows(upload: OrganisationImport) -> Iterator[list[Any]]:
    """One row for each row of the file, with what the check says of it."""
    verdicts = labels(Verdict)
    for row in upload.rows:
        values = {**row["values"], **row["numbers"]}
        yield [
            row["line"],
            verdicts[row["verdict"]],
            problems_in_words(row),
            *(_cell(values.get(column, "")) for column in columns()),
        ]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value


def problems_in_words(row: dict[str, Any]) -> str:
    """What is wrong with a row, column by column, in one line."""
    return "; ".join(
        f"{column_label(column)}: {PROBLEMS[code]}" for column, code in row["problems"].items()
    )


def table_parameters(table: str, query: QueryDict, user: User) -> dict[str, Any]:
    """What a run of the table says: which one, the filters in the address, and for whom."""
    asked = query.copy()
    for name in ("cursor", "csrfmiddlewaretoken"):
        asked.pop(name, None)
    return {"table": table, "query": asked.urlencode(), "for": user.pk}


def collect(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The rows of the table as its list shows them to the person who asked."""
    from .filters import filtered

    user = User.objects.get(pk=parameters["for"])
    found = filtered(parameters["table"], QueryDict(parameters["query"]), user)[:MOST_ROWS]
    total = found.count()
    make = rows if parameters["table"] == "register" else outreach_rows
    lines = []
    for number, line in enumerate(make(found), start=1):
        lines.append(line)
        progress(number, total, _("Reading the table"))
    head = header() if parameters["table"] == "register" else outreach_header()
    return {"header": head, "rows": lines, "table": parameters["table"]}


def sheets(figures: dict[str, Any]) -> list[Sheet]:
    """The table as one sheet."""
    name = _("Organisations") if figures["table"] == "register" else _("Outreach")
    return [(name, figures["header"], figures["rows"])]


TABLE = ReportKind(
    name="partners.table",
    title=gettext_lazy("Organisations, as a table"),
    description=gettext_lazy("The register or the outreach log, as it was filtered."),
    permission="partners.export_table",
    collect=collect,
    template="",  # a table of cells, never a page
    sheets=sheets,
    formats=(FileKind.XLSX,),
    scoped=True,
    keep_days=30,
)


def register() -> None:
    """Make the table known to the reports room."""
    register_report(TABLE)
