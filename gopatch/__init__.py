"""gopatch states one change to Docker's Go source once and writes it for any Docker source."""

__version__ = "0.1.0"
