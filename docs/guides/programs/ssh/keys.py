"""Make keys: ann's, which both hosts let in; and those of the hosts, which ann knows from the start."""

from pathlib import Path

import asyncssh

from reactor.conch.ssh.hostkeys import hostKeys

HOSTS = {"kitchen": 7891, "cellar": 7892}

ann = asyncssh.generate_private_key("ssh-ed25519")
ann.write_private_key("ann")
Path("ann").chmod(0o600)
known = []
for host, port in HOSTS.items():
    Path(host, "keys").mkdir(parents=True)
    ann.write_public_key(Path(host, "keys", "ann"))
    for key in hostKeys(Path(host, "host_keys")):
        known.append(f"[localhost]:{port} {key.export_public_key().decode()}")
    Path(host, "soup.txt").write_text(f"the soup of the {host}\n")
Path("known_hosts").write_text("".join(known))
