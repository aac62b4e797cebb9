"""A look at a rule set that is still a text: does it resolve, contradict itself, say nothing, fit its programme."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import wording
from eligibility.enums import Verdict
from eligibility.models import RuleSet
from eligibility.rules import sense
from eligibility.rules.conditions import ByHand
from eligibility.rules.documents import RuleSetText, read_document
from eligibility.rules.facts import RuleError
from eligibility.rules.verdict import ELIGIBLE
from eligibility.wording import rule_words
from eligibility.wording.amount_words import amounts_in_words
from recipients.models import Programme

EXAMPLES = {
    "poor_with_child": gettext_lazy("Desil 1, ayah dan anak umur 4 tahun"),
    "poor_with_pupil": gettext_lazy("Desil 1, ayah dan anak sekolah umur 10 tahun"),
    "poor_elder": gettext_lazy("Desil 1, lansia perempuan sendiri"),
    "poor_adults": gettext_lazy("Desil 1, laki-laki dewasa sendiri"),
    "poor_without_adults": gettext_lazy("Desil 1, tanpa orang dewasa"),
    "poor_without_members": gettext_lazy("Desil 1, anggota belum tercatat"),
    "well_off": gettext_lazy("Desil 10, ayah dan anak"),
    "nothing_known": gettext_lazy("Tidak ada data sama sekali"),
}


@dataclass(frozen=True)
class Checked:
    """What a look at the draft finds: `wrong` must be corrected, `odd` should be read before approving."""

    document: RuleSetText | None = None
    wrong: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    examples: list[tuple[str, str, str]] = field(default_factory=list)


def next_version(programme: Programme) -> int:
    last = programme.rule_sets.order_by("-version").values_list("version", flat=True).first()
    return (last or 0) + 1


def look_at(*, text: str, today: date) -> Checked:
    """Whether it resolves, contradicts itself, or says nothing; in words, and with what it says of typical families."""
    try:
        document = read_document(_("rancangan"), text)
        wording.refuse_unworded(document.source, document.conditions)
    except RuleError as error:
        return Checked(wrong=[str(error)])
    programme = Programme.objects.filter(code=document.programme.code).first()
    verdicts = sense.examples(document.conditions, document.programme.unit, document.effective_from)
    before = programme.rule_sets.order_by("version").last() if programme else None
    return Checked(
        document=document,
        wrong=[*_wrong_place(document, programme, today), *_wrong_rule(document)],
        odd=_odd(document, verdicts),
        words=[rule_words.condition_in_words(row) for row in document.raw_conditions],
        amounts=amounts_in_words(document.raw_amounts),
        differences=_differences(before, document) if before else [],
        examples=[
            (str(EXAMPLES[one.name]), one.verdict.lower(), str(Verdict(one.verdict).label))
            for one in verdicts
        ],
    )


def _differences(before: RuleSet, document: RuleSetText) -> list[str]:
    """What the conditions say otherwise than the version before, and what the amounts do."""
    was, becomes = amounts_in_words(before.amounts), amounts_in_words(document.raw_amounts)
    return [
        *rule_words.differences(before.conditions, document.raw_conditions),
        *(_("Jumlah bantuan tidak lagi: %s") % line for line in was if line not in becomes),
        *(_("Jumlah bantuan kini: %s") % line for line in becomes if line not in was),
    ]


def _wrong_place(document: RuleSetText, programme: Programme | None, today: date) -> list[str]:
    """What must be right about the programme, the version and the day."""
    wrong = []
    version = next_version(programme) if programme else 1
    if document.version != version:
        wrong.append(
            _("rule_set: 'version' berisi %(said)s; versi berikutnya %(next)s. Tulis %(next)s.")
            % {"said": document.version, "next": version}
        )
    if document.effective_from < today:
        wrong.append(
            _(
                "rule_set: 'effective_from' %(day)s sudah lewat. Keputusan lama tidak diubah; pilih mulai %(today)s."
            )
            % {"day": date_format(document.effective_from, "j F Y"), "today": date_format(today, "j F Y")}
        )
    if programme is not None:
        wrong += _wrong_beside(document, programme)
    if len(document.legal_basis) < 5:
        wrong.append(_("Dasar hukum (legal_basis) terlalu pendek. Tulis nomor dan tahun aturannya."))
    return wrong


def _wrong_beside(document: RuleSetText, programme: Programme) -> list[str]:
    wrong = []
    if programme.owner != document.programme.owner:
        wrong.append(
            _("programme: pemilik %(code)s adalah %(owner)s. Tulis begitu.")
            % {"code": programme.code, "owner": programme.owner}
        )
    if programme.is_local != document.programme.is_local:
        wrong.append(
            _("programme: %(code)s sudah ada sebagai program milik %(owner)s. Tulis is_local = %(said)s.")
            % {
                "code": programme.code,
                "owner": _("daerah") if programme.is_local else _("pusat"),
                "said": "true" if programme.is_local else "false",
            }
        )
    if programme.unit != document.programme.unit:
        wrong.append(
            _("programme: %(code)s sudah ada untuk %(unit)s. Pakai kode lain.")
            % {"code": programme.code, "unit": programme.get_unit_display()}
        )
    last = programme.rule_sets.order_by("effective_from").last()
    if last is not None and last.effective_from >= document.effective_from:
        wrong.append(
            _("rule_set: versi %(version)s mulai %(day)s. Pilih 'effective_from' sesudahnya.")
            % {"version": last.version, "day": date_format(last.effective_from, "j F Y")}
        )
    elif last is not None and last.effective_to and last.effective_to >= document.effective_from:
        wrong.append(
            _("rule_set: versi %(version)s berlaku sampai %(day)s. Pilih 'effective_from' sesudahnya.")
            % {"version": last.version, "day": date_format(last.effective_to, "j F Y")}
        )
    return wrong


def _wrong_rule(document: RuleSetText) -> list[str]:
    code = document.programme.code
    wrong = [
        _(
            "syarat %(codes)s: tidak ada nilai %(fact)s yang memenuhi semuanya. Semua orang tersingkir. Ubah batasnya."
        )
        % {"codes": ", ".join(clash.codes), "fact": rule_words.FACTS[clash.fact]}
        for clash in sense.clashes(document.conditions)
    ]
    asked = {name for one in document.conditions for name in one.facts[0].programmes}
    known = set(Programme.objects.filter(code__in=asked).values_list("code", flat=True)) | {code}
    wrong += [_("syarat: program %s tidak ada. Periksa kodenya.") % name for name in sorted(asked - known)]
    for one in document.conditions:
        if isinstance(one, ByHand) and one.fact.programmes != (code,):
            wrong.append(_("syarat BY_HAND: 'programme' harus %s, program ini sendiri.") % code)
        if isinstance(one, ByHand) and not document.programme.is_local:
            wrong.append(
                _("syarat BY_HAND: %s bukan program daerah. Program pusat diputus pusat; hapus syarat ini.")
                % code
            )
    return wrong


def _odd(document: RuleSetText, verdicts: list[sense.Example]) -> list[str]:
    said = {row["code"]: rule_words.condition_in_words(row) for row in document.raw_conditions}
    odd = [
        _("Syarat ini dipenuhi oleh siapa pun: “%s” Apakah batasnya benar?") % said[code]
        for code in sense.vacuous(document.conditions)
    ]
    meets = {one.name for one in verdicts if one.verdict == ELIGIBLE}
    if "poor_without_adults" in meets:
        odd += [
            _(
                "Keluarga tanpa orang dewasa lolos syarat ini hanya karena tidak ada orang dewasa di dalamnya: "
                "“%s” Tentukan siapa yang akan memegang bantuannya."
            )
            % said[code]
            for code in sense.idle_without_adults(document.conditions)
        ]
    if not meets:
        odd.append(_("Tidak satu pun contoh di bawah memenuhi syarat. Apakah aturannya terlalu sempit?"))
    if all(one.verdict == ELIGIBLE for one in verdicts if one.name != "nothing_known"):
        odd.append(_("Semua contoh di bawah memenuhi syarat. Apakah aturannya terlalu longgar?"))
    if document.to_be_confirmed:
        odd.append(_("Masih perlu dipastikan: %s") % document.to_be_confirmed)
    return odd
