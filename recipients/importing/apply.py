"""A previewed delivery becomes a release: set statements that write only what differs, then one pointer moves.

Until that pointer moves nothing that stood before is touched but for its end, so that undo.py can take all of it back:
what is shared by all releases (a family's village, the fingerprints, the marks) changes in `publish`.
"""

from __future__ import annotations

from datetime import datetime

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import layouts
from recipients.importing.staging import table_name
from recipients.models import CurrentRelease, ImportBatch, RegistryRelease

FAMILY_FIELDS = ", ".join(column.field for column in layouts.FAMILY_CODED)
MEMBER_FIELDS = ", ".join(column.field for column in layouts.MEMBER_CODED)


def apply_families(batch: ImportBatch, release: RegistryRelease) -> None:
    staged = table_name(batch.pk, FileKind.FAMILY)
    db.run(
        f"""INSERT INTO recipients_family (id, village_id, first_release_id)
            SELECT family_id, village_id, %s FROM {staged}_match WHERE is_new""",
        [release.pk],
    )
    db.run(
        f"""INSERT INTO recipients_familycardnumber (family_id, sealed, index)
            SELECT m.family_id, s.sealed, s.number_index FROM {staged}_match m JOIN {staged} s USING (line)
             WHERE m.is_new ORDER BY s.number_index"""
    )
    close("recipients_welfaresnapshot", staged, release.pk)
    begin_snapshots("recipients_welfaresnapshot", staged, release.pk)


def begin_snapshots(intervals: str, staged: str, release_id: int) -> None:
    db.run(
        f"""INSERT INTO {intervals}
                   (family_id, from_release_id, row_key, village_id, head_name, address, written_codes, {FAMILY_FIELDS})
            SELECT m.family_id, %s, s.row_key, s.village_id, s.head_name, COALESCE(s.address, ''), s.written_codes,
                   {FAMILY_FIELDS}
              FROM {staged}_match m JOIN {staged} s USING (line)""",
        [release_id],
    )


def begin_memberships(intervals: str, staged: str, release_id: int) -> None:
    db.run(
        f"""INSERT INTO {intervals}
                   (person_id, family_id, from_release_id, row_key, name, sex, birth_date, has_disability,
                    {MEMBER_FIELDS})
            SELECT m.person_id, m.family_id, %s, s.row_key, s.name, s.sex, s.birth_date, s.has_disability,
                   {MEMBER_FIELDS}
              FROM {staged}_match m JOIN {staged} s USING (line)""",
        [release_id],
    )


def close(intervals: str, staged: str, release_id: int) -> None:
    """End the intervals that change or that the delivery no longer names."""
    db.run(
        f"""UPDATE {intervals} w SET until_release_id = %s
              FROM (SELECT standing_id FROM {staged}_match WHERE standing_id IS NOT NULL
                    UNION ALL SELECT standing_id FROM {staged}_gone) ended
             WHERE w.id = ended.standing_id""",
        [release_id],
    )


def _remember_spelling(intervals: str, staged: str) -> None:
    """Rows that say the same in another way are ticked off at once next time."""
    db.run(f"UPDATE {intervals} w SET row_key = s.row_key FROM {staged}_same s WHERE w.id = s.standing_id")


def record_decile_changes(batch: ImportBatch, release: RegistryRelease, previous: RegistryRelease) -> None:
    """One row per family whose decile differs, with the programmes whose ceiling lies between the two."""
    staged = table_name(batch.pk, FileKind.FAMILY)
    db.run(
        f"""
        INSERT INTO recipients_decilechange
               (family_id, previous_id, release_id, village_id, before, after, direction, crossed_ceilings)
        SELECT d.family_id, %(previous)s, %(release)s, d.village_id, d.before, d.after, d.direction,
               ARRAY(SELECT p.code FROM recipients_decileceiling c JOIN recipients_programme p ON p.id = c.programme_id
                      WHERE c.effective_from <= %(as_of)s AND (c.effective_to IS NULL OR c.effective_to >= %(as_of)s)
                        AND (d.before <= c.ceiling) <> (d.after <= c.ceiling) ORDER BY p.id)
          FROM (SELECT family_id, village_id, before, after,
                       CASE WHEN before IS NULL THEN 'NEWLY_RANKED' WHEN after IS NULL THEN 'DROPPED'
                            WHEN after > before THEN 'UP' ELSE 'DOWN' END AS direction
                  FROM {staged}_match WHERE before IS DISTINCT FROM after
                 UNION ALL
                SELECT family_id, village_id, before, NULL, 'DROPPED' FROM {staged}_gone WHERE before IS NOT NULL) d
        """,
        {"previous": previous.pk, "release": release.pk, "as_of": release.as_of},
    )


def apply_members(batch: ImportBatch, release: RegistryRelease) -> None:
    staged = table_name(batch.pk, FileKind.MEMBER)
    db.run(
        f"""INSERT INTO recipients_person (id, first_release_id)
            SELECT person_id, %s FROM {staged}_match WHERE is_new""",
        [release.pk],
    )
    db.run(
        f"""INSERT INTO recipients_personnik (person_id, sealed, index)
            SELECT m.person_id, s.sealed, s.number_index FROM {staged}_match m JOIN {staged} s USING (line)
             WHERE m.is_new ORDER BY s.number_index"""
    )
    close("recipients_familymembership", staged, release.pk)
    begin_memberships("recipients_familymembership", staged, release.pk)


def move_families(batch: ImportBatch) -> None:
    """The village of a family is that of the published release."""
    db.run(
        f"""UPDATE recipients_family f SET village_id = m.village_id
              FROM {table_name(batch.pk, FileKind.FAMILY)}_match m
             WHERE m.family_id = f.id AND NOT m.is_new AND f.village_id <> m.village_id"""
    )


def remember_spellings(batch: ImportBatch) -> None:
    _remember_spelling("recipients_welfaresnapshot", table_name(batch.pk, FileKind.FAMILY))
    if batch.member_sha256:
        _remember_spelling("recipients_familymembership", table_name(batch.pk, FileKind.MEMBER))


def mark_everyone() -> None:
    """The first release: one mark a sub-district says it all."""
    db.run(
        "INSERT INTO recipients_factschange (subdistrict_id) "
        "SELECT id FROM recipients_region WHERE level = 'SUBDISTRICT'"
    )


def mark_changed_facts(batch: ImportBatch) -> None:
    """Every family touched by this delivery is to be decided again, in the shard of the village it lives in now."""
    db.run(
        f"""INSERT INTO recipients_factschange (family_id, subdistrict_id)
            SELECT f.id, v.parent_id FROM ({touched_families(batch)}) t
              JOIN recipients_family f ON f.id = t.family_id JOIN recipients_region v ON v.id = f.village_id"""
    )


def touched_families(batch: ImportBatch) -> str:
    """Every family of which the delivery says something new, as a query of `family_id`, each once."""
    families = table_name(batch.pk, FileKind.FAMILY)
    touched = [f"SELECT family_id FROM {families}_match", f"SELECT family_id FROM {families}_gone"]
    if batch.member_sha256:
        members = table_name(batch.pk, FileKind.MEMBER)
        touched += [
            f"SELECT family_id FROM {members}_match",
            f"SELECT family_before FROM {members}_match WHERE family_before IS NOT NULL",
            f"SELECT family_id FROM {members}_gone",
        ]
    return " UNION ".join(touched)


def refresh_statistics() -> None:
    """Tell the planner of the new rows now: shards are decided at once, and autovacuum looks a minute later.

    Without it every shard read the whole of both tables (each estimated at a handful of standing rows).
    """
    db.run("SELECT set_config('default_statistics_target', '10', true)")
    db.run("ANALYZE recipients_welfaresnapshot (family_id, from_release_id, until_release_id)")
    db.run("ANALYZE recipients_familymembership (family_id, person_id, from_release_id, until_release_id)")


def publish(release: RegistryRelease) -> None:
    CurrentRelease.objects.update_or_create(id=CurrentRelease.ONLY, defaults={"release": release})


def create_release(batch: ImportBatch, now: datetime) -> RegistryRelease:
    return RegistryRelease.objects.create(
        label=batch.release_label, as_of=batch.as_of, applied_at=now, decile_counts=batch.preview["after"]
    )
