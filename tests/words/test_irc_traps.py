"""What has gone wrong in servers of IRC, by name: each must not go wrong here."""

import pytest

from reactor.words.protocols.irc.wire import LONGEST_TAGS
from tests.words.words_doubles import House, Person, people


def test_a_line_of_more_than_510_bytes_is_refused_and_so_are_more_tags_than_fit():
    ann, bob = people("ann", "bob")
    line = b"PRIVMSG #doom :" + b"x" * 495
    assert ann.send(line + b"\r\n") == [] and ann.send(line + b"x\r\n")[0].split(" ")[1] == "417"
    tags = b"@+x=" + b"y" * (LONGEST_TAGS - 5)
    assert ann.send(tags + b" PING x\r\n") == [":us.example PONG us.example x"]
    assert ann.send(tags + b"y PING x\r\n")[0].split(" ")[1] == "417"
    heard = bob.hear()  # with a prefix, so that there are two
    assert len(heard[0]) == 510 and sum(it.count("x") for it in heard) == 495


@pytest.mark.parametrize("size", [1, 4096])
def test_a_line_without_an_end_is_skipped_and_the_fifth_ends_the_session(size):
    [ann] = people("ann")
    for turn in range(5):
        stream = b"x" * 10_000 + b"\r\nPING y\r\n"
        heard = [line for at in range(0, len(stream), size) for line in ann.send(stream[at : at + size])]
        assert heard.pop(0).split(" ")[1] == "417" and (turn == 4 or heard == [":us.example PONG us.example y"])
    assert heard[0] == "ERROR :Closing link: lines are too long" and ann.transport.disconnecting


def test_cr_lf_and_nul_never_get_into_a_line():
    ann, bob = people("ann", "bob")
    ann.send(b"PRIVMSG #doom :a\rQUIT\0 :b\r\n")
    assert bob.hear() == [":ann!ann@127.0.0.1 PRIVMSG #doom :a QUIT :b"]
    ann.session.avatar.send(ann.session.avatar.groups[0], {"text": "two\r\nQUIT :x\0"})  # as another door might
    assert bob.hear() == [f":ann!ann@127.0.0.1 PRIVMSG #doom :{it}" for it in ("two", "QUIT :x")]
    for bad in ("a\r\nb", "a\nb", "a\0b"):
        with pytest.raises(ValueError, match="a line of IRC has no"):
            ann.session.sendLine(bad)


def test_lines_end_with_lf_alone_too():
    assert Person(House()).send(b"PING x\nPING y\r\n\r\n\n")[-1] == ":us.example PONG us.example y"


def test_what_is_not_utf8_is_refused():
    ann, bob = people("ann", "bob")
    assert ann.send(b"PRIVMSG #doom :\xff\r\n") == ["FAIL * INVALID_UTF8 :lines are in UTF-8 here"] and bob.hear() == []


def test_rooms_and_names_in_either_case_are_the_same_for_braces_too():
    ann, bob = people("ann[]", "bob", room=r"#a{|}^")
    assert ann.codes(r"TOPIC #A[\]~ :x") == ["TOPIC"]
    bob.say("PRIVMSG ANN{} :x")
    assert ann.hear()[-1].endswith(" PRIVMSG ann[] :x")


NO_NICKS = ["NickServ", "chanserv", "services", "root", "9lives", "-x", "a b", "ä", "x" * 31, "a!b", "#x"]
NO_MODES = ["+o", "+k", "+l", "+v", "-o", "+ooo", "+l x", "+l -1", "+l 9" + "9" * 30, "", "+", "-", "+o nobody"]


@pytest.mark.parametrize("nick", NO_NICKS)
def test_a_nick_that_looks_like_a_service_or_is_none(nick):
    assert Person(House()).codes(f"NICK :{nick}") == ["432"]


def test_kicking_oneself_works_once():
    ann, bob = people("ann", "bob")
    assert ann.say("KICK #doom ann :out") == [":ann!ann@127.0.0.1 KICK #doom ann :out"]
    assert ann.codes("KICK #doom ann", "PART #doom") == ["441", "442"] and bob.hear()[0].endswith("KICK #doom ann :out")


def test_the_last_parameter_with_and_without_its_colon():
    ann, bob = people("ann", "bob")
    ann.say("PRIVMSG #doom hello", "PRIVMSG #doom :hello", "PRIVMSG  #doom   :hello")
    assert [*{*bob.hear()}] == [":ann!ann@127.0.0.1 PRIVMSG #doom :hello"]


def test_join_0_leaves_all_rooms():
    ann, bob = people("ann", "bob")
    assert ann.codes("JOIN #two", "JOIN 0") == ["JOIN", "353", "366", "PART", "PART"] and len(bob.hear()) == 1


@pytest.mark.parametrize("modes", NO_MODES)
def test_modes_that_lack_their_parameters_change_nothing(modes):
    [ann] = people("ann")
    before = ann.say("MODE #doom")
    assert all(it in ("441", "461", "324", "329") for it in ann.codes(f"MODE #doom {modes}"))
    assert ann.say("MODE #doom") == before
    assert ann.codes("MODE #doom +k :a b", "MODE #doom b", "MODE #doom +x") == ["368", "472"]


def test_bans_are_bounded():
    [ann] = people("ann")
    for number in range(120):
        ann.say(f"MODE #doom +b n{number}")
    [room] = ann.session.avatar.groups
    assert len(room.rules.lists["b"]) == 100 and ann.codes("MODE #doom +b x") == ["478"]


def test_a_slow_reader_is_dropped_with_a_word_and_the_room_goes_on():
    house = House()
    ann, slow, bob = (house.person(nick, "JOIN #doom", mostQueued=5_000) for nick in ("ann", "slow", "bob"))
    slow.session.pauseProducing()  # what its transport calls when the kernel's buffer is full
    for one in (ann, slow, bob):
        one.transport.clear()
    for number in range(100):
        ann.say(f"PRIVMSG #doom :{number} " + "x" * 60)
    heard = bob.hear()
    [place] = [at for at, line in enumerate(heard) if " QUIT " in line]
    assert heard.pop(place) == ":slow!slow@127.0.0.1 QUIT :you don't read what is sent to you"
    assert [line.split(":")[2].split(" ")[0] for line in heard] == [str(it) for it in range(100)]
    assert slow.hear() == ["ERROR :Closing link: you don't read what is sent to you"] and slow.transport.disconnecting
    assert "slow" not in house.realm.users and not slow.session._queue
    house.clock.advance(slow.session.lingerTime)
    assert slow.transport.disconnected or slow.transport.aborting


def test_who_does_not_read_is_not_read_from():
    [ann] = people("ann")
    ann.session.pauseProducing()
    assert ann.say("PING x") == [] and ann.transport.producerState == "paused"
    ann.session.resumeProducing()
    assert ann.hear() == [":us.example PONG us.example x"]


def test_who_talks_too_fast_is_read_more_slowly_and_nothing_is_lost():
    house = House()
    ann, bob = (house.person(nick, "JOIN #doom", burst=20.0) for nick in ("ann", "bob"))
    bob.hear()
    ann.send(b"".join(b"PRIVMSG #doom :%d\r\n" % number for number in range(40)))
    early = len(bob.hear())
    assert early < 20
    for _ in range(40):
        house.clock.advance(0.5)
    assert early + len(bob.hear()) == 40


def test_who_never_registers_is_dropped():
    house = House()
    idler = Person(house)
    house.clock.advance(idler.session.registrationTime)
    assert idler.hear() == ["ERROR :Closing link: registration takes too long"] and idler.transport.disconnecting
    idler.hang_up()
    assert not house.clock.getDelayedCalls()


def test_who_is_silent_is_asked_and_then_dropped():
    ann, bob = people("ann", "bob")
    ann.house.clock.advance(ann.session.pingAfter)
    assert ann.hear() == bob.hear() == ["PING :us.example"]
    bob.say("PONG us.example")
    ann.house.clock.advance(ann.session.pingAfter)
    assert bob.hear()[0] == ":ann!ann@127.0.0.1 QUIT :no answer for 90 s"


def test_people_are_bounded_by_source_and_told_so():
    house = House()
    house.factory.maxConnectionsPerPeer = 1
    house.person("ann")
    from reactor.testing import StringTransport

    turned_away, transport = house.factory.buildProtocol(house.peer), StringTransport()
    turned_away.makeConnection(transport)
    assert transport.value() == b"ERROR :Closing link: too many connections\r\n" and transport.disconnecting


def test_a_command_that_fails_says_nothing_of_why(logged_errors):
    [ann] = people("ann")
    ann.house.realm.itergroups = lambda: 1 // 0
    assert ann.say("LIST") == [":us.example 421 ann LIST :This doesn't work now"]
    assert len(logged_errors.flush(ZeroDivisionError)) == 1


def test_a_connection_that_ends_leaves_nothing_behind():
    ann, bob = people("ann", "bob")
    for one in (ann, bob):
        one.hang_up()
    ann.house.clock.advance(0)
    assert not ann.house.realm.users and not ann.house.realm.groups and not ann.house.clock.getDelayedCalls()
