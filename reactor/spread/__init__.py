"""Perspective Broker: objects that are called from elsewhere, and call back. The names of `twisted.spread`.

banana     nested lists of numbers and byte strings ↔ bytes
jelly      objects ↔ such lists; which classes may travel; forward_references: cycles
flavors    how an object travels: as a reference, as a copy, as a cache
pb         calls, references and their counts, failures, logins
util       large data, page by page
typed      a reference that looks like the object, for type checkers

What goes over the wire is on one page: docs/perspective-broker.md.
"""
