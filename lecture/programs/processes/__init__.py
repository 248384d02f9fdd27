"""The stage of real processes: sessions run on this machine's loopback."""
