from test_multicast import *
