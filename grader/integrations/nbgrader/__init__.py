"""nbgrader with the sandbox inside: what a course's `nbgrader_config.py` sets, and what stands where nbgrader executed.

No student code runs in a kernel. The scores are written straight into the gradebook, by the same function as those of
`grader autograde`, and not as outputs for nbgrader's SaveAutoGrades to read: that takes a missing output for full marks, and
would clear the comments.
"""

from grader.integrations.nbgrader.config import configure as configure
