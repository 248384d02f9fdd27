from test_portforward import *
