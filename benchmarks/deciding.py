"""Applying a plan and releasing the letters of a large call, as within one request.

``python -m benchmarks.deciding [--rows 2000]``, in a database of its own.
"""

import argparse
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

OUTCOMES = ("offered", "reserve", "declined", "declined")


def fill(rows: int) -> tuple[Any, Any]:
    """(call, who decides): ``rows`` assessed expressions, each with one person to write to."""
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from accounts.enums import RoleKind
    from accounts.models import Role, User
    from expressions.models import Call, Expression
    from partners.models import Organisation

    now = timezone.now()
    call = Call.objects.create(
        slug="bench",
        title="Bench",
        year=2026,
        state="deciding",
        opens_at=now - timedelta(days=90),
        closes_at=now - timedelta(days=30),
    )
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Organisation {n}", name_key=f"organisation {n}") for n in range(rows)
    )
    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", preferred_name=f"P {n}") for n in range(rows + 1)
    )
    boss, *writers = people
    scope = ContentType.objects.get_for_model(Organisation)
    began = timezone.localdate() - timedelta(days=9)
    held = {"kind": RoleKind.PARTNER_CONTACT, "starts_on": began}
    roles = [
        Role(person=person, scope_type=scope, scope_id=one.pk, **held)
        for person, one in zip(writers, organisations, strict=True)
    ]
    roles.append(Role(person=boss, kind=RoleKind.PROGRAMME_MANAGER, starts_on=began))
    Role.objects.bulk_create(roles)
    Expression.objects.bulk_create(
        Expression(
            call=call,
            organisation=one,
            state="assessed",
            reference=f"B-{one.pk}",
            submitted_at=now,
            listed_at=now,
        )
        for one in organisations
    )
    return call, boss


def timed(work: Callable[[], Any]) -> tuple[float, int]:
    """(seconds, queries) of ``work``."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    began = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        work()
    return time.perf_counter() - began, len(queries)


def give_day(call: Any) -> None:
    """Word the letter of offer, with a day to answer."""
    from django.utils import timezone

    from expressions.models import LetterTemplate

    day = timezone.localdate() + timedelta(days=20)
    LetterTemplate.objects.create(
        call=call, outcome="offered", subject="An offer", body="By {answer by}.", answer_by=day
    )


def measure(rows: int) -> None:
    """Print the seconds and queries of both."""
    from django.utils import timezone

    from expressions.selectors import deciding as selectors
    from expressions.services import deciding

    call, boss = fill(rows)
    give_day(call)
    ids = call.expressions.order_by("pk").values_list("pk", flat=True)
    proposal = {pk: OUTCOMES[number % len(OUTCOMES)] for number, pk in enumerate(ids)}
    seen = selectors.mark_of(selectors.changes_by(call, proposal, boss))
    kept: dict[str, Any] = {"call": call, "by": boss, "now": timezone.now()}
    applied = timed(
        lambda: deciding.apply_proposal(proposal=proposal, seen=seen, reason="The plan.", **kept)
    )
    released = timed(lambda: deciding.release(without_feedback=True, **kept))
    for words, (seconds, queries) in (("plan applied", applied), ("letters released", released)):
        print(f"{words}, {rows:,} expressions: {seconds:.2f} s, {queries} queries")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    rows = parser.parse_args().rows
    from benchmarks.server import address_of_own_database, make_database

    url = os.environ["DATABASE_URL"]
    make_database(url)
    os.environ["DATABASE_URL"] = address_of_own_database(url)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    measure(rows)


if __name__ == "__main__":
    main()
