"""What records hold, continued: signatures of messages and of zones, and the types that Twisted doesn't have."""

from __future__ import annotations

from reactor.names.dns.fields import (
    COUNTED,
    NEW_NAME,
    PARAMETERS,
    REST,
    STRING,
    TYPES,
    U8,
    U16,
    U32,
    U48,
    Kind,
    Name,
)
from reactor.names.dns.naming import str2time
from reactor.names.dns.records import Record
from reactor.names.dns.wire import Reader, Writer


class Record_TSIG(Record):
    """The signature of a message, by a secret that both sides have (RFC 8945). timeSigned: seconds since 1970."""

    fields = (
        *(("algorithm", NEW_NAME), ("timeSigned", U48), ("fudge", Kind(Reader.u16, Writer.u16, str2time, default=5))),
        *(("MAC", COUNTED), ("originalID", U16), ("error", U16), ("otherData", COUNTED)),
    )
    hidden = ("fudge", "originalID")
    algorithm: Name
    timeSigned: int
    fudge: int
    MAC: bytes
    originalID: int
    error: int
    otherData: bytes


class Record_DS(Record):
    """The hash of the key that signs a zone below (RFC 4034)."""

    fields = (("keyTag", U16), ("algorithm", U8), ("digestType", U8), ("digest", REST))


class Record_CDS(Record_DS):
    """The DS that the zone below asks for (RFC 7344)."""


class Record_DNSKEY(Record):
    """A key that signs a zone (RFC 4034)."""

    fields = (("flags", U16), ("protocol", U8), ("algorithm", U8), ("key", REST))


class Record_CDNSKEY(Record_DNSKEY):
    """The key that the zone below asks for (RFC 7344)."""


class Record_RRSIG(Record):
    """The signature of a set of records (RFC 4034). typeCovered: of the set."""

    fields = (
        *(("typeCovered", U16), ("algorithm", U8), ("labels", U8), ("originalTTL", U32)),
        *(("expiration", U32), ("inception", U32), ("keyTag", U16), ("signer", NEW_NAME), ("signature", REST)),
    )
    typeCovered: int
    labels: int


class Record_NSEC(Record):
    """The next name of a zone, and so that none is between; and which types there are (RFC 4034)."""

    fields = (("next", NEW_NAME), ("types", TYPES))
    next: Name
    types: list[int]


class Record_NSEC3(Record):
    """The same for hashes of names (RFC 5155)."""

    fields = (
        *(("hashAlgorithm", U8), ("flags", U8), ("iterations", U16)),
        *(("salt", STRING), ("next", STRING), ("types", TYPES)),
    )
    next: bytes
    types: list[int]


class Record_NSEC3PARAM(Record):
    """How the names of a zone are hashed (RFC 5155)."""

    fields = (("hashAlgorithm", U8), ("flags", U8), ("iterations", U16), ("salt", STRING))
    iterations: int
    salt: bytes


class Record_TLSA(Record):
    """The certificate of a service (RFC 6698)."""

    fields = (("usage", U8), ("selector", U8), ("matchingType", U8), ("data", REST))


class Record_CAA(Record):
    """Who may issue certificates (RFC 8659)."""

    fields = (("flags", U8), ("tag", STRING), ("value", REST))


class Record_SVCB(Record):
    """Where a service is, and how it is spoken to (RFC 9460). parameters: key → value, both as on the wire."""

    fields = (("priority", U16), ("target", NEW_NAME), ("parameters", PARAMETERS))


class Record_HTTPS(Record_SVCB):
    """The same for the web."""
