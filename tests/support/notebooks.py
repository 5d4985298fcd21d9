"""Notebooks, as bytes."""

import json


def cell(source, kind="code", **metadata):
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells, minor=5, version=4, **metadata):
    """A notebook's bytes; a cell given as text is a code cell."""
    made = [cell(item) if isinstance(item, str) else item for item in cells]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": version, "nbformat_minor": minor}).encode()
