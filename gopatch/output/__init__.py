"""What a port becomes: pick one."""
