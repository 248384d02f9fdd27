from test_reconnecting import *
