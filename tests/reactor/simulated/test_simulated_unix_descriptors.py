from test_unix_descriptors import *
