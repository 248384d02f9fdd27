"""Text that is given to a method which sends bytes: the error says so, with the text."""

import pytest

from reactor.protocols.basic import Int16StringReceiver, LineOnlyReceiver, LineReceiver, NetstringReceiver
from reactor.testing import StringTransport


@pytest.mark.own_promise("Python's own message comes from inside of it")
@pytest.mark.parametrize("receiver", [LineReceiver, LineOnlyReceiver, NetstringReceiver, Int16StringReceiver])
def test_text_is_refused_by_an_error_that_says_bytes(receiver):
    protocol = receiver()
    protocol.makeConnection(StringTransport())
    send = protocol.sendLine if hasattr(protocol, "sendLine") else protocol.sendString
    with pytest.raises(TypeError, match=rf"{send.__name__}\(\) takes bytes, not 'häßlich': encode text first"):
        send("häßlich")
    assert protocol.transport.value() == b""
    for data in (b"x", bytearray(b"x")):
        send(data)
    assert protocol.transport.value().count(b"x") == 2
