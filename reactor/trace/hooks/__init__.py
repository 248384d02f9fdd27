"""What is watched, a theme each: `install(watched, patches)` puts functions around methods of the library."""
