from test_udp import *
