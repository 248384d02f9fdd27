"""Shells: telnet, the line editor that a terminal needs, and a Python prompt inside a running program."""
