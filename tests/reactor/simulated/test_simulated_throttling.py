from test_throttling import *
