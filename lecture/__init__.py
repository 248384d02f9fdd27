"""A talk as a program: slides, pages and notebooks in which every program shown was run by the build."""
