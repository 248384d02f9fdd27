"""Twisted's name for what wraps a factory in TLS: see reactor.transports.securing."""

from reactor.transports.securing import TLSMemoryBIOFactory as TLSMemoryBIOFactory
