from django.db import migrations

from bansos.common.guards import create_functions, guard, keep

FAMILY, PERSON, REGION, RELEASE = (
    "recipients_family",
    "recipients_person",
    "recipients_region",
    "recipients_registryrelease",
)


class Migration(migrations.Migration):
    dependencies = [("recipients", "0002_past_memberships")]

    operations = [
        *create_functions(),
        *guard("recipients_family", village_id=REGION),
        *guard("recipients_familycardnumber", family_id=FAMILY),
        *guard("recipients_personnik", person_id=PERSON),
        *guard(
            "recipients_welfaresnapshot",
            family_id=FAMILY,
            village_id=REGION,
            from_release_id=RELEASE,
            until_release_id=RELEASE,
        ),
        *guard(
            "recipients_familymembership",
            family_id=FAMILY,
            person_id=PERSON,
            from_release_id=RELEASE,
            until_release_id=RELEASE,
        ),
        *guard(
            "recipients_decilechange", family_id=FAMILY, village_id=REGION, previous_id=RELEASE, release_id=RELEASE
        ),
        *guard("recipients_factschange", family_id=FAMILY, subdistrict_id=REGION),
        *(keep(table) for table in (FAMILY, PERSON, REGION, RELEASE)),
    ]
