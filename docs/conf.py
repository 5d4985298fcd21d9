"""How Sphinx builds the docs: `make docs`. Nothing of the site is loaded from the network."""

from __future__ import annotations

project = "torch-exercise-kit"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["gradescope"]
html_theme = "furo"
html_title = "Exercises in PyTorch that answer back"
html_copy_source = False
html_show_sphinx = html_show_copyright = False
myst_heading_anchors = 3
autodoc_typehints = "none"
default_role = "code"  # docstrings set code between single backticks, as Markdown does
