"""The generated secrets in a backup: encrypted with a passphrase that is nowhere in it, or left out."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ops.backup.manifest import BackupFailed

_SALT, _NONCE = 16, 12  # bytes


def seal(plain: bytes, passphrase: str) -> bytes:
    """AES-256-GCM, its key by scrypt (OWASP's N=2^17, r=8, p=1: 128 MB and some tenths of a second a guess)."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    return salt + nonce + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, None)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """Raises BackupFailed when the passphrase is another one."""
    salt, nonce, rest = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, rest, None)
    except InvalidTag:
        raise BackupFailed(
            "The secrets in the backup were sealed with another FIRSTLINE_BACKUP_PASSPHRASE; unset it to leave them."
        ) from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**17, r=8, p=1).derive(passphrase.encode())
