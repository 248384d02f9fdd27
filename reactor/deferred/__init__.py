"""Results that aren't there yet, and what can be built from them. Programs import all of it from `reactor.defer`."""
