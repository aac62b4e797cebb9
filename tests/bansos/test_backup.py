"""A dump made as docs/operations.md says comes back whole, with what the database refuses and what the keys open."""

from __future__ import annotations

import subprocess

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from bansos import keeper
from bansos.common import vault
from tests.factories.registry import make_card_no, make_family, make_release


def run(tool: str, *words: str) -> None:
    place = settings.DATABASES["default"]
    where = ["-h", place["HOST"], "-U", place["USER"]]
    subprocess.run([keeper.postgres_bin(tool), *where, *words], check=True, capture_output=True)


def contents(cursor) -> dict[str, tuple[int, str]]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    tables = sorted(name for (name,) in cursor.fetchall())
    found = {}
    for table in tables:
        cursor.execute(
            f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
        )
        found[table] = cursor.fetchone()
    return found


@pytest.fixture
def restored(transactional_db, tmp_path):
    card_no = make_card_no()
    make_family(release=make_release(), card_no=card_no)
    dump = tmp_path / "bansos.dump"
    run("pg_dump", "--format=custom", "--file", str(dump), connection.settings_dict["NAME"])
    name = f"{connection.settings_dict['NAME']}_restored"
    run("createdb", name)
    try:
        run("pg_restore", "--exit-on-error", "--dbname", name, str(dump))
        with connection.cursor() as cursor:
            expected = contents(cursor)
        place = settings.DATABASES["default"]
        copy = psycopg2.connect(host=place["HOST"], user=place["USER"], dbname=name)
        yield copy, expected, card_no
        copy.close()
    finally:
        run("dropdb", "--force", name)


@pytest.mark.skipif(
    bool(settings.DATABASES["default"]["PORT"]), reason="a server of one's own has its own tools"
)
def test_a_restored_dump_is_the_same_row_for_row_guarded_and_readable_with_the_keys(restored):
    copy, expected, card_no = restored
    with copy.cursor() as cursor:
        assert contents(cursor) == expected
        assert expected["recipients_family"][0] == 1
        cursor.execute("SELECT sealed, index FROM recipients_familycardnumber")
        assert vault.decrypt(vault.CARD_NO, *cursor.fetchone()) == card_no
        with pytest.raises(psycopg2.Error, match="never deleted"):
            cursor.execute("DELETE FROM recipients_region WHERE code = '52.03'")
