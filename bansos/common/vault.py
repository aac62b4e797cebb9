"""The identifier vault: AES-256-GCM ciphertext beside a keyed blind index (docs/decisions/0003-vault.md).

A ciphertext is one byte of key id, 12 bytes of nonce, then AES-GCM's output. Its associated data are the kind of
identifier and its blind index, so a value moved to another row or column no longer opens. The blind index is the
first 16 bytes of HMAC-SHA256(kind, value) under a key of its own: equal values meet, nothing else can be asked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from base64 import b64decode
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NIK = b"nik"
CARD_NO = b"card_no"
PHONE = b"phone"
EMAIL = b"email"
INDEX_BYTES = 16
_NONCE_BYTES = 12


class VaultError(ValueError):
    """A value that does not open: wrong key, wrong row, or tampered with."""


@cache
def _ciphers() -> dict[int, AESGCM]:
    """Key id -> cipher; the first named key encrypts."""
    pairs = (entry.split(":", 1) for entry in settings.VAULT_KEYS.split(","))
    return {int(key_id): AESGCM(b64decode(secret)) for key_id, secret in pairs}


@cache
def _index_key() -> bytes:
    return b64decode(settings.VAULT_INDEX_KEY)


def blind_index(kind: bytes, value: str) -> bytes:
    """16 bytes, the same for the same value of the same kind."""
    return hmac.digest(_index_key(), kind + b"|" + value.encode(), "sha256")[:INDEX_BYTES]


def encrypt(kind: bytes, value: str, index: bytes | None = None) -> bytes:
    """The value sealed to its kind and blind index. Give `index` where it is known already: it is not cheap."""
    index = blind_index(kind, value) if index is None else index
    return seal_bytes(value.encode(), kind + b"|" + index)


def decrypt(kind: bytes, sealed: bytes | memoryview, index: bytes | memoryview) -> str:
    """The value again. Raises VaultError when it stands in another row or column, or was changed."""
    return open_bytes(sealed, kind + b"|" + bytes(index)).decode()


def row_hasher(header: str) -> Callable[[bytes], bytes]:
    """A keyed 64-bit fingerprint for raw records of files with this header line: bytes in, 8 bytes out.

    Keyed because a record holds a card number, and an unkeyed hash could be tried out; bound to the header because the
    same bytes mean something else under other columns. BLAKE2b in keyed mode (RFC 7693). Two different records of a
    registry of 5 million share a fingerprint with a chance of 3 in 10 million million.
    """
    salt = hashlib.blake2b(header.encode(), digest_size=16).digest()
    started = hashlib.blake2b(digest_size=8, key=_index_key(), salt=salt)

    def fingerprint(record: bytes) -> bytes:
        hasher = started.copy()
        hasher.update(record)
        return hasher.digest()

    return fingerprint


def seal_bytes(data: bytes, purpose: bytes) -> bytes:
    """Encrypt a piece of a file or a refused row; `purpose` must be given again to open it."""
    key_id, cipher = next(iter(_ciphers().items()))
    nonce = os.urandom(_NONCE_BYTES)
    return bytes([key_id]) + nonce + cipher.encrypt(nonce, data, purpose)


def open_bytes(sealed: bytes | memoryview, purpose: bytes) -> bytes:
    """What was sealed for this purpose. Raises VaultError."""
    sealed = bytes(sealed)
    cipher = _ciphers().get(sealed[0])
    if cipher is None:
        raise VaultError(f"No key {sealed[0]} in BANSOS_VAULT_KEYS")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], purpose)
    except InvalidTag:
        raise VaultError("What was sealed does not belong here, or was changed") from None


def seal_json(value: Any, purpose: bytes) -> bytes:
    return seal_bytes(json.dumps(value).encode(), purpose)


def open_json(sealed: bytes | memoryview, purpose: bytes) -> Any:
    """What was sealed for this purpose, with lists where tuples were. Raises VaultError."""
    return json.loads(open_bytes(sealed, purpose))
