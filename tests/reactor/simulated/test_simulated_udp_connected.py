from test_udp_connected import *
