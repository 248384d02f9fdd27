from test_producers import *
