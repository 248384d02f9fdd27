"""Protocols, and what stands between a transport and a protocol: the names of `twisted.protocols`.

`basic/` cuts a stream into messages, `policies/` limits and watches connections, `portforward.py` joins one connection
to another, `stateful.py` and `wire.py` have the small ones, `tls.py` wraps a factory in TLS.
"""
