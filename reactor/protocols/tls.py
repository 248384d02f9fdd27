"""Twisted's name for what wraps a factory in TLS: see reactor.core.transports.starttls."""

from reactor.core.transports.starttls import TLSMemoryBIOFactory as TLSMemoryBIOFactory
