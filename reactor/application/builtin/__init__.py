"""The plugins that come with the library. Each is also a short example of how to write one."""
