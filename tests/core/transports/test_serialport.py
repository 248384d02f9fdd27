"""Serial ports, tried on a pseudo-terminal: one end is the port, the other the device that hangs on it."""

import os
import select
import subprocess
import sys
import termios
import tty

import pytest
import serial

from reactor import serialport
from reactor.error import ConnectionDone, ConnectionLost
from reactor.serialport import SerialPort
from tests.support.loopback import Talker, run, run_until, turn

pytestmark = pytest.mark.not_only_sockets


class Line:
    """A port with our protocol at it, and the device's end."""

    def __init__(self, reactor, factory=None, options=(), **hooks):
        self.device, port = os.openpty()
        tty.setraw(port)
        self.name = os.ttyname(port)
        self.protocol = Talker("us", [], hooks)
        kind = SerialPort if factory is None else type("Port", (SerialPort,), {"_serialFactory": factory})
        try:
            self.port = kind(self.protocol, self.name, reactor, **dict(options))
        finally:
            os.close(port)
        self.reactor = reactor

    def run_until_lost(self):
        run_until(self.reactor, lambda: self.protocol.reason is not None)

    def hang_up(self):
        if self.device >= 0:
            os.close(self.device)
            self.device = -1

    def clean_up(self):
        self.protocol.hooks = {}
        if self.protocol.reason is None:
            self.port.loseConnection()
            self.run_until_lost()
        self.hang_up()


@pytest.fixture
def line(reactor):
    made = []

    def make(*args, **options):
        made.append(Line(reactor, *args, **options))
        return made[-1]

    yield make
    for each in made:
        each.clean_up()


def test_the_protocol_is_connected_at_once(line):
    ours = line()
    assert ours.protocol.events == ["us made"]
    assert ours.protocol.transport is ours.port


def test_bytes_go_both_ways(line):
    ours = line(data=lambda us, data: us.transport.write(data.upper()))
    os.write(ours.device, b"hello")
    run_until(ours.reactor, lambda: ours.protocol.received)
    turn(ours.reactor, 2)
    assert os.read(ours.device, 100) == b"HELLO"
    ours.port.writeSequence([b"one ", b"two"])
    turn(ours.reactor, 2)
    assert os.read(ours.device, 100) == b"one two"


def test_every_byte_passes_as_it_is(line):
    ours = line()
    everything = bytes(range(256))
    os.write(ours.device, everything)
    run_until(ours.reactor, lambda: len(ours.protocol.received) == 256)
    assert ours.protocol.received == everything


def test_loseConnection_sends_what_waits_and_closes_the_port(line):
    ours = line()
    ours.port.write(b"good bye")
    ours.port.loseConnection()
    ours.run_until_lost()
    assert ours.protocol.reason.check(ConnectionDone)
    assert os.read(ours.device, 100) == b"good bye"
    assert not ours.port._serial.is_open


def test_a_device_that_is_unplugged_loses_the_connection(line):
    ours = line()
    ours.hang_up()
    ours.run_until_lost()
    assert ours.protocol.reason.check(ConnectionLost, ConnectionDone)


def test_the_reactor_s_end_closes_it(line):
    ours = line()
    ours.reactor.callWhenRunning(ours.reactor.stop)
    run(ours.reactor)
    assert ours.protocol.reason.check(ConnectionLost)


def test_what_came_before_is_thrown_away(reactor):
    device, port = os.openpty()
    tty.setraw(port)
    os.write(device, b"old news")
    assert select.select([port], [], [], 10)[0]
    protocol = Talker("us", [], {})
    transport = SerialPort(protocol, os.ttyname(port), reactor)
    os.close(port)
    os.write(device, b"new")
    run_until(reactor, lambda: protocol.received)
    assert protocol.received == b"new"
    transport.loseConnection()
    run_until(reactor, lambda: protocol.reason is not None)
    os.close(device)


def speed_of(fd):
    return termios.tcgetattr(fd)[4:6]


def test_the_line_is_set_up_as_asked(line):
    options = {"baudrate": 19200, "bytesize": serialport.SEVENBITS, "parity": serialport.PARITY_EVEN}
    ours = line(options={**options, "stopbits": serialport.STOPBITS_TWO, "xonxoff": 1, "rtscts": 1})
    iflag, _, cflag, *_ = termios.tcgetattr(ours.device)
    assert speed_of(ours.device) == [termios.B19200, termios.B19200]
    assert cflag & termios.CSTOPB
    assert cflag & termios.CRTSCTS
    assert iflag & termios.IXON


def test_9600_baud_unless_asked(line):
    assert speed_of(line().device) == [termios.B9600, termios.B9600]


@pytest.mark.own_promise("Twisted calls a method that pyserial 3 hasn't got")
def test_the_speed_can_be_changed_later(line):
    ours = line()
    ours.port.setBaudRate(115200)
    assert speed_of(ours.device) == [termios.B115200, termios.B115200]
    with pytest.raises(ValueError, match="-1"):
        ours.port.setBaudRate(-1)


def test_what_waits_can_be_counted_and_thrown_away(line):
    ours = line()
    ours.port.pauseProducing()
    os.write(ours.device, b"hello")
    assert select.select([ours.port.fileno()], [], [], 10)[0]
    assert ours.port.inWaiting() == 5
    ours.port.flushInput()
    assert ours.port.inWaiting() == 0
    ours.port.flushOutput()


class Lines(serial.Serial):
    """A port whose other wires answer: a pseudo-terminal has none."""

    cts, dsr, ri, cd = True, False, True, False
    seen = ()

    def _update_dtr_state(self):
        self.seen = (*self.seen, ("dtr", self._dtr_state))

    def _update_rts_state(self):
        self.seen = (*self.seen, ("rts", self._rts_state))

    def send_break(self, duration=0.25):
        self.seen = (*self.seen, "break")

    sendBreak = send_break


def test_the_other_wires_can_be_read_and_set(line):
    ours = line(Lines)
    port = ours.port
    assert [ask() for ask in (port.getCTS, port.getDSR, port.getRI, port.getCD)] == [True, False, True, False]
    port._serial.seen = ()
    port.setDTR()
    port.setDTR(0)
    port.setRTS(1)
    port.setRTS(0)
    port.sendBreak()
    assert port._serial.seen == (("dtr", True), ("dtr", False), ("rts", True), ("rts", False), "break")


def test_a_port_that_is_not_there_is_refused(reactor):
    with pytest.raises(serial.SerialException, match="/dev/no-such-port"):
        SerialPort(Talker("us", [], {}), "/dev/no-such-port", reactor)


@pytest.mark.own_promise("Twisted leaves it to pyserial")
def test_a_port_is_a_name(reactor):
    with pytest.raises(TypeError, match="a serial port is named, as '/dev/ttyUSB0', not 0"):
        SerialPort(Talker("us", [], {}), 0, reactor)


@pytest.mark.parametrize(("setting", "value"), [("baudrate", -1), ("bytesize", 9), ("parity", "X"), ("stopbits", 3)])
def test_a_setting_out_of_range_is_refused_by_its_value(reactor, setting, value):
    device, port = os.openpty()
    try:
        with pytest.raises(ValueError, match=str(value)):
            SerialPort(Talker("us", [], {}), os.ttyname(port), reactor, **{setting: value})
    finally:
        os.close(device)
        os.close(port)


@pytest.mark.own_promise("Twisted says that there is no module serial")
def test_without_pyserial_the_error_says_what_to_install():
    script = "import sys; sys.modules['serial'] = None; import reactor.serialport"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.returncode == 1
    assert "pip install 'tutorial-of-doom[serial]'" in result.stderr
