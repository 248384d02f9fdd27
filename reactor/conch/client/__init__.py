"""What an SSH client asks before it talks: is this the host that I mean?"""
