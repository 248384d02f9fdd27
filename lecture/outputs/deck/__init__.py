"""The deck for presenting: one file, deck.html, in which the slides stand on a canvas of fixed size and have steps."""
