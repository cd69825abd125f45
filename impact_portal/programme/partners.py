"""The organisations that the sources name."""

from partners.models import Organisation

from .frame import Programme


def load(programme: Programme) -> None:
    """Load ``data/partners.yaml``. None of them is example data, and none has contacts."""
    for row in programme.data("partners"):
        fields = {key: row[key] for key in row if key != "name"}
        programme.put(Organisation, {"name": row["name"]}, **fields)
