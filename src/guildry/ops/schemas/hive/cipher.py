"""The cipher of encrypted boxes: AES-256-CBC over the value alone; keys, sizes and deletions stay readable.

It has no authentication of its own, so whoever ships a box signs it.
"""

import hashlib
import zlib

from cryptography.hazmat.primitives.ciphers import Cipher as Machine
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

KEY_LENGTH = 32
BLOCK = 16


class CipherError(ValueError):
    """The bytes were not sealed with this key."""


class Cipher:
    """A key of 32 bytes; `key_crc` is what the checksums of its boxes begin with."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_LENGTH:
            raise ValueError(f"The key of a box is {KEY_LENGTH} bytes long, not {len(key)}.")
        self._key = key
        self.key_crc = zlib.crc32(hashlib.sha256(key).digest())

    def seal(self, plain: bytes, vector: bytes) -> bytes:
        """Return the vector and the sealed bytes."""
        padder = PKCS7(BLOCK * 8).padder()
        padded = padder.update(plain) + padder.finalize()
        encryptor = self._machine(vector).encryptor()
        return vector + encryptor.update(padded) + encryptor.finalize()

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed; raises CipherError."""
        vector, body = sealed[:BLOCK], sealed[BLOCK:]
        if len(vector) < BLOCK or not body or len(body) % BLOCK:
            raise CipherError("The sealed value has no whole blocks.")
        decryptor = self._machine(vector).decryptor()
        unpadder = PKCS7(BLOCK * 8).unpadder()
        padded = decryptor.update(body) + decryptor.finalize()
        try:
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError:
            raise CipherError("The sealed value does not open with this key.") from None

    def _machine(self, vector: bytes) -> "Machine[modes.CBC]":
        return Machine(algorithms.AES256(self._key), modes.CBC(vector))
