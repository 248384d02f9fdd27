"""What there is to break in the playground, and to mend: a misconception each, of those that the talk warns of."""

from lecture.programs.missions import Mission

missions = (
    Mission(
        "one_chunk",
        "One chunk, one message",
        "The client says hello, and recognises its words when they come back. Let it wait for ever.",
        "03_echo",
        seed=0,
        sliders={"cuts": 50},
    ),
    Mission(
        "hasty_timer",
        "A tenth of a second is plenty",
        "The client looks at what has come back after a tenth of a second. Let it look too early.",
        "03_echo",
        seed=0,
        sliders={"latency": 100},
    ),
    Mission(
        "hasty_deadline",
        "Half a second to get through",
        "The client gives up when the connection isn't there in half a second. Nothing is wrong with the server.",
        "03_echo",
        seed=2,
        sliders={"loss": 20},
    ),
    Mission(
        "cut_off",
        "Cut off in mid-sentence",
        "The client leaves when its connection is lost. Who says that the answer was there by then?",
        "03_echo",
        seed=0,
        sliders={"latency": 50, "reset": 140},
    ),
    Mission(
        "small_talk",
        "Small talk",
        "The guests print what they hear, as it comes. Spoil their conversation.",
        "04_chat",
        seed=0,
        sliders={"cuts": 50},
    ),
    Mission(
        "three_customers",
        "Three customers, and a fourth",
        "A customer who has been welcomed brings the next one. Let one of them be welcomed twice.",
        "05_server_factory",
        seed=0,
        sliders={"cuts": 50},
    ),
    Mission(
        "lost_question",
        "A question on a postcard",
        "The guest asks by datagram which soup it is today. Let it wait in vain.",
        "40_udp",
        seed=0,
        sliders={"loss": 30},
    ),
    Mission(
        "who_is_first",
        "First the soup",
        "Two courses are ordered on two connections. Have the roast served first.",
        "03_echo",
        seed=4,
        sliders={"loss": 20},
    ),
)
