from test_tls import *
