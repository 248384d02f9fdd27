"""The bytes of telnet (RFC 854) and of its options. Each is a `bytes` of one byte."""

NULL, BEL, BS, HT, LF, VT, FF, CR = (bytes([code]) for code in (0, 7, 8, 9, 10, 11, 12, 13))

# Behind IAC. In LINEMODE a terminal says the first three instead of ^D, ^Z and ^\.
LINEMODE_EOF, LINEMODE_SUSP, LINEMODE_ABORT = (bytes([code]) for code in range(236, 239))
EOR, SE, NOP, DM, BRK, IP, AO, AYT, EC, EL, GA = (bytes([code]) for code in range(239, 250))
SB, WILL, WONT, DO, DONT, IAC = (bytes([code]) for code in range(250, 256))

# Options, and their RFCs. EOR above ends a record; TRANSMIT_EOR agrees that it may.
TRANSMIT_BINARY = b"\x00"  # 856
ECHO = b"\x01"  # 857
SGA = b"\x03"  # 858
TTYPE = b"\x18"  # 1091
TRANSMIT_EOR = b"\x19"  # 885
NAWS = b"\x1f"  # 1073
LINEMODE = b"\x22"  # 1184
NEW_ENVIRON = b"\x27"  # 1572
CHARSET = b"\x2a"  # 2066

# What is said about them begins with: TTYPE, NEW_ENVIRON; CHARSET; LINEMODE, then with bits.
IS, SEND, INFO = b"\x00", b"\x01", b"\x02"
REQUEST, ACCEPTED, REJECTED = b"\x01", b"\x02", b"\x03"
MODE = LINEMODE_MODE = b"\x01"
EDIT, TRAPSIG, MODE_ACK, SOFT_TAB, LIT_ECHO = 1, 2, 4, 8, 16
LINEMODE_EDIT, LINEMODE_TRAPSIG, LINEMODE_MODE_ACK, LINEMODE_SOFT_TAB, LINEMODE_LIT_ECHO = (
    bytes([bit]) for bit in (EDIT, TRAPSIG, MODE_ACK, SOFT_TAB, LIT_ECHO)
)
