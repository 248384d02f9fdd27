from test_traffic import *
