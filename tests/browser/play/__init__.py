"""The reading pages in a real browser, from disk, with the network off."""
