"""How long people are asked to object after a release: the pilot's month, in working days."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("objections", "ServiceTime").objects.create(
        step="OBJECT", working_days=20, basis="Uji coba Banyuwangi: satu bulan; perlu ditetapkan kantor"
    )


def empty(apps: Any, schema_editor: Any) -> None:
    apps.get_model("objections", "ServiceTime").objects.filter(step="OBJECT").delete()


class Migration(migrations.Migration):
    dependencies = [("objections", "0013_objection_window")]

    operations = [migrations.RunPython(fill, empty)]
