"""What FTP's peers do to each other, by mistake or on purpose: each trap by its name."""

import select
import socket

import pytest

from tests.support import oracle

if oracle.installed():
    pytest.skip("Twisted's server is laxer", allow_module_level=True)

from reactor.protocols.ftp import DTP
from tests.protocols.ftp_doubles import Speaker
from tests.support.loopback import turn


def test_data_goes_to_no_third_host_and_to_no_service(ann):
    """The bounce, RFC 2577."""
    for address in ("PORT 127,0,0,2,200,1", "EPRT |1|192.0.2.1|51201|", "EPRT |2|::1|51201|", "PORT 127,0,0,1,0,25"):
        assert ann.say(address)[0] == 504
    assert ann.say("PORT 127,0,0,1,4,0")[0] == 200


def test_an_address_that_is_written_for_the_other_family_is_the_client_s_own_all_the_same(ann):
    """Our socket of IPv4 was given ::ffff:127.0.0.1, which the reactor logged as our own fault."""
    (ann.served.folder / "menu").write_bytes(b"soup")
    with socket.create_server(("127.0.0.1", 0)) as theirs:
        assert ann.say(f"EPRT |2|::ffff:127.0.0.1|{theirs.getsockname()[1]}|")[0] == 200
        assert ann.say("RETR menu")[0] == 150
        ann.until(lambda: select.select([theirs], [], [], 0)[0])
        data, _ = theirs.accept()
    data.setblocking(False)
    assert ann.read_all(data) == b"soup"
    assert ann.reply()[0] == 226


def test_a_third_host_that_comes_for_the_data_is_turned_away_and_the_client_still_served(ann):
    (ann.served.folder / "secret").write_bytes(b"secret")
    port = ann.passive_port()
    with socket.socket() as thief:
        thief.bind(("127.0.0.2", 0))
        thief.connect(("127.0.0.1", port))
        thief.setblocking(False)
        ann.until(lambda: ends(thief))
    data = socket.create_connection(("127.0.0.1", port))
    assert ann.finish(data, "RETR secret") == b"secret"


def ends(skt):
    try:
        return skt.recv(10) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_passive_port_takes_one_connection_and_is_given_back(ann):
    port = ann.passive_port()
    with socket.create_connection(("127.0.0.1", port)) as data:
        ann.until(lambda: ann.session.dtpFactory.port is None)
        turn(ann.served.reactor, 3)
        with pytest.raises(ConnectionRefusedError), socket.socket() as second:
            second.connect(("127.0.0.1", port))
        assert ann.finish(data, "LIST") == b""


def test_ports_come_from_the_range_and_are_free_again(serve, one_reactor):
    free = [one_reactor.listenTCP(0, served_nothing(), interface="127.0.0.1") for _ in range(2)]
    numbers = [port.getHost().port for port in free]
    for port in free:
        port.stopListening()
    turn(one_reactor, 3)
    ann = Speaker(serve(passivePortRange=numbers)).login()
    other = Speaker(ann.served).login()
    third = Speaker(ann.served).login()
    assert {ann.passive_port(), other.passive_port()} == set(numbers)
    assert third.say("PASV")[0] == 425
    assert other.say("ABOR")[0] == 226
    assert third.passive_port() in numbers
    for _ in range(5):
        assert third.passive_port() in numbers


def served_nothing():
    from reactor.protocol import Factory

    factory = Factory()
    factory.noisy = False
    return factory


@pytest.mark.parametrize("way", ["PASV", "PORT"])
def test_a_data_connection_that_never_comes_is_given_up(serve, way):
    ann = Speaker(serve(dtpTimeout=0.05)).login()
    if way == "PASV":
        ann.passive_port()
    else:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            number = free.getsockname()[1]
        ann.say(f"PORT 127,0,0,1,{number >> 8},{number & 255}")
    assert ann.say("LIST")[0] == 150
    assert ann.reply()[0] == 425
    assert ann.codes("LIST", "NOOP") == [425, 200]


@pytest.mark.parametrize("attribute", ["stallTimeOut", "timeOut"])
def test_a_silent_client_is_cut(serve, attribute):
    served = serve()
    setattr(served.factory, attribute, 0.05) if attribute == "timeOut" else served.attributes.update(stallTimeOut=0.05)
    ann = Speaker(served).login()
    if attribute == "stallTimeOut":
        ann.passive()
        ann.say("STOR menu")
    assert ann.heard_end()
    assert not (served.folder / "menu").exists()


def test_who_does_not_log_in_is_cut(serve):
    speaker = Speaker(serve(loginTimeOut=0.05))
    assert speaker.heard_end()


def test_ABOR_stops_a_transfer_and_what_was_said_before_it_comes_after(ann):
    data = ann.passive()
    ann.say("STOR menu")
    ann.send(b"NOOP\r\nSTAT\r\nPWD\r\n")
    assert ann.reply() == (211, "this is how it is\n TYPE I, data in the clear\n a transfer goes on\nEnd")
    assert ann.say(b"\xff\xf4\xff\xf2ABOR") == (426, "stopped")
    assert [ann.reply()[0] for _ in range(3)] == [226, 200, 257]
    assert not (ann.served.folder / "menu").exists()
    data.close()


def test_what_a_client_says_during_a_transfer_is_bounded(serve):
    ann = Speaker(serve(mostHeld=3)).login()
    data = ann.passive()
    ann.say("STOR menu")
    ann.send(b"NOOP\r\n" * 10)
    ann.until(lambda: ann.session.paused)
    assert len(ann.session._held) == 3
    data.close()
    assert [ann.reply()[0] for _ in range(11)] == [226, *[200] * 10]


def test_a_client_that_reads_no_data_holds_no_memory(ann):
    (ann.served.folder / "big").write_bytes(b"x" * 20_000_000)
    data = ann.passive()
    ann.say("RETR big")
    transport = ann.session.dtpFactory._dtp.transport
    turn(ann.served.reactor, 200)
    assert transport.pending_bytes <= 2**20
    data.close()
    assert ann.reply()[0] == 426


def test_a_link_that_leaves_the_folder_is_as_if_it_was_not_there(ann, tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (ann.served.folder / "link").symlink_to(tmp_path / "secret")
    (ann.served.folder / "up").symlink_to(tmp_path)
    ann.passive()
    assert ann.codes("RETR link", "CWD up", "SIZE link", "STOR up/x", "RETR ../secret", "MLST up/secret") == [
        *(550, 550, 550, 550, 553, 550)
    ]
    assert ann.retrieve("", "NLST") == b""


def test_the_text_of_an_exception_is_not_for_clients(ann, logged_errors):
    ann.session.shell.stat = lambda *_: 1 / 0
    assert ann.say("MDTM x") == (451, "something went wrong here")
    assert logged_errors.flush(ZeroDivisionError)


def test_too_many_sessions_are_told_so(serve):
    served = serve()
    served.factory.maxConnectionsPerPeer = 1
    Speaker(served)
    assert Speaker(served, greeting=421).heard_end()


def test_many_transfers_at_once_are_all_right(serve):
    served = serve()
    (served.folder / "big").write_bytes(bytes(range(256)) * 1000)
    speakers = [Speaker(served).login() for _ in range(20)]
    datas = [speaker.passive() for speaker in speakers]
    for speaker in speakers:
        speaker.send(b"RETR big\r\n")
    for speaker, data in zip(speakers, datas, strict=True):
        assert speaker.reply()[0] == 150
        assert speaker.read_all(data) == bytes(range(256)) * 1000
        assert speaker.reply()[0] == 226


# --- TLS


def test_passwords_in_the_clear_are_for_this_machine_only(serve, monkeypatch):
    from reactor.protocols.ftp import conversation

    monkeypatch.setattr(conversation, "mayTakePasswords", lambda transport: getattr(transport, "TLS", False))
    speaker = Speaker(serve())
    assert speaker.codes("USER ann", "USER anonymous") == [530, 331]
    speaker.secure()
    assert speaker.codes("USER ann", "PASS secret") == [331, 230]


def test_what_is_pipelined_behind_AUTH_TLS_is_forgotten(serve):
    speaker = Speaker(serve())
    assert speaker.codes("USER ann") == [331]
    speaker.secure(b"PASS secret\r\nNOOP\r\n")
    assert speaker.codes("PASS secret", "USER ann", "PASS secret", "AUTH TLS") == [503, 331, 230, 503]


def test_files_of_an_encrypted_session_are_encrypted(serve):
    speaker = Speaker(serve())
    speaker.secure()
    speaker.login()
    assert speaker.codes("EPSV", "PORT 127,0,0,1,200,1", "PBSZ 0", "PROT C", "PROT X", "PROT P") == [
        *(522, 522, 200, 534, 504, 200)
    ]
    assert speaker.say("EPSV")[0] == 229


def test_a_house_may_leave_files_in_the_clear(serve):
    speaker = Speaker(serve(requireDataTLS=False))
    speaker.secure()
    speaker.login()
    assert speaker.codes("PBSZ 0", "PROT P", "PROT C") == [200, 200, 200]
    assert speaker.retrieve("", "LIST") == b""


def test_data_connections_whose_client_never_says_goodbye_do_not_pile_up(serve):
    served = serve(mostEnding=3)
    speaker = Speaker(served)
    speaker.secure()
    speaker.login()
    assert speaker.codes("PBSZ 0", "PROT P") == [200, 200]
    for _ in range(5):
        data = speaker.passive(is_encrypted=True)
        assert speaker.say("LIST")[0] == 150
        assert speaker._receive(data) == b""  # TLS's goodbye, which the client doesn't return
        assert speaker.reply()[0] == 226
    speaker.until(lambda: data_connections(served) == 3)
    speaker.socket.close()
    speaker.until(lambda: data_connections(served) == 1)  # the last file may be on its way


def data_connections(served):
    return sum(isinstance(getattr(one, "protocol", None), DTP) for one in served.reactor.transports)


@pytest.mark.parametrize("is_reused", [True, False])
def test_the_session_of_TLS_may_have_to_go_on(serve, is_reused):
    speaker = Speaker(serve(requireSessionReuse=True))
    speaker.secure()
    speaker.login()
    assert speaker.codes("PBSZ 0", "PROT P") == [200, 200]
    data = speaker.passive(is_encrypted=True, session=speaker.socket.session if is_reused else None)
    assert speaker.say("LIST")[0] == 150
    assert speaker.read_all(data) == b""
    assert speaker.reply()[0] == (226 if is_reused else 522)
