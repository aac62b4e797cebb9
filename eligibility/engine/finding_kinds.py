"""The kinds of findings in one table: the SQL that finds them, how grave, whose worklist, what to do.

Every SQL gives subject_key, family_id, person_id, programme_id, facts (text: what a person's word about it rests on),
evidence (jsonb: what the page shows). Parameters: as_of, release.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from eligibility.engine import family_kinds
from eligibility.engine.family_kinds import standing as _standing
from eligibility.engine.ranking import NEXT_IN_LINE
from eligibility.engine.standing import decision_stands
from eligibility.enums import FindingKind

OFFICE, VILLAGE = "office", "village"


class Consequence(Enum):
    """What a confirmed finding leads to; by us for our own programmes, else a proposal to the centre."""

    SUSPEND = "SUSPEND"
    WAITLIST = "WAITLIST"
    ENROL = "ENROL"


@dataclass(frozen=True)
class Kind:
    code: FindingKind
    sql: str
    severity: int  # 1 grave, 2 middling, 3 slight
    worklist: str
    advice: Any
    consequence: Consequence | None = None


def _enrolled(verdict: str) -> str:
    """Enrolments that receive, with a standing decision of this verdict; families and persons each by their index."""
    columns = (
        "SELECT 'enrolment:' || e.id AS subject_key, e.family_id, e.person_id, e.programme_id, "
        "concat_ws('|', d.verdict, g.inputs, d.rule_set_id, e.state) AS facts, "
        "jsonb_build_object('decision', d.id, 'enrolment', e.id) AS evidence FROM recipients_enrolment e "
        f"JOIN eligibility_eligibilitydecision d ON d.programme_id = e.programme_id AND {decision_stands('d')} "
    )
    grounds = "JOIN eligibility_grounds g ON g.id = d.grounds_id"
    which = f"{grounds} WHERE e.state IN ('ENROLLED', 'ACTIVE') AND d.verdict = '{verdict}'"
    return (
        f"{columns} AND e.person_id IS NULL AND d.person_id IS NULL AND d.family_id = e.family_id {which} "
        f"UNION ALL {columns} AND d.person_id = e.person_id {which}"
    )


_NOT_ENROLLED = f"""
SELECT concat_ws(':', 'decision', d.programme_id, d.family_id, d.person_id) AS subject_key, d.family_id, d.person_id,
       d.programme_id, concat_ws('|', d.verdict, d.rule_set_id) AS facts,
       jsonb_build_object('decision', d.id, 'decile', s.decile) AS evidence
  FROM eligibility_eligibilitydecision d JOIN recipients_programme p ON p.id = d.programme_id
  JOIN recipients_welfaresnapshot s ON s.family_id = d.family_id AND {_standing("s")}
 WHERE {decision_stands("d")} AND d.verdict = 'ELIGIBLE' AND (p.is_local OR s.decile = 1)
   AND EXISTS (SELECT FROM recipients_enrolment l WHERE l.programme_id = d.programme_id)
   AND NOT EXISTS (SELECT FROM recipients_enrolment e WHERE e.programme_id = d.programme_id AND e.state <> 'EXITED'
                   AND e.family_id = d.family_id AND (d.person_id IS NULL OR e.person_id = d.person_id))
"""

_DUPLICATE = f"""
SELECT 'person:' || person_id AS subject_key, family_id, person_id, NULL::smallint AS programme_id,
       concat_ws('|', name, birth_date, first_person) AS facts,
       jsonb_build_object('other_person', first_person, 'other_family', first_family) AS evidence
  FROM (SELECT m.person_id, m.family_id, m.name, m.birth_date, first_value(m.person_id) OVER same AS first_person,
               first_value(m.family_id) OVER same AS first_family
          FROM recipients_familymembership m JOIN recipients_family f ON f.id = m.family_id
         WHERE {_standing("m")} AND m.birth_date IS NOT NULL
        WINDOW same AS (PARTITION BY f.village_id, m.name, m.birth_date ORDER BY m.person_id)) n
 WHERE person_id <> first_person
"""

_FLAG_HOLDS = "fl.status <> 'REFUTED' AND (fl.valid_until IS NULL OR fl.valid_until >= %(as_of)s)"

_DEAD_HEAD = f"""
SELECT 'family:' || fl.family_id AS subject_key, fl.family_id, min(fl.person_id) AS person_id,
       NULL::smallint AS programme_id, string_agg(concat_ws(',', fl.id, fl.status), '|' ORDER BY fl.id) AS facts,
       jsonb_build_object('flags', jsonb_agg(fl.id ORDER BY fl.id)) AS evidence
  FROM recipients_externalflag fl
 WHERE fl.kind = 'DECEASED' AND {_FLAG_HOLDS}
   AND (EXISTS (SELECT FROM recipients_familymembership m WHERE m.person_id = fl.person_id AND m.relation = 1
                AND {_standing("m")})
        OR EXISTS (SELECT FROM recipients_enrolment e WHERE e.caretaker_id = fl.person_id AND e.state <> 'EXITED'))
 GROUP BY fl.family_id
"""

_ORPHANS = f"""
SELECT 'family:' || m.family_id AS subject_key, m.family_id, NULL::bigint AS person_id, NULL::smallint AS programme_id,
       string_agg(m.person_id::text, ',' ORDER BY m.person_id) AS facts,
       jsonb_build_object('members', count(*)) AS evidence
  FROM recipients_familymembership m WHERE {_standing("m")}
 GROUP BY m.family_id HAVING count(*) FILTER (WHERE m.relation = 1 OR m.relation IS NULL) = 0
"""

_MOVED = f"""
SELECT 'flag:' || fl.id AS subject_key, fl.family_id, fl.person_id, NULL::smallint AS programme_id,
       concat_ws('|', fl.status, fl.observed_on) AS facts,
       jsonb_build_object('flags', jsonb_build_array(fl.id)) AS evidence
  FROM recipients_externalflag fl
 WHERE fl.kind = 'MOVED' AND {_FLAG_HOLDS}
   AND EXISTS (SELECT FROM recipients_enrolment e WHERE e.family_id = fl.family_id AND e.state <> 'EXITED'
               AND (e.person_id IS NULL OR e.person_id = fl.person_id))
"""

_EXPIRING = """
SELECT 'flag:' || fl.id AS subject_key, fl.family_id, fl.person_id, NULL::smallint AS programme_id,
       concat_ws('|', fl.status, fl.valid_until) AS facts,
       jsonb_build_object('flags', jsonb_build_array(fl.id)) AS evidence
  FROM recipients_externalflag fl
 WHERE fl.status <> 'REFUTED' AND fl.valid_until BETWEEN %(as_of)s AND %(as_of)s + 30
"""

# More than five years and of productive age: a reason to look, never to stop; elders and the disabled are exempt
# (domain.md 5.1, W_FIVE_YEARS: ministerial statements of 2025, no decree found).
_FIVE_YEARS = f"""
SELECT 'enrolment:' || e.id AS subject_key, e.family_id, e.person_id, e.programme_id, e.since::text AS facts,
       jsonb_build_object('enrolment', e.id, 'since', e.since) AS evidence
  FROM recipients_enrolment e
 WHERE e.state IN ('ENROLLED', 'ACTIVE') AND e.since <= %(as_of)s::date - interval '5 years'
   AND NOT EXISTS (SELECT FROM recipients_familymembership m WHERE m.family_id = e.family_id AND {_standing("m")}
                   AND (e.person_id IS NULL OR m.person_id = e.person_id)
                   AND (m.has_disability OR m.birth_date <= %(as_of)s::date - interval '60 years'))
"""

# Two releases have come and gone.
_UNANSWERED = """
SELECT 'proposal:' || u.id AS subject_key, u.family_id, NULL::bigint AS person_id, NULL::smallint AS programme_id,
       u.keyed_on::text AS facts, jsonb_build_object('number', u.number, 'keyed_on', u.keyed_on) AS evidence
  FROM recipients_updateproposal u WHERE u.state = 'KEYED' AND u.keyed_on <= %(as_of)s::date - 180
"""

KINDS: dict[str, Kind] = {
    kind.code.value: kind
    for kind in (
        Kind(
            FindingKind.ENROLLED_NOT_ELIGIBLE, _enrolled("INELIGIBLE"), 1, OFFICE,
            _("Baca alasannya. Bila datanya benar, usulkan penundaan: keluarga diberi tahu dulu dan boleh menyanggah."),
            Consequence.SUSPEND,
        ),
        Kind(
            FindingKind.ENROLLED_TO_REVIEW, _enrolled("NEEDS_REVIEW"), 2, OFFICE,
            _("Cek tanda atau data yang belum lengkap. Sebelum terbukti, keluarga tetap menerima."),
        ),
        Kind(
            FindingKind.ELIGIBLE_NOT_ENROLLED, _NOT_ENROLLED, 2, OFFICE,
            _("Usulkan ke daftar tunggu. Untuk program pusat, usulan ini disampaikan ke pusat."), Consequence.WAITLIST,
        ),
        Kind(
            FindingKind.PLACE_FREE,
            NEXT_IN_LINE,
            2,
            OFFICE,
            _("Giliran berikutnya menurut urutan kuota. Usulkan agar terdaftar; orang kedua mengonfirmasi."),
            Consequence.ENROL,
        ),
        Kind(
            FindingKind.DUPLICATE_PERSON, _DUPLICATE, 2, VILLAGE,
            _("Nama, tanggal lahir, dan desa sama. Tanyakan ke keluarga atau Disdukcapil NIK mana yang benar."),
        ),
        Kind(
            FindingKind.DEAD_HEAD, _DEAD_HEAD, 1, VILLAGE,
            _("Pastikan dengan akta kematian, lalu ganti pengurusnya. Hak keluarga tidak berhenti."),
        ),
        Kind(
            FindingKind.ORPHAN_MEMBERS, _ORPHANS, 2, VILLAGE,
            _("Cari tahu siapa kepala keluarga sekarang dan usulkan pembaruan datanya."),
        ),
        Kind(
            FindingKind.MOVED, _MOVED, 1, VILLAGE,
            _("Pastikan keluarga masih tinggal di desa ini atau sudah pindah."),
        ),
        Kind(
            FindingKind.FLAG_EXPIRING, _EXPIRING, 3, OFFICE,
            _("Minta daftar terbaru dari sumbernya bila tanda ini masih diperlukan."),
        ),
        Kind(
            FindingKind.FIVE_YEARS, _FIVE_YEARS, 3, OFFICE,
            _("Evaluasi, jangan hentikan: lihat apakah keluarga siap ikut program pemberdayaan."),
        ),
        Kind(
            FindingKind.PROPOSAL_UNANSWERED, _UNANSWERED, 3, OFFICE,
            _("Tanyakan ke pusat dengan nomor usulannya, lalu catat jawabannya."),
        ),
        Kind(
            FindingKind.TWO_HEADS, family_kinds.TWO_HEADS, 2, VILLAGE,
            _("Cek kartu keluarga: siapa kepala keluarganya, dan apakah ini dua keluarga. Usulkan pembaruan datanya."),
        ),
        Kind(
            FindingKind.MEMBER_COUNT_DIFFERS, family_kinds.MEMBER_COUNT_DIFFERS, 3, VILLAGE,
            _("Cocokkan dengan kartu keluarga: siapa yang belum tercatat, atau sudah pindah atau meninggal."),
        ),
        Kind(
            FindingKind.LARGE_FAMILY, family_kinds.LARGE_FAMILY, 3, VILLAGE,
            _("Cek kartu keluarga: mungkin beberapa keluarga tercatat di satu nomor."),
        ),
        Kind(
            FindingKind.DROPPED_FROM_RELEASE, family_kinds.DROPPED_FROM_RELEASE, 2, VILLAGE,
            _("Jangan hapus. Cari tahu ke desa: pindah, meninggal, ganti nomor KK, atau tertinggal dari data pusat. "
              "Bila masih tinggal di sini, usulkan pembaruan datanya."),
        ),
        Kind(
            FindingKind.NIK_OTHER_NAME, family_kinds.NIK_OTHER_NAME, 2, VILLAGE,
            _("Minta KTP atau KK aslinya. NIK siapa ini? Bila tertukar, usulkan pembaruan datanya; "
              "bila salah sejak dari KTP, keluarga perlu ke Disdukcapil."),
        ),
    )
}  # fmt: skip

# What a release alone can bring about: looked for as soon as its decisions are made, not only at night.
OF_A_RELEASE = frozenset(
    {
        FindingKind.ORPHAN_MEMBERS, FindingKind.TWO_HEADS, FindingKind.MEMBER_COUNT_DIFFERS, FindingKind.LARGE_FAMILY,
        FindingKind.DROPPED_FROM_RELEASE, FindingKind.NIK_OTHER_NAME,
    }
)  # fmt: skip

# What only the published release tells: while nothing is written to the registry, they are what they were. Neither
# the day nor anything the office writes is asked for (tests/eligibility/test_proofs.py).
OF_THE_REGISTRY = OF_A_RELEASE | {FindingKind.DUPLICATE_PERSON}
