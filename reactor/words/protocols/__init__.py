"""The protocols by which people come in."""
