from gopatch.cli import entry_point

entry_point()
