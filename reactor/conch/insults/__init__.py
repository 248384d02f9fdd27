"""Terminals of the VT100 family."""
