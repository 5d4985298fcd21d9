"""Running strangers' code from outside: the talk with a worker, the walls around it, and how its time is measured."""
