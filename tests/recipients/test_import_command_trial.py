"""`import_release --dry-run` says what would happen, and leaves nothing behind."""

import json

import pytest
from django.core.management import CommandError, call_command

from bansos.common.models import Job
from recipients.models import Family, ImportBatch, ImportGuard, ImportRow
from tests.factories.registry import make_village
from tests.recipients.deliveries import as_csv, deliver, family_row, people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _village(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "sealed"
    make_village()


def counts():
    return [model.objects.count() for model in (Family, ImportBatch, ImportGuard, ImportRow, Job)]


def try_release(path, capsys, label="2026-Q2", as_of="2026-04-20"):
    call_command("import_release", path, "--release", label, "--as-of", as_of, "--by", people()[0].username,
                 "--dry-run", "--json")  # fmt: skip
    return json.loads(capsys.readouterr().out)


def test_a_trial_counts_as_the_import_would_and_leaves_nothing(tmp_path, capsys, settings):
    rows = [family_row() for _row in range(30)]
    deliver(as_csv(rows))
    changed = tmp_path / "keluarga.csv"
    changed.write_bytes(
        as_csv([rows[0] | {"desil_nasional": "9"}, family_row(), family_row(desil_nasional="12")])
    )
    before, files = counts(), sorted(settings.UPLOAD_DIR.iterdir())

    told = try_release(changed, capsys)

    assert {
        name: told[name] for name in ("state", "rows", "refused", "families_new", "families_changed")
    } == {
        "state": "PREVIEWED",
        "rows": 3,
        "refused": 1,
        "families_new": 1,
        "families_changed": 1,
    }
    assert told["refused_by_code"] == {"CODE_RANGE": 1}
    assert [guard["code"] for guard in told["guards"]] == ["FAMILIES_MISSING"]
    assert counts() == before
    assert sorted(settings.UPLOAD_DIR.iterdir()) == files


def test_a_trial_of_an_unreadable_file_says_why(tmp_path, capsys):
    broken = tmp_path / "keluarga.csv"
    broken.write_bytes(b"%PDF-1.7")

    with pytest.raises(CommandError, match="PDF"):
        try_release(broken, capsys)
