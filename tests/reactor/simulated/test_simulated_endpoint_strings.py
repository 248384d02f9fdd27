from test_endpoint_strings import *
