"""A column of text that is ciphertext in the database and plain text in Python (docs/privacy.md).

Each text is bound to its row by the row's `public_id`, and to its column. A row of the history has both, too:
there the same text is copied by triggers, and read in the same way. Stored is `jf1:` and, in base64, the
number of the key, the row's id, the nonce and AES-GCM's ciphertext. An empty text stays empty, so that
constraints see it. What does not begin with `jf1:` was written before the column was encrypted, and is read
as it is.

The nonce follows from key, row, column and text (as in SIV): saving the same text again changes nothing, and
triggers that compare rows see no change.
"""

import base64
import hashlib
import hmac
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from jobfirst.encryption import crypto

if TYPE_CHECKING:
    TextBase = models.TextField[str, str]
else:
    TextBase = models.TextField

PREFIX = "jf1:"
ROW_BYTES = 16


class Ciphertext(str):
    """A text that is encrypted already, on its way to the database."""


class BoundText(str):
    """A text as it was read: with what is stored, and the row that it was encrypted for.

    While it is not changed, it is saved as it is stored: also when there is a newer key, so that triggers
    which protect a closed row see no change. `row` is None for a text that is not encrypted.
    """

    stored: str
    row: bytes | None


def encrypt_text(plain: str, row: uuid.UUID, column: str) -> Ciphertext:
    """Return the text encrypted with the current key, for this column of this row."""
    number, key = next(iter(crypto.cpr_keys().items()))
    cipher, nonce_key = _keys(key)
    bound_to = row.bytes + column.encode()
    data = plain.encode()
    nonce = hmac.digest(nonce_key, bound_to + b"\0" + data, hashlib.sha256)[: crypto.NONCE_BYTES]
    stored = bytes([number]) + row.bytes + nonce + cipher.encrypt(nonce, data, bound_to)
    return Ciphertext(PREFIX + base64.b64encode(stored).decode())


def decrypt_text(stored: str, column: str) -> BoundText:
    """Return the plain text. Undecryptable when the column, the key or a byte differs."""
    data = base64.b64decode(stored.removeprefix(PREFIX))
    key = crypto.cpr_keys().get(data[0]) if data else None
    if key is None:
        raise crypto.Undecryptable(f"no key for a text in {column}: its key is not in JOBFIRST_CPR_KEYS")
    row, rest = data[1 : 1 + ROW_BYTES], data[1 + ROW_BYTES :]
    nonce, body = rest[: crypto.NONCE_BYTES], rest[crypto.NONCE_BYTES :]
    try:
        plain = _keys(key)[0].decrypt(nonce, body, row + column.encode())
    except InvalidTag as error:
        raise crypto.Undecryptable(f"a stored text in {column} was changed") from error
    return _bound(plain.decode(), stored, row)


def read_text(stored: str | None, column: str) -> str | None:
    """Return the plain text of what a column has: encrypted, empty, or written before it was encrypted."""
    if not stored:
        return stored
    return decrypt_text(stored, column) if stored.startswith(PREFIX) else _bound(stored, stored, None)


def _bound(plain: str, stored: str, row: bytes | None) -> BoundText:
    text = BoundText(plain)
    text.stored, text.row = stored, row
    return text


@lru_cache(maxsize=300)
def _keys(key: bytes) -> tuple[AESGCM, bytes]:
    """Return the cipher of texts and the key of their nonces; both differ from that of CPR numbers."""
    return (
        AESGCM(hmac.digest(key, b"JobFirst text", hashlib.sha256)),
        hmac.digest(key, b"JobFirst text nonce", hashlib.sha256),
    )


class BoundAttribute(DeferredAttribute):
    """The attribute of the model: refuses a text that was moved here from another row, and keeps the stored
    one when the same text is set again."""

    def __set__(self, instance: models.Model, value: object) -> None:
        """Set a text. That of another row, copied to this one, is a new text here."""
        current = instance.__dict__.get(self.field.attname)
        if isinstance(current, BoundText) and type(value) is str and value == current:
            return
        is_loaded = self.field.attname in instance.__dict__
        if is_loaded and isinstance(value, BoundText) and value.row not in (None, row_of(instance).bytes):
            value = str(value)
        instance.__dict__[self.field.attname] = value

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, BoundText) or value.row is None:
            return value
        if value.row == row_of(instance).bytes:
            return value
        if instance._state.adding:  # a copy, which is encrypted for its own row when it is saved
            return str(value)
        raise crypto.Undecryptable(f"a stored text in {self.field.attname} belongs to another row")


def row_of(instance: models.Model) -> uuid.UUID:
    """Return what the texts of the row are bound to; a row of the history has that of its row."""
    row = instance.public_id  # type: ignore[attr-defined]
    return row if isinstance(row, uuid.UUID) else uuid.UUID(str(row))


class EncryptedTextField(TextBase):
    """Text that nobody searches in the database. The model needs a `public_id`.

    Saved by rows: `save`, `bulk_create` and COPY. `update()` and `bulk_update()` do not know the row, and
    raise TypeError unless the text is empty.
    """

    descriptor_class = BoundAttribute

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Return Django's findings, and one when the model has no id to bind the text to."""
        errors = super().check(**kwargs)
        try:
            self.model._meta.get_field("public_id")
        except FieldDoesNotExist:
            errors.append(checks.Error("An encrypted text needs a public_id.", obj=self, id="jobfirst.E001"))
        return errors

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookups that ciphertext allows: whether there is a text, and for triggers whether it
        changed."""
        if lookup_name == "exact":
            return EmptyOnly
        return super().get_lookup(lookup_name) if lookup_name in {"isnull", "df", "ndf"} else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        row = row_of(model_instance)
        if not value or not isinstance(value, str) or isinstance(value, Ciphertext):
            return value
        if isinstance(value, BoundText) and not add and value.row in (None, row.bytes):
            return Ciphertext(value.stored)
        return encrypt_text(value, row, self.attname)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, Ciphertext):
            return str(value)
        if isinstance(value, str) and value:
            raise TypeError(f"{self.attname} is encrypted for its row: save the rows one by one")
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> Any:
        """Return the plain text of what the database has."""
        return read_text(value, self.attname)


class EmptyOnly(Exact):
    """`= ''`: anything else is never equal to a ciphertext."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise TypeError(f"{self.lhs.output_field.attname} is encrypted: only empty or not can be asked")
        return super().get_prep_lookup()
