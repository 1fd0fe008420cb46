"""What the judge `model` is made of: questions, the service that answers them, the flag's way, the reload."""
