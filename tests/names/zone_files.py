"""Zones for the tests, as zone files have them."""

from reactor.names.authority import BindAuthority

EXAMPLE = """
$TTL 300
@      IN SOA ns1 root 7 3600 600 86400 60
@      IN NS  ns1
@      IN NS  ns.elsewhere.test.
@      IN MX  10 mail
ns1    IN A   192.0.2.1
mail   IN A   192.0.2.2
mail   IN AAAA 2001:db8::2
www    IN CNAME web
web    IN A   192.0.2.3
out    IN CNAME www.elsewhere.test.
loop   IN CNAME pool
pool   IN CNAME loop
deep.down.there IN TXT "found"
*.wild IN TXT "wild" "card"
*.wild IN MX  5 mail
here.wild IN A 192.0.2.4
*.also IN CNAME web
sub    IN NS  ns.sub
sub    IN NS  ns1
sub    IN DS  1 8 2 3078E24C4E3A7B9A9F3A3078E24C4E3A7B9A9F3A3078E24C4E3A7B9A9F3A3078
ns.sub IN A   192.0.2.9
old    IN DNAME new
a.new  IN A   192.0.2.7
_xmpp-client._tcp IN SRV 1 2 5222 mail
A.Capital IN TXT "big"
"""


def authority(tmp_path, text=EXAMPLE, origin="example.org"):
    """A zone from this text. (Its file has another name than the zone, as files often have.)"""
    path = tmp_path / f"{origin}.zone"
    path.write_text(text, encoding="utf-8")
    return BindAuthority(path, origin)


def edition(tmp_path, serial, extra=""):
    """The zone, with this serial number, and more lines."""
    return authority(tmp_path, EXAMPLE.replace("root 7", f"root {serial}") + extra).zone
