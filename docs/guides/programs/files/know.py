"""Write down the key that the server shows, as one does who has looked at it on the server: know.py"""

from pathlib import Path

from reactor.conch.ssh.hostkeys import hostKeys

lines = [f"[localhost]:7896 {key.export_public_key().decode()}" for key in hostKeys(Path("host_keys"))]
Path("known_hosts").write_text("".join(lines))
