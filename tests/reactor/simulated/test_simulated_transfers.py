from test_transfers import *
