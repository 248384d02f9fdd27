"""OpenLDAP's slapd for tests: one database in memory-mapped files, whose administrator is `cn=admin,o=Doom`."""

from tests.support.securely import authority, issued, pem_of

CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload sssvlv
pidfile @FOLDER@/pid
argsfile @FOLDER@/args
TLSCertificateFile @FOLDER@/chain.pem
TLSCertificateKeyFile @FOLDER@/chain.pem
TLSCACertificateFile @FOLDER@/authority.pem
password-hash {CLEARTEXT}
authz-regexp "uid=([^,]*),cn=[^,]*,cn=auth" "cn=$1,ou=people,o=Doom"
sasl-secprops none
database mdb
maxsize 10485760
suffix "o=Doom"
rootdn "cn=admin,o=Doom"
rootpw secret
directory @FOLDER@
overlay sssvlv
access to attrs=userPassword by self write by * auth
access to * by * read
"""


def slapd(daemon):
    """A slapd that runs. daemon: the fixture."""
    files = {
        "slapd.conf": CONFIG,
        "chain.pem": pem_of(issued("localhost", "127.0.0.1")).decode(),
        "authority.pem": authority().cert_pem.bytes().decode(),
    }
    return daemon("slapd", "-d", "0", "-f", "@FOLDER@/slapd.conf", "-h", "ldap://127.0.0.1:@PORT@", files=files)
