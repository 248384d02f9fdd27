"""The reactor itself: run one turn, keep time, be woken, start and stop."""
