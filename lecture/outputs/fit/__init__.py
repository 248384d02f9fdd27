"""Whether a slide fits the canvas: an estimate, never more generous than a browser, and a browser that measures."""
