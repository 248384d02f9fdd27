"""Kill -9 of servers of LDAP at random steps, while a client adds, changes, renames and deletes entries.

    python -m tests.ldap.many_kills KILLS [SEED]

Half of them keep their tree in LDIF, half in SQLite, and each goes on with what the one before has left. After each
death the tree is as the client was told that it is; or as the one change makes it of which it was told nothing.
"""

import socket
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from reactor.cred.portal import Portal
from reactor.ldap import Change, Directory, LDAPServerFactory, LDIFTree, SQLiteTree, TreeChecker
from reactor.ldap.messages import BindRequest, Entry, Inbox, Message, ModDNRequest, ModifyRequest, Op, dump
from tests.ldap.ldap_doubles import ADMIN, PEOPLE, book
from tests.mail.killed_server import Child, die_at
from tests.peers.daemons import free_ports

TIMEOUT_S = 30
MOST_CHANGES = 30


class Client:
    """A session that waits for each answer."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
        self._inbox, self._id = Inbox(2**20), 0
        assert self.ask(Op.bindRequest, BindRequest(3, ADMIN, b"secret")) == 0

    def ask(self, op, body):
        """The result's code. Raises OSError when the server dies."""
        self._id += 1
        self._socket.sendall(dump(Message(self._id, op, body)))
        while (message := self._inbox.next()) is None:
            data = self._socket.recv(65536)
            if not data:
                raise ConnectionResetError
            self._inbox.add(data)
        return message.body.code

    def close(self):
        self._socket.close()


class Life:
    """A tree, and the servers that live and die with it. sure: name → description, as the client was told."""

    def __init__(self, kind, seed, folder):
        self.dice, self.kind, self.folder = Random(seed), kind, Path(folder)
        self.path = self.folder / ("book.ldif" if kind is LDIFTree else "book.sqlite")
        tree = kind(self.path)
        tree.load(book()._entries.values())
        tree.close()
        [self.port] = free_ports(1)
        self.sure, self.told = {}, Counter()

    def one_server(self):
        """Returns whether it died in the middle of something, and not afterwards."""
        server = Child(self._serve, die_at(int(10 ** self.dice.uniform(0, 3))))
        after = self.sure
        try:
            client = Client(self.port)
            server.doom()
            for _ in range(MOST_CHANGES):
                op, body, after = self._change()
                assert client.ask(op, body) == 0, f"{op.name} {body}"
                self.sure = after
                self.told[op.name] += 1
        except OSError:
            pass
        else:
            client.close()
        has_died = server.end()
        self._look(after)
        return has_died

    def _serve(self):
        from reactor import reactor

        tree = self.kind(self.path)
        factory = LDAPServerFactory(tree, Portal(Directory([ADMIN]), [TreeChecker(tree)]))
        reactor.listenTCP(self.port, factory, interface="127.0.0.1")

    def _change(self):
        """An operation, its body, and what there is after it."""
        name, new = self.dice.choice([*self.sure, None]), f"n{self.dice.randrange(10**9)}"
        text = "x" * self.dice.choice([1, 100, 20_000]) + new
        if name is None or len(self.sure) < 3:
            fields = (("objectClass", (b"person",)), ("sn", (b"x",)), ("description", (text.encode(),)))
            return Op.addRequest, Entry(f"cn={new},{PEOPLE}", fields), self.sure | {new: text}
        others = {one: kept for one, kept in self.sure.items() if one != name}
        dn = f"cn={name},{PEOPLE}"
        match self.dice.randrange(3):
            case 0:
                return Op.delRequest, dn, others
            case 1:
                changes = ((Change.replace, ("description", (text.encode(),))),)
                return Op.modifyRequest, ModifyRequest(dn, changes), others | {name: text}
            case _:
                return Op.modDNRequest, ModDNRequest(dn, f"cn={new}"), others | {new: self.sure[name]}

    def _look(self, after):
        tree = self.kind(self.path)
        found = {
            entry["cn"][0].decode(): entry["description"][0].decode()
            for entry in tree._entries.values()
            if entry["objectClass"] == (b"person",)
        }
        assert found in (self.sure, after), f"{sorted(found)}, not {sorted(self.sure)} nor {sorted(after)}"
        assert len(tree) == len(found) + len(book()), "an entry of others is lost"
        tree.close()
        assert len([*self.folder.iterdir()]) <= 2, "files are left behind"
        self.sure = found


def main(count, seed=0):
    """Returns the exit status: 1 when something was lost."""
    kills, told = 0, Counter()
    for kind in (LDIFTree, SQLiteTree):
        with tempfile.TemporaryDirectory() as folder:
            life = Life(kind, seed, folder)
            try:
                kills += sum(life.one_server() for _ in range(count // 2))
            except Exception:
                print(f"seed {seed}, {kind.__name__}:", flush=True)
                raise
            told += life.told
    print(f"{kills} kills, nothing lost; told before: {', '.join(f'{n} {op}' for op, n in sorted(told.items()))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
