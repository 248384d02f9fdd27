from test_tls_handshake import *
