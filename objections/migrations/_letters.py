"""The first version of every letter (ux.md 5.8), which the office rewrites in its own pages."""

from __future__ import annotations

from typing import Any

_GREETING = "Bapak/Ibu {nama} yang kami hormati,"
_QUESTIONS = "Ada yang kurang jelas? Telepon {telepon} atau datang ke kantor desa."

TEXTS: dict[str, tuple[str, list[str]]] = {
    "CHANGE": (
        "Pemberitahuan hasil hitungan syarat bantuan",
        [
            _GREETING,
            "{perubahan} {sumber}",
            "{hasil}",
            "Ini hitungan syarat, bukan kabar uang cair. Pusat yang menentukan desil, bukan desa atau kabupaten.",
            "Data bisa saja keliru. Jika keliru, Bapak/Ibu boleh menyanggah. Artinya: minta data diperiksa lagi. Gratis.",
            "Caranya, pilih salah satu:\n- Datang ke kantor desa dengan membawa surat ini.\n- Telepon {telepon}.\n"
            "- Buka {situs}.",
            "{kode}",
            "Bantuan lain tidak berubah karena sanggahan.",
        ],
    ),
    "TO_CENTRE": (
        "Sanggahan Bapak/Ibu kami setujui",
        [
            _GREETING,
            "Kami menyetujui sanggahan Bapak/Ibu nomor {nomor}.",
            "{jawaban}",
            "{temuan}",
            "Perbaikan data kami usulkan ke pusat. Desil ditentukan oleh pusat, bukan oleh kabupaten. Jawaban pusat "
            "datang bersama data berikutnya. Kami akan memberi kabar lagi.",
            "Surat ini belum berarti bantuan langsung cair.",
            "{kode}",
            _QUESTIONS,
        ],
    ),
    "UPHELD": (
        "Sanggahan Bapak/Ibu kami setujui",
        [
            _GREETING,
            "Kami menyetujui sanggahan Bapak/Ibu nomor {nomor}. Data di kabupaten sudah kami perbaiki.",
            "{jawaban}",
            "{temuan}",
            "Syarat bantuan dihitung lagi dengan data yang benar. Surat ini belum berarti bantuan langsung cair.",
            "{kode}",
            _QUESTIONS,
        ],
    ),
    "REJECTED": (
        "Hasil pemeriksaan sanggahan Bapak/Ibu",
        [
            _GREETING,
            "Sanggahan Bapak/Ibu nomor {nomor} sudah kami periksa. Kami tidak menyetujuinya.",
            "{jawaban}",
            "{temuan}",
            "{alasan}",
            "{bukti}",
            "Bapak/Ibu tidak setuju? Bapak/Ibu boleh minta diperiksa ulang satu kali sampai {batas_ulang}. Petugas lain "
            "yang akan memeriksa. Terlambat karena sakit atau surat lambat? Tetap sampaikan kepada kami.",
            "{kode}",
            "Bapak/Ibu juga boleh mengadu ke Ombudsman atau LAPOR!. " + _QUESTIONS,
        ],
    ),
    "COMPLETION": (
        "Sanggahan Bapak/Ibu perlu dilengkapi",
        [
            _GREETING,
            "Kami sedang memeriksa sanggahan nomor {nomor}. Kami masih perlu ini: {hal}.",
            "Bawa ke kantor desa atau kirim lewat {situs}, paling lambat {batas}. Tidak punya? Beri tahu kami. Petugas "
            "akan membantu mencari cara lain.",
            "Waktu pemeriksaan berhenti dulu sampai kami menerimanya. Sanggahan Bapak/Ibu tidak hilang.",
            _QUESTIONS,
        ],
    ),
    "VILLAGE": (
        "Perubahan data bantuan di desa ini",
        [
            "Kepala Desa/Lurah {desa} yang kami hormati,",
            "Desil {jumlah} keluarga di desa ini berubah. {sumber} {keluar} keluarga kini di luar batas program. {masuk} "
            "keluarga kini masuk batas program.",
            "Perubahan ini dihitung oleh pusat, bukan oleh desa. Masuk batas belum berarti menerima bantuan.",
            "Operator desa dapat melihat daftarnya mulai hari ini. Warga boleh menyanggah sampai {batas}. Menyanggah "
            "tidak dipungut biaya. Kami siap datang jika desa memerlukan.",
            "Penjelasan untuk warga boleh ditempel di kantor desa. Telepon kami: {telepon}.",
        ],
    ),
    "NEWS": (
        "Kabar sanggahan Bapak/Ibu",
        [
            _GREETING,
            "Ini kabar sanggahan Bapak/Ibu nomor {nomor}. {kabar}",
            "Simpan nomor itu. Tahapnya bisa dilihat di {situs} dengan nomor dan PIN.",
            _QUESTIONS,
        ],
    ),
}

# A version that was settled stays; one that waits is settled once, and its words never change.
TEXTS_STAY = """
CREATE FUNCTION objections_keep_letter_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a letter is never rewritten or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER letter_text_settled BEFORE UPDATE ON objections_lettertemplate FOR EACH ROW
WHEN (OLD.state <> 'WAITING' OR (OLD.kind, OLD.version, OLD.title, OLD.body, OLD.written_by_id, OLD.written_at)
      IS DISTINCT FROM (NEW.kind, NEW.version, NEW.title, NEW.body, NEW.written_by_id, NEW.written_at))
EXECUTE FUNCTION objections_keep_letter_text();

CREATE TRIGGER letter_text_kept BEFORE DELETE ON objections_lettertemplate FOR EACH ROW
EXECUTE FUNCTION objections_keep_letter_text();
"""

# A letter may still be printed again; what it says, and into whose hands it came, stays.
LETTERS_STAY = """
CREATE FUNCTION objections_keep_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a letter that was sent is never rewritten or deleted (%)', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER letter_kept BEFORE UPDATE ON objections_letter FOR EACH ROW
WHEN ((OLD.key, OLD.objection_id, OLD.template_id, OLD.text_sealed, OLD.made_at, OLD.made_by_id)
      IS DISTINCT FROM (NEW.key, NEW.objection_id, NEW.template_id, NEW.text_sealed, NEW.made_at, NEW.made_by_id)
      OR OLD.handed_on IS NOT NULL AND (OLD.handed_on, OLD.handed_to, OLD.handed_by_id)
      IS DISTINCT FROM (NEW.handed_on, NEW.handed_to, NEW.handed_by_id))
EXECUTE FUNCTION objections_keep_letter();

CREATE TRIGGER letter_never_gone BEFORE DELETE ON objections_letter FOR EACH ROW
EXECUTE FUNCTION objections_keep_letter();
"""


def fill(apps: Any, schema_editor: Any) -> None:
    templates = apps.get_model("objections", "LetterTemplate")
    templates.objects.bulk_create(
        templates(kind=kind, version=1, title=title, body="\n\n".join(paragraphs), state="APPROVED")
        for kind, (title, paragraphs) in TEXTS.items()
    )
    times = apps.get_model("objections", "ServiceTime")
    times.objects.create(
        step="ASK_AGAIN", working_days=10, basis="Usul layanan: dua minggu; perlu ditetapkan kantor"
    )
