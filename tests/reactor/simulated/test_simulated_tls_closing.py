from test_tls_closing import *
