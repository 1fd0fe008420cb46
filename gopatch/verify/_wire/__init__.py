"""What the judge `wire` is made of: programs, daemons, a room of namespaces, the conversation."""
