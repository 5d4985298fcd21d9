from grader.integrations.nbgrader import configure

configure(get_config())  # noqa: F821, nbgrader gives a config file this function
