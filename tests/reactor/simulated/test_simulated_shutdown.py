from test_shutdown import *
