from test_connection_order import *
