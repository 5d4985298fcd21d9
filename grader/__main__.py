"""The program `grader`, and `python -m grader`: says in a sentence what is missing here, or runs the command line."""

import sys


def main() -> None:
    """Run a command; exit code 2 where this Python or what is installed is not enough, 130 where it is interrupted."""
    from grader.environment import problem

    if lacking := problem():
        print(lacking, file=sys.stderr)
        sys.exit(2)
    try:
        if sys.argv[1:2] == ["check"] and not {"--help", "--debug"} & {*sys.argv}:
            from grader.sandbox import process

            process.begin_ahead()
        from grader import cli

        cli.main()
    except KeyboardInterrupt:  # before a command was there to say what is kept
        sys.exit(130)


if __name__ == "__main__":
    main()
