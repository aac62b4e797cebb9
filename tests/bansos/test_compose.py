"""docker-compose.yml against the code: no engine runs here, so what it names must at least exist."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
PORTAL = [name for name, service in SERVICES.items() if service["image"] == "bansos:latest"]
ONE_SHOT = {"migrate"}
CODE = "".join(
    path.read_text()
    for path in [
        *ROOT.glob("bansos/*.py"),
        *ROOT.glob("bansos/common/*.py"),
        *ROOT.glob("objections/**/*.py"),
    ]
)


def commands(service: dict) -> list[list[str]]:
    """Every command line of a service: what it runs and what its health check runs; `sh -c` taken apart."""
    lines = [service.get("command", []), service.get("healthcheck", {}).get("test", ["CMD"])[1:]]
    found = []
    for line in lines:
        if line[:2] == ["sh", "-c"]:
            found += [shlex.split(part) for part in line[2].split("&&")]
        elif line:
            found.append(line)
    return found


def test_the_production_shape_is_complete():
    assert set(SERVICES) == {"database", "broker", "migrate", "web", "worker", "beat", "sweep", "proxy"}
    assert set(PORTAL) == {"migrate", "web", "worker", "beat", "sweep"}
    assert SERVICES["database"]["image"] == "postgres:18"


@pytest.mark.parametrize("name", PORTAL)
def test_every_command_exists_in_the_code(name):
    lines = commands(SERVICES[name])

    assert lines
    for line in lines:
        if line[:2] == ["python", "manage.py"]:
            assert line[2] in get_commands()
        elif line[0] == "gunicorn":
            assert callable(import_module(line[1]).application)
        elif line[0] == "celery":
            assert import_module(line[line.index("-A") + 1]).celery_app.main == "bansos"
        else:
            assert line[:2] == ["python", "-c"]
            compile(line[2], name, "exec")


def test_a_command_that_does_not_exist_would_be_noticed():
    """The control of the test above."""
    line = commands({"command": ["sh", "-c", "true && python manage.py no_such_command"]})[1]

    assert line[2] not in get_commands()


@pytest.mark.parametrize("name", PORTAL)
def test_every_environment_name_is_read_by_the_code(name):
    given = SERVICES[name]["environment"]

    assert given
    assert [variable for variable in given if f'"{variable}"' not in CODE] == []


def test_what_the_settings_require_is_given():
    required = set(re.findall(r'_required\("(\w+)"\)', (ROOT / "bansos/settings.py").read_text()))

    assert required
    assert required | {"DATABASE_URL", "REDIS_URL"} <= set(SERVICES["web"]["environment"])


def test_every_secret_comes_from_the_env_file():
    asked = set(re.findall(r"\$\{(\w+):\?\}", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^(\w+)=", (ROOT / ".ci/env.example").read_text(), re.MULTILINE))

    optional = set(re.findall(r"\$\{(\w+):-[^}]*\}", (ROOT / "docker-compose.yml").read_text()))
    assert asked <= named <= asked | optional
    assert {"BANSOS_SECRET_KEY", "BANSOS_VAULT_KEYS", "BANSOS_INDEX_KEY", "POSTGRES_PASSWORD"} <= asked


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root(name):
    assert SERVICES[name]["user"].split(":")[0] not in ("", "0", "root")


def test_the_image_itself_drops_root_and_takes_hashes_only():
    lines = (ROOT / ".ci/Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    installs = [line for line in lines if "pip install" in line]

    assert users == ["10001:10001"]
    assert installs
    assert all("--require-hashes" in line for line in installs)


def test_everything_the_image_copies_exists():
    copied = re.findall(r"^COPY (\S+)", (ROOT / ".ci/Dockerfile").read_text(), re.MULTILINE)

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_every_named_volume_and_network_is_declared():
    volumes = {mount.split(":")[0] for each in SERVICES.values() for mount in each.get("volumes", [])}
    networks = {name for each in SERVICES.values() for name in each["networks"]}

    assert {name for name in volumes if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert networks == set(COMPOSE["networks"])


def test_mounted_files_of_the_repository_exist():
    mounted = {mount.split(":")[0] for mount in SERVICES["proxy"]["volumes"]}

    assert {name for name in mounted if not (ROOT / name).exists()} == {"./tls"}


def test_only_the_proxy_is_reachable_and_it_overwrites_the_forwarded_address():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    headers = (ROOT / ".ci/nginx-portal.conf").read_text()

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in headers
    assert "proxy_set_header X-Forwarded-Proto https;" in headers


def test_the_broker_never_evicts_a_wake_up():
    command = SERVICES["broker"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
