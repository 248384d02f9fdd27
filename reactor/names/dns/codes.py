"""The numbers of DNS under their names (IANA's registry "DNS parameters")."""

from __future__ import annotations

PORT = 53

A, NS, MD, MF, CNAME, SOA, MB, MG, MR, NULL, WKS, PTR, HINFO, MINFO, MX, TXT, RP, AFSDB = range(1, 19)
AAAA = 28
SRV = 33
NAPTR = 35
A6 = 38
DNAME = 39
OPT = 41
DS = 43
SSHFP = 44
RRSIG, NSEC, DNSKEY = 46, 47, 48
NSEC3, NSEC3PARAM, TLSA = 50, 51, 52
CDS, CDNSKEY = 59, 60
SVCB, HTTPS = 64, 65
SPF = 99
TKEY, TSIG, IXFR, AXFR, MAILB, MAILA, ALL_RECORDS = range(249, 256)
CAA = 257

_TYPES = (
    "A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB AAAA SRV NAPTR A6 DNAME OPT DS SSHFP "
    "RRSIG NSEC DNSKEY NSEC3 NSEC3PARAM TLSA CDS CDNSKEY SVCB HTTPS SPF TKEY TSIG CAA"
)
QUERY_TYPES: dict[int, str] = {globals()[name]: name for name in _TYPES.split()}
"""Types of records by their number."""
EXT_QUERIES: dict[int, str] = {
    IXFR: "IXFR",
    AXFR: "AXFR",
    MAILB: "MAILB",
    MAILA: "MAILA",
    ALL_RECORDS: "ALL_RECORDS",
}
"""What can be asked for, and is no record."""
REV_TYPES: dict[str, int] = {name: number for number, name in (QUERY_TYPES | EXT_QUERIES).items()}

IN, CS, CH, HS = range(1, 5)
ANY = 255
QUERY_CLASSES: dict[int, str] = {IN: "IN", CS: "CS", CH: "CH", HS: "HS", ANY: "ANY"}
REV_CLASSES: dict[str, int] = {name: number for number, name in QUERY_CLASSES.items()}

OP_QUERY, OP_INVERSE, OP_STATUS = range(3)
OP_NOTIFY = 4  # RFC 1996
OP_UPDATE = 5  # RFC 2136

OK, EFORMAT, ESERVER, ENAME, ENOTIMP, EREFUSED = range(6)
ENOTAUTH = 9  # RFC 8945
EBADVERSION = 16  # RFC 6891; the same number says EBADSIG inside of TSIG
EBADSIG, EBADKEY, EBADTIME = range(16, 19)
EBADCOOKIE = 23  # RFC 7873


def type_name(number: int) -> str:
    """What people call a type of record: "MX", "TYPE65280" (RFC 3597)."""
    return QUERY_TYPES.get(number) or EXT_QUERIES.get(number) or f"TYPE{number}"
