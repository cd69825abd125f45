"""Sizes, states and signals; each guard is shown to find a planted fault."""

from pathlib import Path

import pytest

from tests.support.checks import source
from tests.support.checks.layers import LAYER

ROOT = Path(__file__).resolve().parents[2]
ROOMS = list(LAYER)


def test_functions_keep_to_fifty_lines():
    assert source.long_functions(ROOT, [*ROOMS, "bin", "benchmarks"]) == []


def test_files_keep_to_five_hundred_lines():
    assert source.long_files(ROOT, [*ROOMS, "bin", "benchmarks"], source.FILE_LINES) == []


def test_test_files_keep_to_a_thousand_lines():
    assert source.long_files(ROOT, ["tests"], source.TEST_FILE_LINES) == []


def test_view_methods_keep_to_fifteen_lines():
    assert source.long_view_methods(ROOT, ROOMS) == []


def test_templates_keep_to_their_budget():
    assert source.long_templates(ROOT) == []


def test_states_change_through_the_one_door():
    assert source.states_assigned(ROOT, ROOMS) == []


def test_no_room_hides_consequences_in_model_signals():
    assert source.signal_receivers(ROOT, ROOMS) == []


def test_days_are_days_in_london():
    assert source.utc_days(ROOT, ROOMS) == []


@pytest.fixture
def room(tmp_path):
    (tmp_path / "room").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path / "room"


def plant(room: Path, name: str, text: str) -> Path:
    (room / name).write_text(text)
    return room.parent


@pytest.mark.parametrize(
    "text",
    ["thing.state = 'open'\n", "Thing.objects.filter(pk=1).update(state='open')\n"],
)
def test_planted_state_assignment_is_found(room, text):
    assert source.states_assigned(plant(room, "services.py", text), ["room"]) == [
        "room/services.py:1"
    ]


def test_planted_long_function_is_found(room):
    root = plant(room, "services.py", "def f():\n" + "    x = 1\n" * 50)
    assert source.long_functions(root, ["room"]) == ["room/services.py:1 f: 51"]


def test_planted_long_file_is_found(room):
    root = plant(room, "services.py", "x = 1\n" * 501)
    assert source.long_files(root, ["room"], 500) == ["room/services.py: 501 lines"]


@pytest.mark.parametrize("name", ["views.py", "setting_views.py", "pages.py"])
def test_planted_long_view_method_is_found(room, name):
    text = "class V:\n    def get(self):\n" + "        x = 1\n" * 15
    root = plant(room, name, text)
    assert source.long_view_methods(root, ["room"]) == [f"room/{name}:2 get: 16"]


def test_planted_long_template_is_found(room):
    (room.parent / "templates" / "long.html").write_text("x\n" * 151)
    assert source.long_templates(room.parent) == ["templates/long.html: 151 lines"]


def test_planted_signal_receiver_is_found(room):
    root = plant(room, "models.py", "from django.db.models.signals import post_save\n")
    assert source.signal_receivers(root, ["room"]) == ["room/models.py:1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("now.date()\n", ["room/services.py:1"]),
        ("(now + WEEK).date()\n", ["room/services.py:1"]),
        ("call.opened_at.date()\n", ["room/services.py:1"]),
        ("timezone.localtime(now).date()\n", []),
        ("timezone.localdate(now)\n", []),
    ],
)
def test_planted_day_in_utc_is_found(room, text, found):
    assert source.utc_days(plant(room, "services.py", text), ["room"]) == found
