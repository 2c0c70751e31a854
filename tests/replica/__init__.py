"""The outlets, played on loopback by one real HTTP server."""
