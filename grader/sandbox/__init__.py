"""Running strangers' code: outside (pool), inside (server), in the fork (child), and the walls (confine)."""
