"""Words that lists use for our codes. Compared without capitals, blanks and signs; unknown words are refused."""

from __future__ import annotations

import re

from recipients.enums import EnrolmentState, FlagKind, PayoutState

_SIGNS = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    return _SIGNS.sub("", text.lower())


def _table(words: dict[str, str]) -> dict[str, str]:
    return {plain(word): code for code, line in words.items() for word in (code, *line.split("|"))}


FLAG_KINDS = _table(
    {
        FlagKind.ADDR_NOT_FOUND: "alamat tidak ditemukan|alamat tidak jelas",
        FlagKind.PERSON_NOT_FOUND: "tidak ditemukan|orang tidak ditemukan|tidak dikenal",
        FlagKind.DECEASED: "meninggal|meninggal dunia|wafat|almarhum|akta kematian",
        FlagKind.MOVED: "pindah|pindah domisili|pindah keluar|pindah penduduk",
        FlagKind.CIVIL_SERVANT: "asn|pns|tni|polri|asn tni polri|anggota tni|anggota polri|pegawai negeri",
        FlagKind.STATE_CONTRACT: "pppk|p3k|pegawai kontrak pemerintah",
        FlagKind.PENSIONER: "pensiunan|pensiunan pns|pensiunan negara|taspen",
        FlagKind.CERTIFIED_TEACHER: "guru bersertifikat|guru sertifikasi|sertifikasi guru",
        FlagKind.VILLAGE_OFFICIAL: "perangkat desa|aparat desa|kepala dusun|kadus|kepala desa",
        FlagKind.STATE_INCOME: "penghasilan apbn|penghasilan apbd|penghasilan dari apbn atau apbd",
        FlagKind.SOCIAL_FACILITATOR: "pendamping sosial|pendamping pkh|sdm pkh|tksk",
        FlagKind.WAGE_OVER_MINIMUM: "upah di atas umk|upah di atas ump|gaji di atas umk|upah diatas umk|bpjs tk",
        FlagKind.COMPANY_OFFICER: "pengurus perusahaan|direksi|komisaris|ahu|pengurus badan hukum",
        FlagKind.POWER_HIGH: "daya listrik tinggi|daya listrik|listrik 2200 va|pln",
        FlagKind.VEHICLE: "kendaraan|mobil|punya mobil|samsat|kendaraan roda empat",
        FlagKind.LAND: "tanah|tanah bangunan|properti|bpn",
        FlagKind.BANK_ANOMALY: "transaksi bank tidak wajar|saldo rekening|rekening anomali",
        FlagKind.GAMBLING: "judi daring|judi online|judol|ppatk",
        FlagKind.DUPLICATE: "ganda|dobel|nik ganda|menerima dua kali",
        FlagKind.REFUSED: "menolak|menolak bantuan|mengundurkan diri",
        FlagKind.GRADUATED: "graduasi|sudah mandiri|graduasi mandiri|mampu",
        FlagKind.CARD_NEVER_USED: "kks tidak diambil|kartu tidak pernah diambil|kartu tidak transaksi",
        FlagKind.CENTRAL_CHECK: "verifikasi|uji petik|cek lapang|diminta diperiksa",
    }
)
ENROLMENT_STATES = _table(
    {
        EnrolmentState.ACTIVE: "aktif|menerima|penerima|kpm|kpm aktif|salur|ya|berjalan",
        EnrolmentState.ENROLLED: "terdaftar|kpm baru|calon penerima|penetapan|baru",
        EnrolmentState.SUSPENDED: "ditunda|tunda|suspend|blokir|diblokir|tangguh|ditangguhkan|non aktif sementara",
        EnrolmentState.WAITLISTED: "menunggu|daftar tunggu|menunggu kuota|cadangan",
    }
)
PAYOUT_STATES = _table(
    {
        PayoutState.ORDERED: "sp2d|perintah bayar|sudah diperintahkan bayar|si|sudah si|proses",
        PayoutState.PAID: "berhasil|sukses|cair|sudah cair|dibayar|sudah dibayar|salur|tersalur|transaksi|lunas",
        PayoutState.FAILED: "gagal|gagal bayar|gagal salur|gagal burekol|gagal omspan|gagal cek rekening|retur",
        PayoutState.NOT_COLLECTED: "belum diambil|belum transaksi|belum ambil|tidak transaksi|belum cair",
        PayoutState.EXCLUDED: "exclude|dikeluarkan|dikeluarkan oleh pusat|eksklusi",
    }
)
PROGRAMME_WORDS = _table(
    {
        "PKH": "program keluarga harapan",
        "SEMBAKO": "bpnt|program sembako|kartu sembako|bantuan pangan non tunai|bsp",
        "PBI_JK": "pbi|pbi jk|pbijk|pbi jkn|bpjs pbi|bpjs gratis dari pusat pbi jk",
        "BLT_DD": "blt|blt dana desa|blt dd|bantuan langsung tunai desa",
    }
)
MONTHS = {
    word: number
    for number, line in enumerate(
        (
            "januari jan", "februari feb pebruari", "maret mar", "april apr", "mei", "juni jun", "juli jul",
            "agustus agu agt ags", "september sep sept", "oktober okt", "november nov nopember nop", "desember des",
        ),
        1,
    )
    for word in line.split()
}  # fmt: skip
QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
