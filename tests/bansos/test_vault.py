import pytest

from bansos.common import vault

NIK = "5203995212809001"


def test_a_sealed_value_opens_only_with_its_own_kind_and_index():
    index = vault.blind_index(vault.NIK, NIK)
    sealed = vault.encrypt(vault.NIK, NIK)

    assert vault.decrypt(vault.NIK, sealed, index) == NIK
    with pytest.raises(vault.VaultError):
        vault.decrypt(vault.CARD_NO, sealed, index)
    with pytest.raises(vault.VaultError):
        vault.decrypt(vault.NIK, sealed, vault.blind_index(vault.NIK, "5203995212809002"))


def test_the_same_value_seals_differently_and_indexes_alike():
    assert vault.encrypt(vault.NIK, NIK) != vault.encrypt(vault.NIK, NIK)
    assert vault.blind_index(vault.NIK, NIK) == vault.blind_index(vault.NIK, NIK)
    assert vault.blind_index(vault.NIK, NIK) != vault.blind_index(vault.CARD_NO, NIK)


def test_every_flipped_bit_of_a_sealed_value_is_noticed():
    sealed = vault.encrypt(vault.NIK, NIK)
    index = vault.blind_index(vault.NIK, NIK)

    for place in range(1, len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(vault.VaultError):
            vault.decrypt(vault.NIK, bytes(changed), index)
