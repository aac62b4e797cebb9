#!/usr/bin/env python
"""Django's command line; without DATABASE_URL it runs on the embedded servers."""

import os
import sys

NEEDS_NO_SERVER = {
    "help",
    "version",
    "--help",
    "--version",
    "check",
    "collectstatic",
    "makemessages",
    "compilemessages",
    "make_district",
}
NEEDS_BASE_DATA = {"import_release", "verify", "explain", "make_demo_objection", "make_family_code"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in NEEDS_NO_SERVER:
        from bansos import embedded

        embedded.use()
    if command in NEEDS_BASE_DATA and not os.environ.get("DATABASE_URL"):
        prepare_embedded()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def prepare_embedded() -> None:
    """A fresh data folder gets its schema and base data by itself; a real database is migrated on purpose only."""
    import django

    from bansos import prepare

    django.setup()
    if not prepare.is_prepared():
        sys.stderr.write("Menyiapkan basis data tertanam: skema, wilayah, peran, aturan program.\n")
        prepare.prepare()


if __name__ == "__main__":
    main()
