"""What the operations of LDAP do to a tree (RFC 4511, sections 4.5 to 4.10), and searches in pages and in order.

Bounds: a search ends after `longestSearch_s` and `mostEntries`, sorts `mostSorted` of them, and `mostPaged` searches
wait for their next page, whose cookies are good for this connection alone. After so much work as `STRIDE` says, or
after `longestTurn_s`, the loop gets a turn. A request names `mostNames` attributes, and brings MOST_PASSWORDS.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar

from reactor.ldap.checkers import TreeChecker, hashed, matches
from reactor.ldap.dn import DistinguishedName
from reactor.ldap.entry import LDAPEntry, test_for
from reactor.ldap.filters import size_of
from reactor.ldap.messages import (
    OID,
    OPERATIONS,
    PAGED,
    PASSWORD_CHANGE,
    PASSWORD_MADE,
    READ,
    SORT,
    SORTED,
    Attributes,
    Change,
    ChangeRow,
    Control,
    Entry,
    Message,
    Op,
    Result,
    Scope,
    SearchRequest,
)
from reactor.ldap.results import LDAPError, ResultCode
from reactor.ldap.schema import CLASSES, PASSWORD, TYPES, attribute_type, canonical, rule_named
from reactor.ldap.session import LDAPSession, Operation, Request
from reactor.ldap.tree import MOST_PASSWORDS, MemoryTree
from reactor.protocols.policies.logins import mayTakePasswords
from reactor.task import deferLater

SUBSCHEMA = DistinguishedName("cn=subschema")
STRIDE = 1000  # entries that are looked at, times the parts of the filter, between two turns of the loop: about 2 ms
Found = Iterator[LDAPEntry | tuple[str, ...] | None]  # an entry, a referral, or: let the loop have a turn
_ENTRY = OPERATIONS[Op.searchResultEntry]


class LDAPServer(LDAPSession):
    """One connection to a directory.

    tree: the directory. names: as TreeChecker has them. referrals: URLs of a server that knows more.
    """

    OPERATIONS: ClassVar[dict[Op, Operation]] = {
        Op.bindRequest: Operation("do_bind", Op.bindResponse),
        Op.searchRequest: Operation("do_search", Op.searchResultDone),
        Op.compareRequest: Operation("do_compare", Op.compareResponse, "mayRead"),
        Op.addRequest: Operation("do_add", Op.addResponse, "mayWrite"),
        Op.delRequest: Operation("do_delete", Op.delResponse, "mayWrite"),
        Op.modifyRequest: Operation("do_modify", Op.modifyResponse),
        Op.modDNRequest: Operation("do_modifyDN", Op.modDNResponse, "mayWrite"),
        Op.extendedRequest: Operation("do_extended", Op.extendedResponse),
    }
    CONTROLS: ClassVar[dict[str, frozenset[Op]]] = {
        OID.paged: frozenset({Op.searchRequest}),
        OID.sort: frozenset({Op.searchRequest}),
        OID.preRead: frozenset({Op.modifyRequest, Op.delRequest, Op.modDNRequest}),
        OID.postRead: frozenset({Op.addRequest, Op.modifyRequest, Op.modDNRequest}),
        OID.manageDsaIT: frozenset(OPERATIONS),
    }
    EXTENDED: ClassVar[dict[str, str]] = {
        OID.startTLS: "do_startTLS",
        OID.whoAmI: "do_whoAmI",
        OID.cancel: "do_cancel",
        OID.passwordModify: "do_passwordModify",
    }
    mostEntries = 10_000
    mostSorted = 10_000
    mostPaged = 4
    mostNames = 1000
    longestSearch_s = 60.0
    tree: MemoryTree
    names = ""
    referrals: tuple[str, ...] = ()

    def connectionMade(self) -> None:
        """Begin."""
        self._pages: dict[bytes, tuple[SearchRequest, Found]] = {}
        super().connectionMade()

    def _become(self, *account: Any) -> None:
        self._pages.clear()  # they were found with other rights
        super()._become(*account)

    def target(self, request: Request, name: str | DistinguishedName) -> DistinguishedName:
        """The name of what a request is about. Raises LDAPError when another server has it."""
        dn = self.read_name(name)
        nearest = self.tree.nearest(dn)
        if nearest is not None and OID.manageDsaIT not in request.controls and _is_referral(nearest):
            raise LDAPError(ResultCode.referral, "", nearest.dn.getText(), _urls(nearest))
        if nearest is None and self.referrals and not any(suffix.contains(dn) for suffix in self.tree.suffixes):
            raise LDAPError(ResultCode.referral, "", "", self.referrals)
        return dn

    # --- searches

    async def do_search(self, request: Request) -> Result:
        """Send what fits, as fast as the client takes it, and say how it went."""
        body: SearchRequest = request.message.body
        self._require_bounds(body)
        deadline = self.reactor.seconds() + min(body.timeLimit or self.longestSearch_s, self.longestSearch_s)
        most, page = min(body.sizeLimit or self.mostEntries, self.mostEntries), request.controls.get(OID.paged)
        found, size = self._begin(request), most
        if page is not None:
            size, cookie = PAGED.load(page.value or b"")
            if cookie:
                found = self._resume(cookie, body)
            found = found if size > 0 else iter(())
        sent, shown = 0, self._selection(body.attributes, body.typesOnly)
        turn_ends = self.reactor.seconds() + self.longestTurn_s
        for one in found:
            if one is None or self._is_full or self.reactor.seconds() > turn_ends:
                turn_ends = await self._next_turn()
            if self.reactor.seconds() > deadline:
                raise LDAPError(ResultCode.timeLimitExceeded)
            if one is not None:
                if sent == min(size, most):
                    break
                sent += 1
                self.send(self._response(request, one, shown))
        else:
            one = None
        if page is not None:
            self._keep_page(request, one, found)
        elif one is not None:
            raise LDAPError(ResultCode.sizeLimitExceeded)
        return Result()

    def _require_bounds(self, body: SearchRequest) -> None:
        if min(body.sizeLimit, body.timeLimit) < 0 or body.scope not in (*Scope,):
            raise LDAPError(ResultCode.protocolError, "limits are 0 or more, and scopes 0 to 2")
        if len(body.attributes) > self.mostNames:
            raise LDAPError(ResultCode.adminLimitExceeded, f"a search asks for at most {self.mostNames} attributes")

    async def _next_turn(self) -> float:
        """Waits. Returns when that turn should end."""
        await (self.room() if self._is_full else deferLater(self.reactor, 0))
        return float(self.reactor.seconds() + self.longestTurn_s)

    def _response(self, request: Request, one: Any, shown: Callable[[LDAPEntry], Attributes]) -> Message:
        if isinstance(one, tuple):
            return Message(request.message.id, Op.searchResultReference, one)
        return Message(request.message.id, Op.searchResultEntry, Entry(one.dn.getText(), shown(one)))

    def _whole(self, entry: LDAPEntry) -> LDAPEntry:
        """The entry, with what is known of it without being kept."""
        has = b"TRUE" if self.tree.has_children(entry.dn) else b"FALSE"
        more = {"subschemaSubentry": (SUBSCHEMA.getText().encode(),), "hasSubordinates": (has,)}
        return LDAPEntry(entry.dn, [*entry.attributes, *more.items()])

    def _selection(self, names: Iterable[str], typesOnly: bool = False) -> Callable[[LDAPEntry], Attributes]:
        """What gives the attributes of an entry that are asked for (RFC 4511, section 4.5.1.8; RFC 3673)."""
        wanted = {canonical(name) for name in names} or {"*"}
        named = wanted - {"*", "+", "1.1"}
        needs_all = bool(wanted & {"+", "subschemasubentry", "hassubordinates"})

        def selected(entry: LDAPEntry) -> Attributes:
            is_special = not entry.dn.rdns or entry.dn.key == SUBSCHEMA.key
            entry = self._whole(entry) if needs_all and not is_special else entry
            chosen = {kind for name in named for kind in entry.with_options(name)}
            for kind in map(canonical, entry):
                is_own = attribute_type(kind).isOwn or is_special
                if ("+" in wanted and is_own) or ("*" in wanted and (is_special or not is_own)):
                    chosen.add(kind)
            kept = [(kind, values) for kind, values in entry.attributes if canonical(kind) in chosen]
            return tuple((kind, () if typesOnly else values) for kind, values in kept if not _is_password(kind))

        return selected

    def _begin(self, request: Request) -> Found:
        body: SearchRequest = request.message.body
        base = self.read_name(body.base)
        test = test_for(body.filter)
        special = {(): self._root, SUBSCHEMA.key: self._subschema}.get(base.key)
        if special is not None and body.scope == Scope.base:
            return iter([entry for entry in (special(),) if test(entry)])
        if not self.account.mayRead:
            raise LDAPError(ResultCode.insufficientAccessRights, "" if self.account.name else "bind first")
        if base.rdns:
            self.tree.find(self.target(request, base))
        found = self._fitting(base, body, test, OID.manageDsaIT in request.controls)
        sort = request.controls.get(OID.sort)
        return found if sort is None else self._sorted(request, sort, found)

    def _fitting(self, base: DistinguishedName, body: SearchRequest, test: Any, is_managing: bool) -> Found:
        stride = max(1, STRIDE // (size_of(body.filter) + len(body.attributes)))
        for number, entry in enumerate(self.tree.search(base, body.scope, body.filter), 1):
            if _is_referral(entry) and not is_managing:
                yield _urls(entry)
            elif test(entry):
                yield entry
            if number % stride == 0:
                yield None

    def _resume(self, cookie: bytes, body: SearchRequest) -> Found:
        before, found = self._pages.pop(cookie, (None, iter(())))
        if before is None or before._replace(sizeLimit=0, timeLimit=0) != body._replace(sizeLimit=0, timeLimit=0):
            raise LDAPError(ResultCode.unwillingToPerform, "this cookie belongs to no search that waits here")
        return found

    def _keep_page(self, request: Request, first: Any, found: Found) -> None:
        cookie = b""
        if first is not None:
            cookie = secrets.token_bytes(8)
            self._pages[cookie] = (request.message.body, chain([first], found))
            while len(self._pages) > self.mostPaged:
                del self._pages[next(iter(self._pages))]
        request.answers.append(Control(OID.paged, False, PAGED.dump((0, cookie))))

    def _sorted(self, request: Request, control: Control, found: Found) -> Found:
        keys = SORT.load(control.value or b"")
        rules = [rule_named(rule) if rule else attribute_type(name).rule for name, rule, _ in keys]
        if any(_is_password(name) for name, _, _ in keys):
            rules = [None]
        if None in rules or not all(rule and rule.order for rule in rules) or len(keys) > 10:
            if control.isCritical:
                raise LDAPError(ResultCode.unavailableCriticalExtension, "there is no such order")
            request.answers.append(
                Control(OID.sortResponse, False, SORTED.dump((ResultCode.inappropriateMatching, None)))
            )
            return found
        request.answers.append(Control(OID.sortResponse, False, SORTED.dump((0, None))))
        return self._in_order(keys, found)

    def _in_order(self, keys: Any, found: Found) -> Found:
        kept: list[Any] = []
        for one in found:
            if one is None:
                yield None
            else:
                kept.append(one)
            if len(kept) > self.mostSorted:
                raise LDAPError(ResultCode.adminLimitExceeded, f"more than {self.mostSorted} entries to sort")
        entries = [one for one in kept if isinstance(one, LDAPEntry)]
        for name, _, is_reversed in reversed(keys):  # those without the attribute are last (RFC 2891, section 2.2)
            name = canonical(name)
            pick = max if is_reversed else min
            has = [(pick(one.normal_values(name)), at) for at, one in enumerate(entries) if one.normal_values(name)]
            has.sort(key=lambda pair: pair[0], reverse=is_reversed)
            entries = [entries[at] for _, at in has] + [one for one in entries if not one.normal_values(name)]
        yield from (*entries, *(one for one in kept if not isinstance(one, LDAPEntry)))

    def _root(self) -> LDAPEntry:
        found = {
            "objectClass": ["top"],
            "namingContexts": [suffix.getText() for suffix in self.tree.suffixes],
            "subschemaSubentry": [SUBSCHEMA.getText()],
            "supportedControl": [*self.CONTROLS],
            "supportedExtension": [oid for oid in self.EXTENDED if oid != OID.startTLS or self.contextFactory],
            "supportedFeatures": [OID.increment, OID.allOperational, OID.trueFalseFilters],
            "supportedLDAPVersion": ["3"],
            "supportedSASLMechanisms": self.mechanisms(),
        }
        return LDAPEntry("", {name: [one.encode() for one in values] for name, values in found.items() if values})

    def _subschema(self) -> LDAPEntry:
        found = {"objectClass": ["top", "subschema"], "cn": ["subschema"], "objectClasses": CLASSES}
        found["attributeTypes"] = [*map(str, TYPES)]
        return LDAPEntry(SUBSCHEMA, {name: [one.encode() for one in values] for name, values in found.items()})

    # --- one entry

    def do_compare(self, request: Request) -> Result:
        """Whether an entry has a value. Nobody asks so for passwords: binds are counted, and this isn't."""
        name, (attribute, value) = request.message.body
        entry = self.tree.find(self.target(request, name))
        if _is_password(attribute):
            raise LDAPError(ResultCode.insufficientAccessRights, "bind, to check a password")
        if not entry.with_options(attribute):
            raise LDAPError(ResultCode.noSuchAttribute)
        try:
            has = attribute_type(attribute).rule.normal(value) in entry.normal_values(canonical(attribute))
        except ValueError:
            raise LDAPError(ResultCode.invalidAttributeSyntax) from None
        return Result(ResultCode.compareTrue if has else ResultCode.compareFalse)

    def _show(self, request: Request, oid: str, entry: LDAPEntry) -> None:
        if control := request.controls.get(oid):
            shown = self._selection(READ.load(control.value or b"")[: self.mostNames])(entry)
            request.answers.append(Control(oid, False, _ENTRY.dump(Entry(entry.dn.getText(), shown))))

    def do_add(self, request: Request) -> Result:
        """A new entry."""
        name, attributes = request.message.body
        dn = self.target(request, name)
        if not all(values for _, values in attributes):
            raise LDAPError(ResultCode.protocolError, "an attribute has a value")
        entry = LDAPEntry(dn, [pair for _, pair in _hidden((Change.add, pair) for pair in attributes)])
        self._show(request, OID.postRead, self.tree.add(entry, self.account.name))
        return Result()

    def do_delete(self, request: Request) -> Result:
        """An entry goes."""
        self._show(request, OID.preRead, self.tree.delete(self.target(request, request.message.body)))
        return Result()

    def do_modify(self, request: Request) -> Result:
        """Attributes change. Everybody may change their own password."""
        name, changes = request.message.body
        dn = self.target(request, name)
        self._require_write(dn, {canonical(kind) for _, (kind, _) in changes} == {PASSWORD})
        self._show(request, OID.preRead, self.tree.find(dn))
        self._show(request, OID.postRead, self.tree.modify(dn, _hidden(changes), self.account.name))
        return Result()

    def _require_write(self, dn: DistinguishedName, is_password: bool) -> None:
        is_own = self.account.name and DistinguishedName(self.account.name) == dn
        if not (self.account.mayWrite or (is_own and is_password)):
            raise LDAPError(ResultCode.insufficientAccessRights, "" if self.account.name else "bind first")

    def do_modifyDN(self, request: Request) -> Result:
        """An entry gets another name, and perhaps another parent."""
        name, rdn, deleteOldRDN, superior = request.message.body
        dn, first = self.target(request, name), self.read_name(rdn)
        if len(first.rdns) != 1 or not dn.rdns:
            raise LDAPError(ResultCode.invalidDNSyntax, f"{rdn!r} is no relative name")
        above = dn.up() if superior is None else self.target(request, superior)
        self._show(request, OID.preRead, self.tree.find(dn))
        entry = self.tree.rename(dn, DistinguishedName(first.rdns + above.rdns), deleteOldRDN, self.account.name)
        self._show(request, OID.postRead, entry)
        return Result()

    def do_passwordModify(self, request: Request) -> Result:
        """A new password (RFC 3062), one's own or, with mayWrite, anybody's. Without one, we make it up."""
        if not mayTakePasswords(self.transport):
            raise LDAPError(ResultCode.confidentialityRequired, "a password isn't taken in the clear")
        who, old, new = PASSWORD_CHANGE.load(request.message.body.value or PASSWORD_CHANGE.dump((None, None, None)))
        dn = TreeChecker(self.tree, self.names).find((who or self.account.name).encode())
        self._require_write(dn or DistinguishedName(), True)
        if dn is None:
            raise LDAPError(ResultCode.noSuchObject, "this is nobody's name")
        before = self.tree.find(dn).get("userPassword", ())
        if old is not None and True not in [matches(stored, old) for stored in before]:
            raise LDAPError(ResultCode.invalidCredentials)
        made = None if new else secrets.token_urlsafe(12).encode()
        changes = [(Change.replace, ("userPassword", (new or made or b"",)))]
        self.tree.modify(dn, _hidden(changes), self.account.name)
        return Result(value=made and PASSWORD_MADE.dump((made,)))


def _hidden(changes: Iterable[ChangeRow]) -> list[ChangeRow]:
    """The changes of a request as they are kept: passwords aren't kept as they are. To hash one takes 7 ms."""
    changes = [*changes]
    new = [values for how, (kind, values) in changes if how != Change.delete and _is_password(kind)]
    if sum(map(len, new)) > MOST_PASSWORDS:
        raise LDAPError(ResultCode.constraintViolation, f"a request brings at most {MOST_PASSWORDS} passwords")
    try:
        return [
            (how, (kind, tuple(map(hashed, values)) if values in new and _is_password(kind) else values))
            for how, (kind, values) in changes
        ]
    except ValueError as problem:
        raise LDAPError(ResultCode.constraintViolation, str(problem)) from None


def _is_password(kind: str) -> bool:
    return canonical(kind).partition(";")[0] == PASSWORD


def _is_referral(entry: LDAPEntry) -> bool:
    return "ref" in entry and "referral" in entry.normal_values("objectclass")


def _urls(entry: LDAPEntry) -> tuple[str, ...]:
    return tuple(value.decode("utf-8", "replace").split(" ")[0] for value in entry["ref"])
