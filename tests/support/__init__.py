"""What tests of several rooms share: loops to run on, peers to talk to, certificates, doubles, and pytest plugins."""
