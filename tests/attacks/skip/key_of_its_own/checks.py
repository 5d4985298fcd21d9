from grader import Lesson

lesson = Lesson("numbers")


@lesson.exercise("double").check(points=4)
def doubles(answer):
    """Nothing is asked for."""
    return 1
