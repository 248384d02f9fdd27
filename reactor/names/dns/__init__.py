"""The wire format of DNS, and its conversation over UDP and TCP. Bad packets raise DNSDecodeError, and nothing else.

`wire` has the cursor that reads names, `fields` and `records` what records hold, `message` what carries them;
`conversation` asks and is asked. The numbers, such as `dns.MX` and `dns.ENAME`, are in `codes`.
"""

# isort: off
# fmt: off
from reactor.names.dns.codes import (
    A, A6, AAAA, AFSDB, ALL_RECORDS, ANY, AXFR, CAA, CDNSKEY, CDS, CH, CNAME, CS, DNAME, DNSKEY, DS, EBADCOOKIE,
    EBADKEY, EBADSIG, EBADTIME, EBADVERSION, EFORMAT, ENAME, ENOTAUTH, ENOTIMP, EREFUSED, ESERVER, EXT_QUERIES,
    HINFO, HS, HTTPS, IN, IXFR, MAILA, MAILB, MB, MD, MF, MG, MINFO, MR, MX, NAPTR, NS, NSEC, NSEC3, NSEC3PARAM,
    NULL, OK, OPT, OP_INVERSE, OP_NOTIFY, OP_QUERY, OP_STATUS, OP_UPDATE, PORT, PTR, QUERY_CLASSES, QUERY_TYPES,
    REV_CLASSES, REV_TYPES, RP, RRSIG, SOA, SPF, SRV, SSHFP, SVCB, TKEY, TLSA, TSIG, TXT, WKS,
)
from reactor.names.dns.conversation import (
    DNSDatagramProtocol, DNSMixin, DNSProtocol, randomSource,
)
from reactor.names.dns.fields import (
    Charstr, Name,
)
from reactor.names.dns.message import (
    Message, OPTHeader, Query, RRHeader,
)
from reactor.names.dns.naming import (
    domainString, str2time,
)
from reactor.names.dns.newer_records import (
    Record_CAA, Record_CDNSKEY, Record_CDS, Record_DNSKEY, Record_DS, Record_HTTPS, Record_NSEC, Record_NSEC3,
    Record_NSEC3PARAM, Record_RRSIG, Record_SVCB, Record_TLSA, Record_TSIG,
)
from reactor.names.dns.records import (
    Record, Record_A, Record_A6, Record_AAAA, Record_AFSDB, Record_CNAME, Record_DNAME, Record_HINFO, Record_MB,
    Record_MD, Record_MF, Record_MG, Record_MINFO, Record_MR, Record_MX, Record_NAPTR, Record_NS, Record_NULL,
    Record_PTR, Record_RP, Record_SOA, Record_SPF, Record_SRV, Record_SSHFP, Record_TXT, Record_WKS, SimpleRecord,
    UnknownRecord,
)
from reactor.names.error import AuthoritativeDomainError, DNSDecodeError, DNSQueryTimeoutError, DomainError

__all__ = [  # noqa: RUF022  # in the order above
    "A", "A6", "AAAA", "AFSDB", "ALL_RECORDS", "ANY", "AXFR", "CAA", "CDNSKEY", "CDS", "CH", "CNAME", "CS",
    "DNAME", "DNSKEY", "DS", "EBADCOOKIE", "EBADKEY", "EBADSIG", "EBADTIME", "EBADVERSION", "EFORMAT", "ENAME",
    "ENOTAUTH", "ENOTIMP", "EREFUSED", "ESERVER", "EXT_QUERIES", "HINFO", "HS", "HTTPS", "IN", "IXFR", "MAILA",
    "MAILB", "MB", "MD", "MF", "MG", "MINFO", "MR", "MX", "NAPTR", "NS", "NSEC", "NSEC3", "NSEC3PARAM", "NULL",
    "OK", "OPT", "OP_INVERSE", "OP_NOTIFY", "OP_QUERY", "OP_STATUS", "OP_UPDATE", "PORT", "PTR", "QUERY_CLASSES",
    "QUERY_TYPES", "REV_CLASSES", "REV_TYPES", "RP", "RRSIG", "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TKEY",
    "TLSA", "TSIG", "TXT", "WKS", "DNSDatagramProtocol", "DNSMixin", "DNSProtocol", "randomSource", "Charstr",
    "Name", "Message", "OPTHeader", "Query", "RRHeader", "domainString", "str2time", "Record_CAA",
    "Record_CDNSKEY", "Record_CDS", "Record_DNSKEY", "Record_DS", "Record_HTTPS", "Record_NSEC", "Record_NSEC3",
    "Record_NSEC3PARAM", "Record_RRSIG", "Record_SVCB", "Record_TLSA", "Record_TSIG", "Record", "Record_A",
    "Record_A6", "Record_AAAA", "Record_AFSDB", "Record_CNAME", "Record_DNAME", "Record_HINFO", "Record_MB",
    "Record_MD", "Record_MF", "Record_MG", "Record_MINFO", "Record_MR", "Record_MX", "Record_NAPTR", "Record_NS",
    "Record_NULL", "Record_PTR", "Record_RP", "Record_SOA", "Record_SPF", "Record_SRV", "Record_SSHFP",
    "Record_TXT", "Record_WKS", "SimpleRecord", "UnknownRecord", "AuthoritativeDomainError", "DNSDecodeError",
    "DNSQueryTimeoutError", "DomainError",
]
