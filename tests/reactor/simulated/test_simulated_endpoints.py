from test_endpoints import *
