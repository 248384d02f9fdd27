"""What runs inside each program of a session; this folder stands on the program's PYTHONPATH while it is verified."""
