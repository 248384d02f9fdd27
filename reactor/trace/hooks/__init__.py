"""What is watched, one theme a file: `install(watched, patches)` puts functions around methods of the library."""
