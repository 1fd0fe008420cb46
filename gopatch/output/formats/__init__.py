"""The formats of `gopatch apply`: a module each, with a `FORMAT`."""
