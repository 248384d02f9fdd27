from test_tls_flow import *
