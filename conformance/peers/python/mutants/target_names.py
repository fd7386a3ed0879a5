"""Targets whose names, keys and numbers have edges that the protocol does not have."""

import unicodedata

from mutants.registry import mutant
from target import Target


@mutant("attempts-of-31-bits", "CMB-WIRE-001", "target/attempts-of-32-bits")
class AttemptsOf31Bits(Target):
    """An attempt is a signed number of 32 bits, and what is below 1 is 1."""

    def on_message(self, header):
        if header.attempt >= 2 ** 31:
            header.attempt = 1
        super().on_message(header)


class OtherKeys(Target):
    """Keys are changed before they are compared."""

    @staticmethod
    def changed(key):
        raise NotImplementedError

    def on_message(self, header):
        header.idempotency_key = self.changed(header.idempotency_key)
        super().on_message(header)


@mutant("keys-in-any-case", "CMB-TGT-004", "target/keys-are-compared-byte-by-byte*")
class KeysInAnyCase(OtherKeys):
    """Job is the key job."""

    changed = staticmethod(str.lower)


@mutant("keys-without-blanks", "CMB-TGT-004", "target/keys-are-compared-byte-by-byte*")
class KeysWithoutBlanks(OtherKeys):
    """Blanks at the end of a key do not count."""

    changed = staticmethod(str.strip)


@mutant("keys-are-normalised", "CMB-TGT-004", "target/keys-are-compared-byte-by-byte*")
class KeysAreNormalised(OtherKeys):
    """Keys are compared in normal form C."""

    changed = staticmethod(lambda key: unicodedata.normalize("NFC", key))


@mutant("keys-end-at-a-zero", "CMB-TGT-004", "target/keys-are-compared-byte-by-byte*")
class KeysEndAtAZero(OtherKeys):
    """A key is a C string."""

    changed = staticmethod(lambda key: key.split("\0")[0])


@mutant("lives-of-31-bits", "CMB-TGT-013", "target/lives-of-64-bits*")
class LivesOf31Bits(Target):
    """A life above 2³¹ is over."""

    def on_message(self, header):
        if header.ttl_ms >= 2 ** 31:
            header.ttl_ms = 0
        super().on_message(header)


@mutant("lives-of-63-bits", "CMB-TGT-013", "target/lives-of-64-bits@ttl=bits63",
        "target/lives-of-64-bits@ttl=most")
class LivesOf63Bits(Target):
    """A life above 2⁶³ is over."""

    def on_message(self, header):
        if header.ttl_ms >= 2 ** 63:
            header.ttl_ms = 0
        super().on_message(header)


@mutant("keys-are-no-ids", "CMB-DUP-007", "target/a-key-that-is-another-messages-id")
class KeysAreNoIds(Target):
    """A message without a key has none, so that nobody can bring it."""

    def bearer(self, source, key):
        found = super().bearer(source, key)
        return found if found and found.idempotency_key != found.name else None


@mutant("tells-no-key", "CMB-INS-001", "target/a-record-tells-what-brought-it")
class TellsNoKey(Target):
    """A record tells the id of the message for its key."""

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        if told:
            told.idempotency_key = message_id
        return told


@mutant("a-record-began-when-it-is-asked", "CMB-INS-001", "target/a-record-tells-what-brought-it")
class ARecordBeganWhenItIsAsked(Target):
    """created_ms is the instant of the last change."""

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        if told:
            told.created_ms = told.changed_ms
        return told
