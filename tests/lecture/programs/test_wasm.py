"""Addresses of IPv6 where the system has none: here a system that is made to say so."""

import socket

import pytest

from lecture.programs.simulation.wasm import complete_sockets


@pytest.fixture
def without_ipv6(monkeypatch):
    to_bytes, to_text = socket.inet_pton, socket.inet_ntop

    def refusing(known, problem):
        def convert(family, address):
            if family == socket.AF_INET6:
                raise problem
            return known(family, address)

        return convert

    monkeypatch.setattr(socket, "inet_pton", refusing(to_bytes, OSError("IPv6 is disabled")))
    monkeypatch.setattr(socket, "inet_ntop", refusing(to_text, ValueError("unknown address family 10")))
    return to_bytes, to_text


def test_addresses_become_bytes_and_text_as_a_system_with_ipv6_does_it(without_ipv6):
    to_bytes, to_text = without_ipv6
    complete_sockets()
    for address in ("::", "::1", "fd00::2", "2001:db8:0:0:1::7", "10.0.0.1"):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        packed = to_bytes(family, address)
        assert socket.inet_pton(family, address) == packed
        assert socket.inet_ntop(family, packed) == to_text(family, packed)


@pytest.mark.parametrize("address", ["", "fd00::x", "::1%lo", "10.0.0.1"])
def test_what_is_no_address_is_refused_as_there(without_ipv6, address):
    to_bytes, _ = without_ipv6
    complete_sockets()
    for convert in (to_bytes, socket.inet_pton):
        with pytest.raises(OSError, match="illegal"):
            convert(socket.AF_INET6, address)


def test_a_system_with_ipv6_is_left_alone():
    before = socket.inet_pton
    complete_sockets()
    assert socket.inet_pton is before
