"""A browser and a district that is empty but for its villages, rules and three of its staff."""

from __future__ import annotations

import os

import pytest
from django.core.management import call_command
from django.db import connections

from bansos.common import db
from recipients.roles import install_roles
from tests.factories.staff import make_user
from tests.journeys.steps import PASSWORD
from tests.rendered import CHROMIUM


@pytest.fixture
def browser(monkeypatch):
    from playwright.sync_api import sync_playwright

    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()
        connections.close_all()  # of this context: the browser's loop has connections apart


@pytest.fixture
def district(transactional_db, settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    for command in ("load_regions", "load_rule_sets"):
        call_command(command, stdout=open(os.devnull, "w"))  # noqa: SIM115
    for role in ("data_admin", "office_head", "office_verifier"):
        user = make_user(role)
        user.set_password(PASSWORD)
        user.save()
    yield tmp_path
    db.run(  # connections of the server's threads would keep the test database from being dropped
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
