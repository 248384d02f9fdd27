"""What a server says to a request: the codes of RFC 4511, appendix A, and the one exception that carries them."""

from __future__ import annotations

from enum import IntEnum


class ResultCode(IntEnum):
    """The names of the standard."""

    success, operationsError, protocolError, timeLimitExceeded, sizeLimitExceeded = 0, 1, 2, 3, 4
    compareFalse, compareTrue, authMethodNotSupported, strongerAuthRequired, referral = 5, 6, 7, 8, 10
    adminLimitExceeded, unavailableCriticalExtension, confidentialityRequired, saslBindInProgress = 11, 12, 13, 14
    noSuchAttribute, undefinedAttributeType, inappropriateMatching, constraintViolation = 16, 17, 18, 19
    attributeOrValueExists, invalidAttributeSyntax, noSuchObject, invalidDNSyntax = 20, 21, 32, 34
    inappropriateAuthentication, invalidCredentials, insufficientAccessRights = 48, 49, 50
    busy, unavailable, unwillingToPerform, namingViolation, objectClassViolation = 51, 52, 53, 64, 65
    notAllowedOnNonLeaf, notAllowedOnRDN, entryAlreadyExists, objectClassModsProhibited = 66, 67, 68, 69
    affectsMultipleDSAs, other, canceled, noSuchOperation, tooLate, cannotCancel = 71, 80, 118, 119, 120, 121


class LDAPError(Exception):
    """A request fails: on the server's side raise it, on the client's side catch it.

    code: a ResultCode; a number where the server has its own. text: for people. matchedDN: the nearest entry that
    there is. referrals: LDAP URLs of servers that know more.
    """

    def __init__(self, code: int, text: str = "", matchedDN: str = "", referrals: tuple[str, ...] = ()) -> None:
        self.code = ResultCode(code) if code in {*ResultCode} else code
        self.text, self.matchedDN, self.referrals = text, matchedDN, referrals
        name = getattr(self.code, "name", f"result {code}")
        super().__init__(f"{name}: {text}" if text else name)
