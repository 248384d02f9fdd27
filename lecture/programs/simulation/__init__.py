"""The stage of the simulated world: sessions run on a simulated host, and nothing takes time."""
