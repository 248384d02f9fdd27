"""The deck in real browsers."""
