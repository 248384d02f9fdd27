"""News: groups in which people post articles, and servers that pass them on. The names of `twisted.news`.

wire         bytes ↔ commands, and what stands in them
articles     what makes an article fit to be kept
interfaces   what a server asks of its store
database     the store: SQLite, in a file or in memory
nntp         the protocol
news         the server that listens
"""
