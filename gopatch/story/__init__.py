"""A question about a daemon in; what it would try, log and answer out."""
