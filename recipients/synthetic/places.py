"""Where the families live: every village of the district, some larger than others, with hamlets of its own."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from recipients.data.region_rows import RegionRow, read_regions
from recipients.synthetic.draws import between, pick, weighted_table, words

PROVINCE, DISTRICT = "NUSA TENGGARA BARAT", "LOMBOK TIMUR"
HAMLETS_PER_VILLAGE = 6
WARD_FACTOR = 1.5  # a kelurahan of the capital holds more families than a desa

HAMLET_FIRST = [
    "DASAN",
    "GUBUK",
    "MONTONG",
    "LENDANG",
    "REPOK",
    "OTAK",
    "BAGIK",
    "PRESAK",
    "TIBU",
    "EMBUNG",
    "KEBON",
    "BATU",
    "PANCOR",
    "KARANG",
]
HAMLET_SECOND = words(
    """
    BARU DAYA LAUK TENGAH TIMUK BAT LEKONG NANGKA BELUMBUNG KOKOK TINGGI BUNUT KELENGKONG MENGEL LONGKEK
    SUBUR PERMAI KESAMBI BAJUR PETUNG RENDAH DURIAN SARI
    """
)

RT = tuple(f"{number:03d}" for number in range(1, 13))
RW = tuple(f"{number:03d}" for number in range(1, 7))


@dataclass(frozen=True, slots=True)
class Village:
    columns: str  # kelurahan_desa to kode_kelurahan_desa, in the order both layouts share
    hamlet_word: str
    hamlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    village: Village
    text: str  # alamat
    card_columns: str  # alamat_ktp to kode_kelurahan_desa_ktp


class Places:
    def __init__(self) -> None:
        rows = read_regions()
        subdistricts = {row.code: row for row in rows if row.level == "SUBDISTRICT"}
        villages = [row for row in rows if row.level == "VILLAGE"]
        self.villages = tuple(_village(row, subdistricts[row.parent_code]) for row in villages)
        self.table = weighted_table([_weight(row) for row in villages])


def address_in(village: Village, where: int, house: int) -> Address:
    """An address of the village; the arguments after it are draws."""
    hamlet = pick(village.hamlets, where)
    rt, rw = pick(RT, house), RW[between(0, len(RW) - 1, (house * 7) & 0xFFFF)]
    text = f"{village.hamlet_word} {hamlet} RT {rt} RW {rw}"
    return Address(village, text, f"{text},{hamlet},{rt},{rw},{village.columns}")


def _village(row: RegionRow, subdistrict: RegionRow) -> Village:
    code = row.bare_code
    names = f"{row.name.upper()},{subdistrict.name.upper()},{DISTRICT},{PROVINCE}"
    is_ward = row.kind == "KELURAHAN"
    return Village(
        columns=f"{names},{code[:2]},{code[:4]},{code[:6]},{code}",
        hamlet_word="LINGKUNGAN" if is_ward else "DUSUN",
        hamlets=_hamlets(row.code),
    )


def _fingerprint(code: str) -> bytes:
    return blake2b(code.encode(), digest_size=2 * HAMLETS_PER_VILLAGE + 1).digest()


def _hamlets(code: str) -> tuple[str, ...]:
    marks = _fingerprint(code)
    names = [
        f"{HAMLET_FIRST[marks[at] % len(HAMLET_FIRST)]} {HAMLET_SECOND[marks[at + 1] % len(HAMLET_SECOND)]}"
        for at in range(0, 2 * HAMLETS_PER_VILLAGE, 2)
    ]
    return tuple(dict.fromkeys(names))


def _weight(row: RegionRow) -> float:
    """Sizes invented, but always the same: the largest village about three times the smallest."""
    return (60 + _fingerprint(row.code)[-1] / 2) * (WARD_FACTOR if row.kind == "KELURAHAN" else 1)
