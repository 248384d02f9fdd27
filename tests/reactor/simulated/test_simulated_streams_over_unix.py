from test_streams_over_unix import *
