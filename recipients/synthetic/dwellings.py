"""Houses and belongings, better the better off the family is; codes of domain.md 3.3."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from recipients.importing.layouts import FAMILY_HEADERS

YES, NO = "1", "2"
DWELLINGS_PER_WELFARE = 512

_customer = FAMILY_HEADERS.index("id_pelanggan_pln")
BEFORE_CUSTOMER = FAMILY_HEADERS[FAMILY_HEADERS.index("status_kepemilikan_rumah") : _customer]
AFTER_CUSTOMER = FAMILY_HEADERS[_customer + 1 : FAMILY_HEADERS.index("pbi_nas")]

# Share of families that own it: among the poorest, among the best off.
ASSETS = {
    "aset_bergerak_tabung_gas": (0.01, 0.45),
    "aset_bergerak_lemari_es": (0.12, 0.95),
    "aset_bergerak_ac": (0.0, 0.40),
    "aset_bergerak_pemanas_air": (0.0, 0.10),
    "aset_bergerak_telepon_rumah": (0.0, 0.06),
    "aset_bergerak_tv_datar": (0.10, 0.90),
    "aset_bergerak_emas_perhiasan": (0.02, 0.55),
    "aset_bergerak_komputer_laptop_tablet": (0.01, 0.70),
    "aset_bergerak_sepeda_motor": (0.40, 0.98),
    "aset_bergerak_sepeda": (0.12, 0.45),
    "aset_bergerak_mobil": (0.0, 0.50),
    "aset_bergerak_perahu": (0.012, 0.004),
    "aset_bergerak_kapal_perahu_motor": (0.008, 0.012),
    "aset_bergerak_smartphone": (0.62, 0.99),
    "aset_tidak_bergerak_lahan_lainnya": (0.05, 0.55),
    "aset_tidak_bergerak_rumah_lainnya": (0.003, 0.18),
}
RARE_UNTIL_RICH = {  # few below the upper deciles have these at all
    "aset_bergerak_ac", "aset_bergerak_pemanas_air", "aset_bergerak_telepon_rumah", "aset_bergerak_mobil",
    "aset_tidak_bergerak_rumah_lainnya",
}  # fmt: skip

# Code: weight among the poorest, weight among the best off.
HOUSING: dict[str, dict[int, tuple[float, float]]] = {
    "status_kepemilikan_rumah": {1: (84, 90), 2: (1, 5), 3: (14, 3), 4: (0, 2), 5: (1, 0)},
    "jenis_lantai_terluas": {1: (0, 12), 2: (18, 78), 4: (3, 4), 5: (1, 1), 6: (68, 5), 7: (2, 0), 8: (8, 0)},
    "jenis_dinding_terluas": {1: (76, 99), 2: (5, 0.5), 3: (3, 0.5), 4: (12, 0), 6: (3, 0), 7: (1, 0)},
    "jenis_atap_terluas": {1: (0, 8), 2: (58, 72), 3: (16, 14), 4: (22, 6), 7: (4, 0)},
    "sumber_air_minum_utama": {
        1: (0, 8), 2: (8, 40), 3: (26, 24), 4: (14, 20), 5: (32, 7), 6: (9, 0), 7: (7, 1), 8: (4, 0),
    },
    "sumber_penerangan_utama": {1: (84, 100), 2: (15, 0), 3: (0.6, 0), 4: (0.4, 0)},
    "daya_terpasang": {1: (72, 2), 2: (27, 28), 3: (1, 42), 4: (0, 18), 5: (0, 10)},
    "bahan_bakar_utama_memasak": {1: (0, 1), 2: (0, 8), 3: (0, 14), 4: (72, 76), 7: (1, 0), 10: (26, 1), 0: (1, 0)},
    "fasilitas_bab": {1: (66, 99), 2: (16, 1), 3: (4, 0), 4: (2, 0), 5: (1, 0), 6: (11, 0)},
    "jenis_kloset": {1: (88, 100), 2: (3, 0), 3: (3, 0), 4: (6, 0)},
    "pembuangan_akhir_tinja": {1: (66, 97), 2: (0, 1), 3: (7, 1), 4: (24, 1), 5: (3, 0)},
}  # fmt: skip
LIVESTOCK = {
    "jumlah_ternak_sapi": (0.10, 3),
    "jumlah_ternak_kerbau": (0.004, 2),
    "jumlah_ternak_kuda": (0.006, 1),
    "jumlah_ternak_babi": (0.0, 0),
    "jumlah_ternak_kambing_domba": (0.09, 5),
}
METERED, NO_TOILET = 1, 6


@dataclass(frozen=True, slots=True)
class Dwelling:
    """Columns of the family row on both sides of the customer number."""

    before: str
    after: str
    is_metered: bool

    def value(self, header: str) -> str:
        side, headers = self._side(header)
        return side.split(",")[headers.index(header)]

    def with_column(self, header: str, value: str) -> Dwelling:
        side, headers = self._side(header)
        values = side.split(",")
        values[headers.index(header)] = value
        joined = ",".join(values)
        if headers is BEFORE_CUSTOMER:
            return Dwelling(joined, self.after, self.is_metered)
        return Dwelling(self.before, joined, self.is_metered)

    def with_asset_flipped(self, header: str) -> Dwelling:
        flipped = self.with_column(header, NO if self.value(header) == YES else YES)
        owns_something = any(flipped.value(asset) == YES for asset in ASSETS)
        return flipped.with_column("kepemilikan_aset", YES if owns_something else NO)

    def _side(self, header: str) -> tuple[str, tuple[str, ...]]:
        is_before = header in BEFORE_CUSTOMER
        return (self.before, BEFORE_CUSTOMER) if is_before else (self.after, AFTER_CUSTOMER)


def dwellings(random: Random, welfare: int, count: int = DWELLINGS_PER_WELFARE) -> tuple[Dwelling, ...]:
    return tuple(_dwelling(random, welfare) for _ in range(count))


def _dwelling(random: Random, welfare: int) -> Dwelling:
    comfort = (welfare - 1) / 9
    values: dict[str, object] = {
        header: _weighted(random, weights, comfort) for header, weights in HOUSING.items()
    }
    values["luas_lantai"] = max(12, round(random.gauss(28 + 6 * welfare, 12)))
    if values["sumber_penerangan_utama"] != METERED:
        values["daya_terpasang"] = ""
    if values["fasilitas_bab"] == NO_TOILET:
        values["jenis_kloset"] = values["pembuangan_akhir_tinja"] = ""
    values |= _belongings(random, comfort)
    return Dwelling(
        before=",".join(str(values[header]) for header in BEFORE_CUSTOMER),
        after=",".join(str(values[header]) for header in AFTER_CUSTOMER),
        is_metered=values["sumber_penerangan_utama"] == METERED,
    )


def _weighted(random: Random, weights: dict[int, tuple[float, float]], comfort: float) -> int:
    mixed = [poor + (rich - poor) * comfort for poor, rich in weights.values()]
    return random.choices(list(weights), mixed)[0]


def _belongings(random: Random, comfort: float) -> dict[str, object]:
    owned: dict[str, object] = {}
    for header, (poor, rich) in ASSETS.items():
        step = comfort**3 if header in RARE_UNTIL_RICH else comfort
        owned[header] = YES if random.random() < poor + (rich - poor) * step else NO
    owned["kepemilikan_aset"] = YES if YES in owned.values() else NO
    for header, (share, most) in LIVESTOCK.items():
        owned[header] = random.randint(1, most) if random.random() < share else 0
    return owned
