"""What a lecture becomes: one module a kind of output, with its templates beside it."""
