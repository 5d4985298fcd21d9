raise SystemExit("STOLEN: a config of the hand-in's own was run")
