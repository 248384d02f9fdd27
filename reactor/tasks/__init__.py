"""Work that is spread over time. Programs import all of it from `reactor.task`."""
