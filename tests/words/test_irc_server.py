"""IRC's door: coming in, talking, what rooms allow, what one learns of others."""

import base64

import pytest

from reactor.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from tests.words.words_doubles import ELSEWHERE, House, Person, people


def accounts(realm):
    realm.isReserved = lambda name: name == "ann"
    return Portal(realm, [AllowAnonymousAccess(), InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])


def members_only(realm):
    return Portal(realm, [InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")])


def test_whoever_says_nick_and_user_is_welcomed():
    person = Person(House())
    lines = person.say("USER ann 0 * :Ann", "NICK ann")
    assert lines[0] == ":us.example 001 ann :Welcome to us.example, ann!ann@127.0.0.1"
    assert [line.split(" ")[1] for line in lines[:5]] == ["001", "002", "003", "004", "005"]
    assert " CASEMAPPING=rfc1459 " in lines[4] and lines[-1].startswith(":us.example 422 ann ")


def test_nothing_is_done_for_who_is_not_in():
    assert Person(House()).codes("JOIN #doom", "WHO *", "PRIVMSG ann :x") == ["451"] * 3


def test_a_line_goes_to_all_others_once():
    ann, bob, eve = people("ann", "bob", "eve")
    assert ann.say("PRIVMSG #doom :soup?") == []
    line = ":ann!ann@127.0.0.1 PRIVMSG #doom :soup?"
    assert bob.hear() == eve.hear() == [line]


def test_what_is_said_to_one_goes_to_one():
    ann, bob, eve = people("ann", "bob", "eve")
    ann.say("PRIVMSG BOB :psst", "NOTICE bob :psst")
    assert bob.hear() == [f":ann!ann@127.0.0.1 {word} bob :psst" for word in ("PRIVMSG", "NOTICE")]
    assert eve.hear() == []


def test_nobody_answers_a_notice_not_even_with_an_error():
    [ann] = people("ann")
    assert ann.say("NOTICE nobody :x", "NOTICE #nowhere :x") == [] and ann.codes("PRIVMSG nobody :x") == ["401"]


def test_with_a_password_one_has_the_account_of_that_nick():
    house = House(accounts)
    assert Person(house).codes("PASS wrong", "NICK ann", "USER a 0 * :A") == []
    ann = Person(house)
    lines = ann.say("PASS secret", "NICK ann", "USER a 0 * :A")
    assert lines[0].split(" ")[1] == "900" and lines[1].split(" ")[1] == "001"
    assert house.realm.users["ann"].account == "ann"


def test_a_wrong_password_ends_the_session_late_and_says_no_more_than_that():
    house = House(accounts)
    guesser = Person(house)
    assert guesser.say("PASS wrong", "NICK ann", "USER a 0 * :A") == []
    house.clock.advance(1)
    assert guesser.hear()[0].startswith(":us.example 464 ann ") and guesser.transport.disconnecting


def test_a_guest_may_not_have_the_name_of_an_account():
    house = House(accounts)
    guest = Person(house)
    assert guest.codes("NICK ann", "USER a 0 * :A") == ["433"]
    assert "001" in guest.codes("NICK bob") and guest.codes("NICK Ann") == ["433"]


def test_nickserv_asks_who_must_have_a_password_as_twisteds_does():
    ann = Person(House(members_only))
    assert ann.say("NICK ann", "USER a 0 * :A") == [":NickServ!NickServ@services PRIVMSG ann Password?"]
    assert "001" in ann.codes("PRIVMSG NickServ :secret")


def test_a_password_is_not_taken_in_the_clear_from_elsewhere():
    ann = Person(House(members_only, peer=ELSEWHERE))
    assert ann.codes("PASS secret", "NICK ann", "USER a 0 * :A") == ["464", "ERROR"] and ann.transport.disconnecting


def plain(name, password):
    return base64.b64encode(b"\0%b\0%b" % (name, password)).decode()


def test_sasl_lets_an_account_in_under_any_nick():
    house = House(accounts)
    ann = Person(house)
    assert ann.say("CAP LS 302")[0].count("sasl=CRAM-MD5,PLAIN,LOGIN") == 1
    ann.say("NICK ann_away", "USER a 0 * :A", "CAP REQ :sasl account-tag")
    assert ann.say("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    assert ann.codes(f"AUTHENTICATE {plain(b'ann', b'secret')}") == ["900", "903"]
    assert "001" in ann.codes("CAP END") and house.realm.users["ann_away"].account == "ann"
    assert "ann" not in house.realm.users
    bob = house.person("bob", "CAP REQ account-tag", "JOIN #doom")
    ann.say("JOIN #doom", "PRIVMSG #doom :x")
    assert bob.hear()[-1] == "@account=ann :ann_away!a@127.0.0.1 PRIVMSG #doom :x"


def test_sasl_in_pieces_of_400_characters():
    ann = Person(House(accounts))
    ann.say("CAP REQ :sasl", "NICK ann", "USER a 0 * :A", "AUTHENTICATE PLAIN")
    response = plain(b"ann", b"x" * 291 + b"secret")
    assert len(response) == 404
    assert ann.say(f"AUTHENTICATE {response[:400]}") == []
    ann.say(f"AUTHENTICATE {response[400:]}")
    ann.house.clock.advance(1)
    assert ann.hear() == [":us.example 904 * :SASL authentication failed"]
    assert ann.codes("AUTHENTICATE PLAIN", "AUTHENTICATE " + "A" * 401) == ["AUTHENTICATE", "905", "904"]
    assert ann.codes("AUTHENTICATE PLAIN", "AUTHENTICATE *") == ["AUTHENTICATE", "906"]
    assert ann.codes("AUTHENTICATE NONSENSE") == ["908", "904"]


def test_capabilities_are_all_given_or_none():
    ann = Person(House())
    assert ann.say("CAP REQ :server-time nonsense") == [":us.example CAP * NAK :server-time nonsense"]
    ann.say("CAP REQ :server-time echo-message", "CAP REQ -echo-message")
    assert ann.say("CAP LIST") == [":us.example CAP * LIST server-time"]
    assert ann.codes("CAP NONSENSE") == ["410"] and "001" in ann.codes("NICK ann", "USER a 0 * :A", "CAP END")


def test_who_asks_for_it_hears_the_time_and_oneself_and_tags():
    ann, bob = people("ann", "bob")
    ann.say("CAP REQ :echo-message message-tags")
    bob.say("CAP REQ :server-time message-tags")
    assert ann.say("@+typing=done;x=y PRIVMSG #doom :hm") == ["@+typing=done :ann!ann@127.0.0.1 PRIVMSG #doom :hm"]
    [line] = bob.hear()
    assert line.startswith("@time=20") and "Z;+typing=done :ann!" in line
    ann.say("@+typing=active TAGMSG #doom")
    assert bob.hear()[-1].endswith(" :ann!ann@127.0.0.1 TAGMSG #doom")


def test_a_label_comes_back_with_all_answers():
    ann, _ = people("ann", "bob")
    ann.say("CAP REQ :labeled-response batch echo-message")
    assert ann.say("@label=a PING x") == ["@label=a :us.example PONG us.example x"]
    assert ann.say("@label=b PONG x") == ["@label=b :us.example ACK"]
    assert ann.say("@label=c PRIVMSG #doom :x") == ["@label=c :ann!ann@127.0.0.1 PRIVMSG #doom :x"]
    lines = ann.say("@label=d WHOIS bob")
    assert lines[0] == "@label=d :us.example BATCH +1 labeled-response" and lines[-1] == ":us.example BATCH -1"
    assert len(lines) > 4 and all(line.startswith("@batch=1 ") for line in lines[1:-1])


def test_extended_join_away_notify_and_setname():
    ann, bob = people("ann", "bob")
    ann.say("CAP REQ :extended-join away-notify setname multi-prefix")
    assert bob.codes("AWAY :fed", "SETNAME :Bob the Cook", "AWAY") == ["306", "305"]
    assert ann.hear() == [f":bob!bob@127.0.0.1 {it}" for it in ("AWAY :fed", "SETNAME :Bob the Cook", "AWAY")]
    ann.house.person("eve", "JOIN #doom")
    assert ann.hear() == [":eve!eve@127.0.0.1 JOIN #doom * :Eve R."]
    bob.say("AWAY :fed")
    ann.hear()
    assert ann.codes("PRIVMSG bob :x") == ["301"]


@pytest.mark.parametrize(
    "modes, line, code",
    [
        ("+i", "JOIN #doom", "473"),
        ("+k sesame", "JOIN #doom", "475"),
        ("+k sesame", "JOIN #doom wrong", "475"),
        ("+l 1", "JOIN #doom", "471"),
        ("+b eve", "JOIN #doom", "474"),
        ("+b *!*@127.*", "JOIN #doom", "474"),
        ("+m-n", "PRIVMSG #doom :x", "404"),
        ("+n", "PRIVMSG #doom :x", "404"),
        ("-n+b eve", "PRIVMSG #doom :x", "404"),
    ],
)
def test_modes_keep_somebody_out_or_silent(modes, line, code):
    [ann] = people("ann")
    eve = ann.house.person("eve")
    eve.hear()
    ann.say(f"MODE #doom {modes}")
    assert eve.codes(line) == [code]


@pytest.mark.parametrize(
    "modes, line",
    [
        ("+iI eve", "JOIN #doom"),
        ("+k sesame", "JOIN #doom sesame"),
        ("+be *!*@* eve!*@127.0.0.1", "JOIN #doom"),
        ("-n", "PRIVMSG #doom :x"),
    ],
)
def test_modes_that_let_somebody_in_or_speak(modes, line):
    [ann] = people("ann")
    eve = ann.house.person("eve")
    eve.hear()
    ann.say(f"MODE #doom {modes}")
    assert not any(it.isdecimal() and it[0] == "4" for it in eve.codes(line)) and ann.hear()[-1].startswith(":eve!")


def test_an_invitation_opens_the_door_once():
    [ann] = people("ann")
    eve = ann.house.person("eve")
    assert ann.codes("MODE #doom +i", "INVITE eve #doom") == ["MODE", "341"]
    assert eve.hear()[-1] == ":ann!ann@127.0.0.1 INVITE eve #doom"
    assert "353" in eve.codes("JOIN #doom") and "473" in eve.codes("PART #doom", "JOIN #doom")


def test_operators_alone_change_a_room_and_others_are_told_so():
    ann, bob = people("ann", "bob")
    assert bob.codes("MODE #doom +m", "KICK #doom ann", "TOPIC #doom :x") == ["482"] * 3
    ann.say("MODE #doom +o bob")
    assert bob.hear() == [":ann!ann@127.0.0.1 MODE #doom +o bob"]
    assert bob.codes("MODE #doom +tvl bob 9", "TOPIC #doom :x") == ["MODE", "TOPIC"]
    assert bob.say("MODE #doom")[0] == ":us.example 324 bob #doom +ntl 9"


def test_a_secret_room_is_listed_for_its_members():
    [ann] = people("ann")
    eve = ann.house.person("eve")
    eve.hear()
    assert eve.codes("LIST") == ["322", "323"]
    ann.say("MODE #doom +s")
    assert eve.codes("LIST", "NAMES #doom", "WHO #doom", "TOPIC #doom") == ["323", "366", "315", "331"]
    assert ann.codes("LIST") == ["322", "323"] and "319" not in eve.codes("WHOIS ann")


def test_who_is_killed_by_an_operator_of_the_service_goes():
    ann, bob = people("ann", "bob")
    ann.house.factory.operators["boss"] = "secret"
    assert bob.codes("OPER nobody x", "KILL ann :x", "OPER boss wrong") == ["491", "481", "464"]
    assert bob.codes("PING x", "PING y") == ["PONG"]  # a guess costs as many tokens as there are
    assert ann.codes("OPER boss secret", "KILL bob :enough") == ["381", "QUIT"]
    assert bob.hear()[-1] == "ERROR :Closing link: Killed (ann (enough))" and bob.transport.disconnecting


def test_who_watches_is_told_of_coming_and_going():
    [ann] = people("ann")
    assert ann.codes("MONITOR + bob,eve") == ["731", "731"]
    bob = ann.house.person("Bob")
    assert ann.hear() == [":us.example 730 ann Bob!Bob@127.0.0.1"]
    bob.say("QUIT")
    assert ann.hear() == [":us.example 731 ann Bob"] and ann.codes("WHOWAS bob", "MONITOR L") == [
        "314",
        "369",
        "732",
        "732",
        "733",
    ]
    ann.hang_up()
    assert not ann.house.factory._watched and not ann.house.factory._watchers


def test_ison_userhost_whois_and_who():
    ann, _ = people("ann", "bob")
    assert ann.say("ISON bob nobody ANN") == [":us.example 303 ann :bob ann"]
    assert ann.say("USERHOST bob")[0] == ":us.example 302 ann bob=+bob@127.0.0.1"
    assert ann.codes("WHOIS bob") == ["311", "319", "312", "317", "318"] and ann.codes("WHOIS x") == ["401", "318"]
    assert ann.codes("WHO b*") == ["352", "315"] and ann.codes("WHO #doom") == ["352", "352", "315"]


def test_a_nick_changes_for_all_who_share_a_room_once():
    ann, bob = people("ann", "bob")
    ann.say("JOIN #two", "NICK ann2")
    bob.say("JOIN #two")
    bob.hear()
    ann.say("NICK ann3")
    assert bob.hear() == [":ann2!ann@127.0.0.1 NICK ann3"] and "@ann3" in bob.say("NAMES #doom")[0]
    assert bob.codes("NICK ANN3") == ["433"] and bob.codes("NICK Bob") == ["NICK"]
