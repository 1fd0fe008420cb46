"""Arguments in; printed words and an exit code out: the one wing that prints and exits."""
