"""What docs/deployment.md, deploy/env.example, the compose file and the image say agrees."""

import ast
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import yaml

from tests.support.services import REPOSITORY

COMPOSE = (REPOSITORY / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
KEEP_RUNNING = {"proxy", "web", "worker", "beat", "postgres", "redis"}


def names_read_in_settings():
    """Every variable that a settings module asks `env` for."""
    found = set()
    for path in (REPOSITORY / "impact_portal" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.value if isinstance(node.func, ast.Attribute) else node.func
                first = node.args[0]
                if isinstance(called, ast.Name) and called.id == "env":
                    found.add(first.value)
    return found


def example():
    """The variables of deploy/env.example."""
    text = (REPOSITORY / "deploy" / "env.example").read_text()
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))


def test_the_table_lists_exactly_the_variables_that_the_settings_read():
    text = (REPOSITORY / "docs" / "deployment.md").read_text()
    table = text.split("## Environment variables")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE)
    assert sorted(documented) == sorted(names_read_in_settings())


def test_the_example_has_every_variable_that_compose_requires_and_no_unknown_one():
    required = set(re.findall(r"\$\{([A-Z_]+):\?", COMPOSE))
    known = set(re.findall(r"\$\{([A-Z_]+)[:}]", COMPOSE))
    assert required - set(example()) == set()
    assert set(example()) - known == set()
    assert all(example().values())


def test_compose_hands_every_production_setting_to_the_portal():
    environment = SERVICES["web"]["environment"]
    set_in_image = {"MEDIA_ROOT", "STATIC_ROOT"}
    never_in_production = {"DEBUG", "STAFF_SECOND_FACTOR_REQUIRED"}
    assert names_read_in_settings() - set_in_image - never_in_production == (
        set(environment) - {"WEB_CONCURRENCY"}
    )


def test_beat_runs_once_and_web_and_worker_twice():
    replicas = {name: SERVICES[name]["deploy"]["replicas"] for name in ("web", "worker", "beat")}
    assert replicas == {"web": 2, "worker": 2, "beat": 1}


def test_everything_that_keeps_running_restarts_and_is_asked_after():
    assert set(SERVICES) == KEEP_RUNNING | {"migrate", "backup"}
    image_has_one = {"web"}
    for name in KEEP_RUNNING:
        assert SERVICES[name]["restart"] == "unless-stopped", name
        assert "test" in SERVICES[name].get("healthcheck", {}) or name in image_has_one, name


def test_only_the_proxy_can_be_reached_and_data_has_no_way_out():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["inside"]
    assert yaml.safe_load(COMPOSE)["networks"]["inside"] == {"internal": True}


def test_redis_keeps_its_queue_and_evicts_nothing():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_each_named_volume_is_declared():
    declared = set(yaml.safe_load(COMPOSE)["volumes"])
    mounts = [mount for one in SERVICES.values() for mount in one.get("volumes", [])]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(".")}
    assert named == declared


def test_the_image_runs_as_an_ordinary_user_with_hashed_packages_and_a_health_check():
    text = (REPOSITORY / "Dockerfile").read_text()
    last_stage = text.rsplit("\nFROM ", 1)[1]
    assert re.findall(r"^USER (\w+)", last_stage, flags=re.MULTILINE) == ["portal"]
    assert "HEALTHCHECK" in last_stage
    assert "uv pip sync --no-cache --require-hashes" in text
    assert "SECRET_KEY" not in last_stage


def test_no_secret_or_local_file_gets_into_the_image():
    ignored = (REPOSITORY / ".dockerignore").read_text().split()
    assert {".env", ".run", ".venv", ".git", "node_modules"} - set(ignored) == set()


class Health(BaseHTTPRequestHandler):
    """Answers 200 to the right host name only, as Django does."""

    def do_GET(self):
        right = (self.path, self.headers["Host"]) == ("/health/", "portal.example.org")
        self.send_response(200 if right else 400)
        self.end_headers()

    def log_message(self, *words):
        """Say nothing."""


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("hosts", "code"),
    [("portal.example.org,other", 0), (".portal.example.org", 0), ("other", 1)],
)
def test_the_health_check_asks_with_an_accepted_host_name(tmp_path, hosts, code):
    server = HTTPServer(("127.0.0.1", 0), Health)
    Thread(target=server.serve_forever, daemon=True).start()
    script = (REPOSITORY / "deploy" / "healthcheck.py").read_text()
    moved = tmp_path / "healthcheck.py"
    moved.write_text(script.replace(":8000/", f":{server.server_port}/"))
    environment = {**os.environ, "ALLOWED_HOSTS": hosts}
    done = subprocess.run([sys.executable, moved], env=environment, check=False)
    server.shutdown()
    server.server_close()
    assert done.returncode == code


def test_gunicorn_accepts_its_configuration():
    command = [sys.executable, "-m", "gunicorn", "--check-config"]
    configuration = ["--config", "deploy/gunicorn.conf.py", "wsgiref.simple_server:demo_app"]
    done = subprocess.run([*command, *configuration], cwd=REPOSITORY, check=False)
    assert done.returncode == 0
