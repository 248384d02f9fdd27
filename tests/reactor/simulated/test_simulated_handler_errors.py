from test_handler_errors import *
