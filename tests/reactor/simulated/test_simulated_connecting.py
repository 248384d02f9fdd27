from test_connecting import *
