"""The plugins that come with the library: each a short example of how one is written."""
