"""Loading the whole programme, again, and removing what is only an example."""

from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import CharField, Max
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import User
from expressions.models import Call, Expression, Letter
from impact_portal.management.commands.load_programme import PARTS
from impact_portal.programme.frame import DATA
from notifications.models import Message
from projects.models import Project


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in settings.ROOMS]


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def rows_and_last_changes():
    """How many rows each model has, and when one was last changed."""
    found = {}
    for model in own_models():
        names = {field.name for field in model._meta.local_fields}
        last = Max("updated_at") if "updated_at" in names else Max(Cast("pk", CharField()))
        found[model._meta.label] = (
            model._base_manager.count(),
            model._base_manager.aggregate(last=last)["last"],
        )
    return found


def test_every_part_of_the_programme_is_loaded(programme):
    assert [part for part in PARTS if not (DATA.parent / f"{part}.py").exists()] == []
    assert [line for line in programme.splitlines() if "nothing new" in line] == []


def test_second_run_changes_nothing(programme):
    before = rows_and_last_changes()
    run("load_programme")
    assert rows_and_last_changes() == before


def test_a_round_is_being_decided_with_its_letters_held(programme, client):
    call = Call.objects.get(slug="facilitators-in-local-places")
    states = call.expressions.values_list("state", flat=True)
    assert sorted(states) == ["assessed", "declined", "offered", "offered", "reserve"]
    assert not Letter.objects.filter(expression__call=call).exists()
    client.force_login(User.objects.get(email="programme.manager@example.org"))
    page = client.get(reverse("expressions:deciding", args=[call.pk])).content.decode()
    assert "it keeps the place for Wales." in page
    release = client.get(reverse("expressions:release", args=[call.pk])).content.decode()
    assert "1 expression of interest is not decided yet." in release


def test_an_accepted_offer_became_a_project_that_shows_its_answers(programme, client):
    one = Expression.objects.get(reference="EOI-G1-0001")
    project = one.carried_over.project
    assert (one.state, project.model, project.is_example) == ("project", "guide", True)
    client.force_login(User.objects.get(email="programme.manager@example.org"))
    page = client.get(project.get_absolute_url()).content.decode()
    assert "What they wrote when they applied" in page
    assert "Forty people here arrange their own support." in page
    history = client.get(reverse("expressions:staff-page", args=[one.pk])).content.decode()
    assert "By telephone, by the coordinator of the group." in history


def test_loading_sends_nothing_to_anybody(programme):
    assert Message.objects.count() == 0


def test_removal_counts_first_and_then_leaves_only_facts(programme):
    people = User.objects.count()
    assert "would be removed" in run("remove_example_data")
    assert User.objects.count() == people
    run("remove_example_data", "--yes")
    left = {
        model._meta.label: model._base_manager.filter(is_example=True).count()
        for model in own_models()
        if "is_example" in {field.name for field in model._meta.local_fields}
    }
    assert {label: count for label, count in left.items() if count} == {}
    assert Project.objects.filter(slug="choice-and-control-in-supported-living").count() == 1


def test_sign_ins_are_shown_in_the_demonstration_alone(programme, settings):
    with pytest.raises(CommandError):
        run("show_sign_ins")
    settings.DEMONSTRATION = True
    assert "programme.staff@example.org" in run("show_sign_ins")


def test_translations_are_compiled_without_gettexts_tools(tmp_path, settings):
    folder = tmp_path / "cy" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    settings.LOCALE_PATHS = [tmp_path]
    assert run("compile_translations") == "  cy: compiled\n"
    assert (folder / "django.mo").exists()
    assert run("compile_translations") == ""
