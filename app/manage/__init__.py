"""Living with connections that exist: whose is it, list, show, ping, adopt, delete."""
