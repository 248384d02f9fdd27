"""Make a key for each name, and say how the house's looks: keys.py NAME…"""

import sys
from pathlib import Path

import asyncssh

for name in sys.argv[1:]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(name)
    Path(name).chmod(0o600)
    key.write_public_key(f"{name}.pub")

public = Path("house.pub").read_text()
Path("known_hosts").write_text(f"localhost {public}")
