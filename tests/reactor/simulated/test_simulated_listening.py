from test_listening import *
