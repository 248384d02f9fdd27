"""The services that programs use most, a file for each idea. `reactor.internet` has their names."""
