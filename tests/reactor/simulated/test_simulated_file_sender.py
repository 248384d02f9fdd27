from test_file_sender import *
