"""Writes the samples beside this script: `python tests/files/make_files.py`. Each is named for what is wrong with it.

All numbers are invented: sub-district 520399 does not exist. What each file must lead to stands in
tests/recipients/test_bad_files.py.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from recipients.importing import layouts  # noqa: E402
from tests.files.list_samples import LIST_FILES  # noqa: E402
from tests.recipients import workbooks  # noqa: E402

# The columns that matter here come first; the rest of the layout follows, empty.
_FIRST = ("nomor_kartu_keluarga", "nama_anggota_keluarga", "jumlah_anggota_keluarga", "alamat", "kelurahan_desa",
          "kecamatan", "kode_kelurahan_desa", "aset_bergerak_mobil", "desil_nasional")  # fmt: skip
_REST = tuple(header for header in layouts.FAMILY_HEADERS if header not in _FIRST)
FAMILY = (*_FIRST, *_REST)
_FIRST_OF_MEMBER = ("nomor_induk_kependudukan", "nomor_kartu_keluarga", "nama", "jenis_kelamin", "tanggal_lahir",
                    "status_hubungan_keluarga")  # fmt: skip
MEMBER = (*_FIRST_OF_MEMBER, *(header for header in layouts.MEMBER_HEADERS if header not in _FIRST_OF_MEMBER))


def row(*cells: str, width: int = len(FAMILY)) -> tuple[str, ...]:
    return (*cells, *[""] * (width - len(cells)))


RT_RW = ("DUSUN MONTONG RT 3/RW 05", "DUSUN MONTONG RT 003 RW 005", "RT.03/05", "RT 000/000", "RT. 1 RW. 001")
PHONES = ("6281234567801", "+62 812-3456-7802", "081234567803", "81234567804", "0812 3456 7805")

GOOD = row("5203991201809001", "AMAQ SAHRUN", "3", "DUSUN MONTONG RT 003", "KESIK", "MASBAGIK", "", "2", "3")
OTHER = row("5203991201809002", "INAQ RAHIM", "4", "DUSUN PAOK LAUK", "KESIK", "MASBAGIK", "", "2", "5")
PERSON = row("5203991205809001", GOOD[0], "AMAQ SAHRUN", "1", "1980-05-12", "1", width=len(MEMBER))
WIFE = row("5203995205809002", GOOD[0], "INAQ SAHRUN", "2", "1980-05-12", "2", width=len(MEMBER))


def family(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(column, cell) for column, cell in zip(FAMILY, GOOD, strict=True))


def member(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(column, cell) for column, cell in zip(MEMBER, WIFE, strict=True))


def person(nik: str, card: str, name: str, relation: str) -> tuple[str, ...]:
    sex = "2" if nik[6] > "3" else "1"
    return row(nik, card, name, sex, "1980-05-12", relation, width=len(MEMBER))


def with_cell(cells: tuple[str, ...], column: str, text: str) -> tuple[str, ...]:
    return tuple(text if name == column else cell for name, cell in zip(MEMBER, cells, strict=True))


# Every member of GOOD (3) and of OTHER (4), as their cards count them.
ALL_MEMBERS = (
    PERSON, WIFE, person("5203991205809003", GOOD[0], "LALU WIRA", "3"),
    person("5203995205809011", OTHER[0], "INAQ RAHIM", "1"), person("5203991205809012", OTHER[0], "RAHIM", "3"),
    person("5203991205809013", OTHER[0], "MAHNUN", "3"), person("5203995205809014", OTHER[0], "SITI", "3"),
)  # fmt: skip


def number(text: str) -> tuple[str, ...]:
    return family(nomor_kartu_keluarga=text)


def as_csv(*rows: tuple[str, ...], header: tuple[str, ...] = FAMILY) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def with_numbers(*numbers: str) -> bytes:
    """A workbook whose card numbers are number cells."""
    rows = [workbooks.inline(1, *FAMILY)]
    for at, stored in enumerate(numbers, 2):
        texts = workbooks.inline(at, *GOOD)
        first = f'<c r="A{at}" t="inlineStr"><is><t>{GOOD[0]}</t></is></c>'
        rows.append(texts.replace(first, f'<c r="A{at}"><v>{stored}</v></c>'))
    return workbooks.raw_xlsx("".join(rows))


def with_cells(xml: str) -> bytes:
    """A workbook whose last two cells are as written."""
    at = "".join(
        f'<c r="{letter}2" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip("ABCDEFG", GOOD, strict=False)
    )
    return workbooks.raw_xlsx(workbooks.inline(1, *FAMILY) + f'<row r="2">{at}{xml}</row>')


def page(*rows: tuple[str, ...]) -> bytes:
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in (FAMILY, *rows)]
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></body></html>".encode()


def spreadsheet_xml(*rows: tuple[str, ...]) -> bytes:
    """What Excel 2003 called an XML spreadsheet, often named .xls."""
    cells = [
        "".join(f"<Cell><Data ss:Type='String'>{cell}</Data></Cell>" for cell in row)
        for row in (FAMILY, *rows)
    ]
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    table = "".join(f"<Row>{row}</Row>" for row in cells)
    sheet = f'<Worksheet ss:Name="A"><Table>{table}</Table></Worksheet>'
    return f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode()


FAMILY_FILES = {
    "nomor-notasi-ilmiah.csv": as_csv(number("5.20399E+15"), OTHER),
    "nomor-sel-angka-akhir-nol.xlsx": with_numbers("5203991201809010", "5203991201809003"),
    "nomor-papua-sel-angka.xlsx": with_numbers("9101991201809003", "9101991201809004", "9.101991201809001E+15"),
    "nomor-berakhir-titik-nol.csv": as_csv(number("5203991201809001.0"), OTHER),
    "nomor-tanda-petik.csv": as_csv(number("'5203991201809001"), number('="5203991201809003"')),
    "nomor-dengan-spasi.csv": as_csv(number("5203 9912\u00a00180\u200b9001"), number("5203-9912.0180.9003")),
    "nomor-disensor.csv": as_csv(number("5203991201******"), number("520399******9001")),
    "nomor-tertukar-kolom.csv": as_csv(
        member(nomor_induk_kependudukan=WIFE[1], nomor_kartu_keluarga=WIFE[0]), PERSON, header=MEMBER
    ),
    "nomor-sama-di-dua-kolom.csv": as_csv(
        member(nomor_induk_kependudukan=PERSON[0], nomor_kartu_keluarga=PERSON[0]), PERSON, header=MEMBER
    ),
    "nomor-pengganti.csv": as_csv(
        *[number(text) for text in ("0", "-", "9999999999999999", "TIDAK ADA", "0203991201809001", "0000000000000000")]
    ),
    "nomor-kurang-angka.csv": as_csv(number("520399120180900"), number("52039912018090011"), OTHER),
    "nomor-kosong.csv": as_csv(number(""), OTHER),
    "nomor-angka-lebar.csv": as_csv(number("520399120180900\uff11"), number("\u0665\u0662\u0660\u0663" * 4), OTHER),
    "nomor-tanggal-mustahil.csv": as_csv(number("5203994001809001"), OTHER),
    "nomor-dengan-nul.csv": as_csv(number("520399120180900\x001"), OTHER),
    "nama-dengan-nul.csv": as_csv(family(nama_anggota_keluarga="AMAQ\x00SAHRUN"), OTHER),
    "kk-ganda-isi-beda.csv": as_csv(GOOD, family(desil_nasional="9"), OTHER),
    "baris-kembar.csv": as_csv(GOOD, GOOD, OTHER),
    "nama-almarhum.csv": as_csv(family(nama_anggota_keluarga="AMAQ SAHRUN (ALM.)"), OTHER),
    "nama-rumus.csv": as_csv(family(nama_anggota_keluarga="=cmd|' /C calc'!A0"), OTHER),
    "nama-skrip.csv": as_csv(family(nama_anggota_keluarga='"><img src=x onerror=1>'), OTHER),
    "nama-sql.csv": as_csv(family(nama_anggota_keluarga="'; DROP TABLE family;--"), OTHER),
    "nama-kosong.csv": as_csv(family(nama_anggota_keluarga=" . "), OTHER),
    "nama-panjang.csv": as_csv(family(nama_anggota_keluarga="A" * 10_000), OTHER),
    "nama-berisi-nik.csv": as_csv(family(nama_anggota_keluarga="AMAQ 5203991205809001"), OTHER),
    "alamat-200-ribu-huruf.csv": as_csv(family(alamat="X" * 200_000), OTHER),
    "alamat-garis-miring.csv": as_csv(
        family(alamat="DUSUN abc\\"), family(nomor_kartu_keluarga=OTHER[0], alamat="\\.")
    ),
    "desa-di-luar-kabupaten.csv": as_csv(
        family(kode_kelurahan_desa="5201012001", kelurahan_desa="LABUAPI", kecamatan="LABUAPI"), OTHER
    ),
    "desa-tidak-dikenal.csv": as_csv(family(kelurahan_desa="KESIX"), OTHER),
    "desa-berawalan.csv": as_csv(family(kelurahan_desa="DESA KESIK", kecamatan="KEC. MASBAGIK"), OTHER),
    "desil-ditulis-lain.csv": as_csv(
        family(desil_nasional="D3"), family(nomor_kartu_keluarga=OTHER[0], desil_nasional="IV"),
        family(nomor_kartu_keluarga="5203991201809003", desil_nasional="Desil 1"),
        family(nomor_kartu_keluarga="5203991201809004", desil_nasional="BELUM DIPERINGKAT"),
        family(nomor_kartu_keluarga="5203991201809005", desil_nasional="2.0"),
        family(nomor_kartu_keluarga="5203991201809006", desil_nasional="0"),
    ),
    "desil-rentang.csv": as_csv(family(desil_nasional="6-10"), family(desil_nasional="> 5"), OTHER),
    "desil-di-luar.csv": as_csv(
        family(desil_nasional="11"), family(desil_nasional="-1"), family(desil_nasional="1.5"), OTHER
    ),
    "kode-desa-ditulis-lain.csv": as_csv(
        *[
            family(nomor_kartu_keluarga=f"520399120180900{n}", kode_kelurahan_desa=code, kelurahan_desa=village)
            for n, (code, village) in enumerate(
                (("52.03.01.2001", ""), ("5203012001", ""), ("5203060001", ""), ("5203012001.0", ""),
                 ("52.03", "KESIK"), ("2001", "KESIK"), ("2001", "")), 1)
        ]
    ),
    "desa-nama-lain.csv": as_csv(
        family(kelurahan_desa="KESSIK", kecamatan="MASBAGEK"),
        family(nomor_kartu_keluarga=OTHER[0], kelurahan_desa="KEL. KESIK", kecamatan="KEC. MAS BAGIK"),
    ),
    "rt-rw-ditulis-lain.csv": as_csv(
        *[family(nomor_kartu_keluarga=f"520399120180900{n}", alamat=text) for n, text in enumerate(RT_RW, 1)]
    ),
    "telepon-ditulis-lain.csv": as_csv(
        *[(*family(nomor_kartu_keluarga=f"520399120180900{n}"), text) for n, text in enumerate(PHONES, 1)],
        header=(*FAMILY, "NO HP"),
    ),
    "ya-tidak-ditulis-kata.csv": as_csv(
        *[family(nomor_kartu_keluarga=f"520399120180900{n}", aset_bergerak_mobil=text)
          for n, text in enumerate(("YA", "y", "v", "\u2713", "TIDAK", "T", "x", "1", "2"), 1)]
    ),
    "atap-buku-kode-lain.csv": as_csv(
        family(jenis_atap_terluas="5", bahan_bakar_utama_memasak="12"),
        family(nomor_kartu_keluarga=OTHER[0], jenis_atap_terluas="6", bahan_bakar_utama_memasak="4"),
    ),
    "kiriman-sebagian.csv": as_csv(family(desil_nasional="4")),
    "ya-tidak-nol.csv": as_csv(family(aset_bergerak_mobil="0"), OTHER),
    "baris-jumlah-dan-tanda-tangan.csv": as_csv(
        GOOD, row("JUMLAH", "", "3"), FAMILY, OTHER, row("", "Mengetahui"), row("", "Kepala Desa Kesik"),
        row("", "H. LALU MASRI"),
    ),
    "judul-di-atas.csv": b"DAFTAR KELUARGA\nTAHUN 2026\n" + as_csv(GOOD, OTHER),
    "judul-lain.csv": as_csv(
        GOOD, OTHER, header=("No. KK", "Nama KRT", *FAMILY[2:4], "Desa", "Kec", *FAMILY[6:8], "Desil", *_REST)
    ),
    "judul-ganda.csv": as_csv(GOOD, header=(FAMILY[0], FAMILY[0], *FAMILY[2:])),
    "kolom-tidak-ada.csv": as_csv(
        (*GOOD[:8], *GOOD[9:]), header=(*FAMILY[:8], *FAMILY[9:])
    ),
    "kolom-lebih.csv": as_csv((*GOOD, "catatan"), header=(*FAMILY, "kolom_baru")),
    "sel-kurang.csv": as_csv(GOOD[:5], OTHER),
    "sel-lebih.csv": as_csv((*GOOD, "x", "y"), OTHER),
    "hanya-judul.csv": as_csv(),
    "kosong.csv": b"",
    "titik-koma.csv": as_csv(GOOD, OTHER).replace(b",", b";"),
    "sep-titik-koma.csv": b"sep=;\n" + as_csv(GOOD, OTHER).replace(b",", b";"),
    "utf16.csv": as_csv(GOOD, OTHER).decode().encode("utf-16"),
    "utf8-bom.csv": b"\xef\xbb\xbf" + as_csv(GOOD, OTHER),
    "windows-1252.csv": as_csv(family(alamat="GANG CAF\u00c9 \u2019A\u2019"), OTHER).decode().encode("cp1252"),
    "kutip-tidak-ditutup.csv": as_csv(OTHER) + b'"5203991201809003,X\n' + b"a,b\n" * 10,
    "baris-baru-dalam-alamat.csv": as_csv(family(alamat="DUSUN MONTONG\nRT 003"), OTHER),
    "sel-rumus-gagal.xlsx": with_cells('<c r="H2" t="e"><v>#N/A</v></c><c r="I2" t="e"><f>X!A1</f><v>#REF!</v></c>'),
    "sel-rumus-belum-dihitung.xlsx": with_cells('<c r="H2"><v>2</v></c><c r="I2"><f>SUM(A1)</f></c>'),
    "sel-rumus-dihitung.xlsx": with_cells('<c r="H2"><v>2</v></c><c r="I2"><f>1+2</f><v>3</v></c>'),
    "halaman-web.xls": page(GOOD, OTHER),
    "xls-lama.xls": workbooks.xls([FAMILY, GOOD, OTHER]),
    "xls-kata-sandi.xls": workbooks.ole(b"x" * 4096, "EncryptedPackage"),
    "xlsx-terpotong.xlsx": workbooks.xlsx([FAMILY, GOOD])[:-300],
    "xlsx-makro.xlsx": workbooks.raw_xlsx(workbooks.inline(1, *FAMILY), parts={"xl/vbaProject.bin": "x"}),
    "lembar-per-desa.xlsx": workbooks.xlsx([FAMILY, GOOD], [FAMILY, OTHER]),
    "lembar-tersembunyi.xlsx": workbooks.xlsx([FAMILY, GOOD], [FAMILY, OTHER], hidden=["Lembar 2"]),
    "baris-tersembunyi.xlsx": workbooks.raw_xlsx(
        workbooks.inline(1, *FAMILY) + workbooks.inline(2, *GOOD)
        + workbooks.inline(3, *OTHER).replace('<row r="3"', '<row r="3" hidden="1"')
    ),
    "zip-berisi-csv.zip": workbooks.zipped({"keluarga.csv": as_csv(GOOD, OTHER)}),
    "baris-berakhir-cr.csv": as_csv(GOOD, OTHER).replace(b"\n", b"\r"),
    "xml-spreadsheet-2003.xls": spreadsheet_xml(GOOD, OTHER),
    "dbase.xls": b"\x03\x7e\x05\x0c" + bytes(60),
    "arsip-rar.csv": b"Rar!\x1a\x07\x00" + bytes(40),
    "gambar.csv": b"\x89PNG\r\n\x1a\n" + bytes(40),
}  # fmt: skip
MEMBER_FILES = {
    "tanggal-ditulis-lain.csv": as_csv(
        PERSON, *[member(nomor_induk_kependudukan=f"520399520580900{n}", tanggal_lahir=text) for n, text in enumerate(
            ("12/05/1980", "12-05-80", "12 Mei 1980", "05/12/1980", "29353", "1980-05-12 00:00:00"), 3)],
        header=MEMBER,
    ),
    "tanggal-kosong.csv": as_csv(
        PERSON, *[member(nomor_induk_kependudukan=f"520399520580900{n}", tanggal_lahir=text)
                  for n, text in enumerate(("0000-00-00", "31/12/1899", "-"), 3)], header=MEMBER,
    ),
    "tanggal-mustahil.csv": as_csv(
        PERSON, *[member(nomor_induk_kependudukan=f"520399520580900{n}", tanggal_lahir=text)
                  for n, text in enumerate(("31/02/1990", "1990-13-01", "1850-01-01", "2190-01-01", "besok"), 3)],
        header=MEMBER,
    ),
    "lahir-dan-kelamin-beda-nik.csv": as_csv(
        PERSON, member(tanggal_lahir="1981-05-12", jenis_kelamin="1"), header=MEMBER
    ),
    "kelamin-salah.csv": as_csv(PERSON, member(jenis_kelamin="3"), header=MEMBER),
    "kelamin-huruf.csv": as_csv(PERSON, member(jenis_kelamin="p"), header=MEMBER),
    "nik-di-dua-keluarga.csv": as_csv(PERSON, WIFE, member(nomor_kartu_keluarga=OTHER[0]), header=MEMBER),
    "anggota-tanpa-keluarga.csv": as_csv(PERSON, member(nomor_kartu_keluarga="5203991201809099"), header=MEMBER),
    "anggota-acak.csv": as_csv(WIFE, PERSON, header=MEMBER),
    "anggota-lengkap.csv": as_csv(*ALL_MEMBERS, header=MEMBER),
    "nik-milik-orang-lain.csv": as_csv(
        *ALL_MEMBERS[:2], with_cell(ALL_MEMBERS[2], "nama", "MAHNUN SAPUTRA"), *ALL_MEMBERS[3:], header=MEMBER
    ),
    "orang-dengan-dua-nik.csv": as_csv(
        *ALL_MEMBERS[:-1], person("5203995205809077", OTHER[0], "INAQ SAHRUN", "3"), header=MEMBER
    ),
    "keluarga-tanpa-kepala.csv": as_csv(
        with_cell(PERSON, "status_hubungan_keluarga", "3"), *ALL_MEMBERS[1:], header=MEMBER
    ),
    "kepala-keluarga-dua.csv": as_csv(
        PERSON, with_cell(WIFE, "status_hubungan_keluarga", "1"), *ALL_MEMBERS[2:], header=MEMBER
    ),
    "jumlah-anggota-beda.csv": as_csv(*ALL_MEMBERS[:2], *ALL_MEMBERS[3:], header=MEMBER),
    "anggota-lebih-dari-15.csv": as_csv(
        *ALL_MEMBERS,
        *[person(f"52039912058091{n:02d}", GOOD[0], f"ANAK {chr(64 + n)}", "3") for n in range(1, 15)],
        header=MEMBER,
    ),
}  # fmt: skip


def main() -> None:
    for name, content in (FAMILY_FILES | MEMBER_FILES | LIST_FILES).items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
