"""One check with its reference, and what the judge says of an answer to it."""

from inspect import Parameter, Signature

from grader import wire
from grader.judge.observation import Observation, decode
from grader.judge.verdict import judge
from grader.lesson.declare import Lesson
from grader.lesson.options import OPTIONS
from grader.worker.observe import Answer, run_check

KIND = Parameter.POSITIONAL_OR_KEYWORD


class Question:
    """One check of an exercise `f`. `verdict(answer)` is what the judge says of another `f` than the reference's."""

    def __init__(self, reference, *, probe=None, seed="seed", **declared):
        def asks(answer, **inputs):
            """What is asked for."""
            return answer.f(**inputs)

        self.lesson = Lesson("lesson")
        probe = probe or asks
        options = {name: declared.pop(name) for name in OPTIONS if name in declared}
        inputs = [Parameter(name, KIND, default=item) for name, item in declared.items()]
        probe.__signature__ = Signature([Parameter("answer", KIND), *inputs])
        self.lesson.exercise("f").check(points=2, **options)(probe)
        self.check = self.lesson.checks[probe.__name__]
        self.seed = seed
        self.expected = self.seen(reference, show_inputs=True)

    def seen(self, answer, **options):
        """What came out, through bytes, as from a sandbox."""
        names = {"f": answer} if answer else {}
        record = run_check(self.lesson, self.check, Answer(names), self.seed, **options)
        return decode(*wire.split(record), list[Observation])

    def verdict(self, answer):
        return judge(self.check, self.expected, self.seen(answer))

    def message(self, answer):
        return self.verdict(answer).message
