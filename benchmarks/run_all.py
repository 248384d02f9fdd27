"""Runs every benchmark, one after the other, and writes one report.

    python benchmarks/run_all.py [--quick] [--output FOLDER]

Each benchmark is a program of its own and also runs alone. Here their tables go to FOLDER/report.md and their samples
to FOLDER/NAME.json (FOLDER is benchmarks/results without the option). --quick takes one short round of each, which
shows that all of them run and says nothing about speed. Run it on a machine that does nothing else.
A benchmark that fails is named in the report, and the exit status is 1; the others still run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
QUICK = {
    "echo": ["--rounds=1", "--seconds=0.05"],
    "tls": ["--rounds=1", "--seconds=0.05"],
    "slow_reader": ["--rounds=1", "--mib=16"],
    "socks": ["--rounds=1", "--mib=16", "--count=20"],
    "finger": ["--rounds=1", "--count=20"],
    "smtp": ["--rounds=1", "--count=20", "--only=reactor,twisted"],
    "pop3": ["--rounds=1", "--count=20"],
    "imap": ["--rounds=1", "--count=20"],
    "ftp": ["--rounds=1", "--mib=16"],
    "telnet": ["--rounds=1", "--count=50"],
    "sftp": ["--rounds=1", "--mib=8"],
    "ssh": ["--rounds=1", "--count=5"],
    "news": ["--rounds=1", "--count=50"],
    "irc": ["--rounds=1", "--count=20"],
    "ldap": ["--rounds=1", "--count=50"],
    "xml_rpc": ["--rounds=1", "--count=50"],
    "perspective_broker": ["--rounds=1", "--count=50"],
    "gps": ["--rounds=1", "--count=100"],
    "timers": ["--rounds=1", "--count=100"],
    "deferreds": ["--rounds=1", "--count=100"],
    "startup": ["--rounds=1"],
    "build": ["--rounds=1", "--count=2"],
    "decks": ["--rounds=1", "--counts", "3"],
    "simulated": ["--rounds=1"],
    "render": ["--rounds=1", "--slides=6"],
    "web": ["--rounds=1", "--seconds=1"],
    "names": ["--rounds=1", "--seconds=1"],
    "tracing": ["--rounds=1", "--round-trips=100"],
}
COUNTED = {"reading_cost": "The reading cost of one echo round trip"}  # no rounds, no table: its heading is given here


def run(name: str, options: list[str]) -> tuple[str, bool]:
    """One benchmark. Returns its Markdown, and whether it went well; progress goes to stderr."""
    print(f"{name} …", file=sys.stderr, flush=True)
    command = [sys.executable, str(HERE / f"{name}.py"), *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return done.stdout.strip(), True
    print(done.stderr, file=sys.stderr)
    return f"## {name}.py failed with status {done.returncode}\n\n```\n{done.stderr.strip()}\n```", False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round of each, to see that they run")
    parser.add_argument("--output", type=Path, default=HERE / "results", help="folder for the report and the samples")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    parts, all_well = ["# Benchmarks, as benchmarks/run_all.py measured them"], True
    for name in (*QUICK, *COUNTED):
        quick = QUICK[name] if arguments.quick and name in QUICK else []
        text, well = run(name, [f"--json={arguments.output / name}.json", *quick] if name in QUICK else [])
        parts.append(f"## {COUNTED[name]}\n\n```\n{text}\n```" if name in COUNTED and well else text)
        all_well = all_well and well
    (arguments.output / "report.md").write_text("\n\n".join(parts) + "\n")
    print(f"wrote {arguments.output / 'report.md'}", file=sys.stderr)
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main())
