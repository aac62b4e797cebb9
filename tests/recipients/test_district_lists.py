"""The made-up lists come in through the real stages exactly as their manifest says."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from recipients.enums import FlagStatus
from recipients.models import Enrolment, ExternalFlag, ListDelivery, ListRow, PayoutRecord
from recipients.regions import load_regions
from recipients.synthetic.district import District
from tests.recipients.deliveries import deliver, people

pytestmark = pytest.mark.django_db(transaction=True)
FAMILIES = 600


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    out = tmp_path_factory.mktemp("district")
    return out, District(families=FAMILIES, seed=4, releases=2, with_lists=True).write(out)


def test_the_lists_of_a_district_come_in_as_its_manifest_says(district):
    folder, manifest = district
    load_regions()
    call_command("load_rule_sets", stdout=io.StringIO())
    for release in manifest["releases"]:
        files = [
            (folder / release["release"] / name).read_bytes() for name in ("keluarga.csv", "anggota.csv")
        ]
        deliver(*files, label=release["release"], as_of=date.fromisoformat(release["as_of"]))
        import_lists(folder, release)

    assert Enrolment.objects.filter(state="ACTIVE").count() > FAMILIES / 2
    assert Enrolment.objects.filter(state="WAITLISTED").exists()
    assert Enrolment.objects.filter(exit_reason="OFF_LIST").exists()
    assert set(ExternalFlag.objects.values_list("status", flat=True)) == {FlagStatus.ALLEGED}
    assert PayoutRecord.objects.count() > FAMILIES / 4


def import_lists(folder, release):
    by, approver = (person.username for person in people())
    words = [str(folder), "--release", release["release"], "--by", by, "--approve-by", approver]
    out = io.StringIO()
    call_command("import_district_lists", *words, stdout=out)
    again = ListRow.objects.count(), ListDelivery.objects.count()
    call_command("import_district_lists", *words, stdout=io.StringIO())

    for entry, told in zip(release["lists"], json.loads(out.getvalue()), strict=True):
        wanted = {name: entry[name] for name in ("kind", "rows", "used", "by_code")}
        assert {name: told[name] for name in wanted} == wanted, entry["file"]
    assert again == (ListRow.objects.count(), ListDelivery.objects.count())


def test_the_same_seed_gives_the_same_lists(district, tmp_path):
    folder, _manifest = district
    District(families=FAMILIES, seed=4, releases=1, with_lists=True).write(tmp_path)

    for path in sorted((tmp_path / "2025-Q4").glob("daftar-*.csv")):
        assert path.read_bytes() == (folder / "2025-Q4" / path.name).read_bytes(), path.name


def test_no_list_of_the_district_names_a_number_that_could_be_somebodys(district):
    folder, _manifest = district

    for path in folder.glob("*/daftar-tanda-*.csv"):
        for line in path.read_text().splitlines()[1:]:
            assert line.startswith("520399"), path.name
