"""Lists beside each release, as other offices send them: who receives, what was paid, who is said to be what.

Each has its own headers, and a few rows of known number that must not come in; the manifest says how many and why.
Whoever receives in one quarter mostly receives in the next: chance hangs on the family, not on the quarter.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bansos.common.ids import mask
from recipients.importing.lists.names import may_be_same
from recipients.synthetic.draws import between, founding_draws, pick
from recipients.synthetic.families import Family, Member
from recipients.synthetic.names import FEMALE
from recipients.synthetic.numbers import day_of
from recipients.synthetic.quarters import Quarter
from recipients.synthetic.structures import HEAD, SPOUSE

WHOLE = 1 << 16
# Shares of families that receive, by welfare 1 to 10; then those waiting, and per quarter who leaves and enters.
PKH = (0.62, 0.50, 0.36, 0.24, 0.04, 0.01, 0.0, 0.0, 0.0, 0.0)
SEMBAKO = (0.80, 0.70, 0.55, 0.40, 0.16, 0.02, 0.01, 0.0, 0.0, 0.0)
WAITING, LEAVING, ENTERING = 0.05, 0.012, 0.02
NEVER = 0.99  # from here on a family is on no list; some are paid all the same
# Of 65,536 rows: how many are wrong in which way.
WRONG = (
    ("NOT_FOUND", 160),
    ("NUMBER_LENGTH", 60),
    ("DUPLICATE_ROW", 70),
    ("WORD_UNKNOWN", 40),
    ("NAME_DIFFERS", 70),
)
ELDER, CHILD = 60, 19
OTHER_NAMES = ("KOMANG WIDNYANA", "FRANSISKUS TUPEN")  # no name of the district's people is like both
PAID = (
    "Berhasil",
    "Berhasil",
    "Cair",
    "Berhasil",
    "Berhasil",
    "Berhasil",
    "Berhasil",
    "Belum Diambil",
    "Gagal Burekol",
    "Exclude",
)
AMOUNTS = (225_000, 375_000, 500_000, 600_000, 725_000)
SEMBAKO_AMOUNT = 600_000
VEHICLES = ("Minibus 2019", "Pikap 2017", "Minibus 2021", "Truk engkel 2015")
OFFICES = ("Dinas Pendidikan", "RSUD", "Kantor Camat", "Polres")
MONTHS = ("01", "02", "03", "04", "05", "06", "07", "08", "09")  # before the first release


@dataclass
class ListFile:
    """One file of one release: what it holds, how it is to be imported, and what must come out."""

    name: str
    kind: str
    source: str
    header: str
    fixed: dict[str, str] = field(default_factory=dict)
    is_complete: bool = False
    delimiter: str = ","
    rows: int = 0
    by_code: dict[str, int] = field(default_factory=dict)

    def open(self, folder: Path) -> None:
        self._path = folder / self.name
        self._out = self._path.open("w", encoding="utf-8", newline="\n", buffering=1 << 18)
        self._write(self.header.split(","))

    def close(self) -> None:
        """An office with nothing to say sends no list."""
        self._out.close()
        if not self.rows:
            self._path.unlink(missing_ok=True)

    def add(self, *row: object, wrong: str = "") -> None:
        self._write(row)
        self.rows += 1
        if wrong:
            self.by_code[wrong] = self.by_code.get(wrong, 0) + 1

    def _write(self, row: object) -> None:
        self._out.write(self.delimiter.join(str(cell) for cell in row) + "\n")  # type: ignore[attr-defined]

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.name,
            "kind": self.kind,
            "source": self.source,
            "fixed": self.fixed,
            "is_complete": self.is_complete,
            "rows": self.rows,
            "used": self.rows - sum(self.by_code.values()),
            "by_code": dict(sorted(self.by_code.items())),
        }


class ReleaseLists:
    """The lists of one release, written while its families stream past."""

    def __init__(self, folder: Path, quarter: Quarter, key: bytes) -> None:
        self._quarter, self._key, self._today = quarter, key + b"lists", day_of(quarter.as_of)
        self.pkh = ListFile(
            "daftar-penerima-pkh.csv", "RECIPIENTS", "Kemensos PKH",
            "NO,NIK PENGURUS,NAMA PENGURUS,KECAMATAN,DESA,STATUS,NO KKS", {"programme": "PKH"}, is_complete=True,
        )  # fmt: skip
        self.sembako = ListFile(
            "daftar-penerima-sembako.csv", "RECIPIENTS", "Kemensos Sembako", "NIK,NAMA PENERIMA,NOKK,KEC,KEL,STATUS",
            {"programme": "Sembako"}, is_complete=True, delimiter=";",
        )  # fmt: skip
        self.pbi = ListFile(
            "daftar-penerima-pbi.csv",
            "RECIPIENTS",
            "BPJS Kesehatan",
            "NIK,NAMA PESERTA,PROGRAM",
            is_complete=True,
        )
        self.payouts = ListFile(
            "daftar-bayar.csv", "PAYOUT", "Himbara",
            "NIK,NAMA KPM,PROGRAM,TAHAP,NOMINAL,STATUS TRANSAKSI,TANGGAL BAYAR,BANK PENYALUR",
        )  # fmt: skip
        self.civil = ListFile(
            "daftar-tanda-dukcapil.csv", "FLAGS", "Dukcapil", "NIK,NAMA,JENIS,TANGGAL KEJADIAN", delimiter=";"
        )
        self.servants = ListFile(
            "daftar-tanda-bkpsdm.csv", "FLAGS", "BKPSDM", "NIK,NAMA,UNIT KERJA", {"kind": "ASN"}
        )
        self.vehicles = ListFile(
            "daftar-tanda-samsat.csv", "FLAGS", "Samsat", "NIK,NAMA PEMILIK,URAIAN", {"kind": "kendaraan"}
        )
        self.central = ListFile(
            "daftar-cek-pusat.csv", "NATIONAL_CHECK", "Kemensos",
            "NIK_MASK,NOKK_MASK,NOREKENING_MASK,Nama_Pengurus,Lembaga_Penyalur,KODE_WILAYAH,PROV,KAB,KEC,KEL,ALAMAT,"
            "RT,RW,KETERANGAN",
        )  # fmt: skip
        self.files = (
            self.pkh, self.sembako, self.pbi, self.payouts, self.civil, self.servants, self.vehicles, self.central
        )  # fmt: skip
        self._open = ExitStack()
        for one in self.files:
            one.open(folder)
            self._open.callback(one.close)

    def close(self) -> None:
        self._open.close()

    def write(self, family: Family) -> None:
        fixed = founding_draws(self._key, family.ident)
        now = founding_draws(self._key, family.ident + bytes((self._quarter.index, 255)))
        caretaker = _caretaker(family)
        has_component = any(not CHILD <= member.age(self._today) < ELDER for member in family.members)
        in_pkh = self._standing(PKH[family.welfare - 1], fixed[0], fixed[1]) if has_component else ""
        in_sembako = self._standing(SEMBAKO[family.welfare - 1], fixed[2], fixed[3])
        if in_pkh:
            self._recipient(self.pkh, family, caretaker, in_pkh, now[:6], "PKH")
        elif has_component and fixed[0] >= NEVER * WHOLE and family.welfare < 6:
            self._pay(caretaker, "PKH", AMOUNTS[0], now[6:8], wrong="NO_ENROLMENT")
        if in_sembako:
            self._recipient(self.sembako, family, caretaker, in_sembako, now[8:14], "SEMBAKO")
        if family.pbi.startswith("1"):
            self._insured(family, now[14:18])
        if in_pkh or in_sembako:
            self._flags(family, caretaker, fixed, now)

    def _standing(self, share: float, chance: int, until: int) -> str:
        """Empty for a family that the list does not name in this quarter."""
        quarter = self._quarter.index
        if not share or until < LEAVING * quarter * WHOLE:
            return ""
        if chance < (share + ENTERING * quarter) * WHOLE:
            return "Aktif"
        return "Daftar Tunggu" if chance < (share + ENTERING * quarter + WAITING) * WHOLE else ""

    def _recipient(
        self, out: ListFile, family: Family, person: Member, state: str, draws: tuple[int, ...], code: str
    ) -> None:
        wrong = _wrong(draws[0], person)
        nik, name, state_told = _told(person, wrong, state, draws[1])
        village, subdistrict = family.address.village.columns.split(",")[:2]
        row: tuple[object, ...]
        if out is self.pkh:
            row = (
                out.rows + 1,
                nik,
                name,
                subdistrict,
                village,
                state_told,
                f"9999{draws[2]:06d}{draws[3]:06d}",
            )
        else:
            row = (nik, name, family.card_no, subdistrict, village, state_told)
        has_card = out is self.sembako  # then it is known that the family is ours
        told = "NIK_UNKNOWN" if wrong == "NOT_FOUND" and has_card else wrong
        out.add(*row, wrong="" if told == "DUPLICATE_ROW" else told)
        if wrong == "DUPLICATE_ROW":
            out.add(*row, wrong=wrong)
        if wrong in ("", "DUPLICATE_ROW") and state == "Aktif":
            amount = pick(AMOUNTS, family.ident[-1] << 8) if code == "PKH" else SEMBAKO_AMOUNT
            self._pay(person, code, amount, draws[4:6])

    def _pay(self, person: Member, code: str, amount: int, draws: tuple[int, ...], wrong: str = "") -> None:
        state = pick(PAID, draws[0])
        day = (
            f"{between(1, 27, draws[1]):02d}/{self._quarter.as_of:%m/%Y}"
            if state in ("Berhasil", "Cair")
            else ""
        )
        period = f"Tahap {self._quarter.label[-1]} {self._quarter.label[:4]}"
        self.payouts.add(person.nik, person.name, code, period, f"Rp{amount}", state, day, "BRI", wrong=wrong)

    def _insured(self, family: Family, draws: tuple[int, ...]) -> None:
        for at, member in enumerate(family.members):
            wrong = "NUMBER_LENGTH" if at == 0 and draws[0] < 60 else ""
            self.pbi.add(member.nik[:15] if wrong else member.nik, member.name, "PBI JK", wrong=wrong)

    def _flags(self, family: Family, caretaker: Member, fixed: tuple[int, ...], now: tuple[int, ...]) -> None:
        """What is once said is said again in the next quarter, with a few more."""
        more = 1 + 0.3 * self._quarter.index
        eldest = min(family.members, key=lambda member: member.born)
        day = f"{between(1, 27, fixed[9]):02d}-{pick(MONTHS, fixed[10])}-2025"
        if fixed[4] < 0.006 * more * WHOLE and len(family.members) > 1:
            self._flag(
                self.civil,
                eldest,
                ("MENINGGAL" if eldest.age(self._today) >= ELDER else "PINDAH", day),
                now[18],
            )
        if fixed[5] < 0.004 * more * WHOLE:
            self._flag(self.servants, family.head, (pick(OFFICES, fixed[9]),), now[19])
        if fixed[6] < 0.005 * more * WHOLE:
            self._flag(self.vehicles, family.head, (pick(VEHICLES, fixed[9]),), now[20])
        if fixed[7] < 0.006 * WHOLE:
            self._central(family, caretaker, fixed[8])

    def _flag(self, out: ListFile, person: Member, rest: tuple[str, ...], draw: int) -> None:
        is_lost = draw < 1500
        out.add(
            _unknown(person.nik) if is_lost else person.nik,
            person.name,
            *rest,
            wrong="NOT_FOUND" if is_lost else "",
        )

    def _central(self, family: Family, person: Member, draw: int) -> None:
        village, subdistrict, district, province = family.address.village.columns.split(",")[:4]
        code = family.address.village.columns.rsplit(",", 1)[1]
        is_lost = draw < 6000
        nik = mask(_unknown(person.nik) if is_lost else person.nik)
        self.central.add(
            nik, family.card_no[:10] + "******", "******1234", person.name, "BRI", code, province, district,
            subdistrict, village, family.address.text, "", "", pick(("uji petik", "daya listrik", "cek rumah"), draw),
            wrong="MASK_NOT_FOUND" if is_lost else "",
        )  # fmt: skip


def _caretaker(family: Family) -> Member:
    """The woman of the house where there is one, else its head."""
    return next(
        (member for member in family.members if member.relation in (HEAD, SPOUSE) and member.sex == FEMALE),
        family.head,
    )


def _wrong(draw: int, person: Member) -> str:
    """What is wrong with the row, mostly nothing; who is called after a child is not told by the name."""
    for code, share in WRONG:
        if draw < share:
            return "" if code == "NAME_DIFFERS" and _passes_for_any(person.name) else code
        draw -= share
    return ""


def _passes_for_any(name: str) -> bool:
    return all(may_be_same(other, name) for other in OTHER_NAMES)


def _told(person: Member, wrong: str, state: str, draw: int) -> tuple[str, str, str]:
    if wrong == "NOT_FOUND":
        return _unknown(person.nik), person.name, state
    if wrong == "NUMBER_LENGTH":
        return person.nik[:15], person.name, state
    if wrong == "WORD_UNKNOWN":
        return person.nik, person.name, pick(("???", "cek lagi"), draw)
    if wrong == "NAME_DIFFERS":
        return person.nik, next(name for name in OTHER_NAMES if not may_be_same(name, person.name)), state
    return person.nik, person.name, state


def _unknown(nik: str) -> str:
    """A number with a serial that nobody in the district has."""
    return f"{nik[:12]}5{nik[13:]}"
