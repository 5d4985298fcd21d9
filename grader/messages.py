"""Every sentence that a student reads, in one place, in English: whole sentences, values by name. Their translations lie in
`locale/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from grader import language

_WIDE = "[\u3000-\u9fff\uff00-\uffef]"
SENTENCES = {
    # What a comparison found
    "structure": "Expected {expected}, got {got}.",
    "in_place": "In {where}: {problem}",
    "in_item": "{problem} (It is {where} of what was compared.)",
    "items_of": "{items} of {whole}",
    "item": "item {number}",
    "length": "The number of items differs: expected {expected}, got {got}.",
    "lacks": "It lacks {names}.",
    "has_too_much": "It should not have {names}.",
    "shape": "Expected shape {expected}, got {got}.",
    "dtype": "Expected dtype {expected}, got {got}.",
    "dtype_and_values": "{dtype} The values are not right either. {values}",
    "device": "Expected a tensor on {expected}, got one on {got}.",
    "plain": "Expected {expected}, got {got}.",
    "whether": '"{place}" should be {expected}, but it is {got}.',
    "parts": "Expected these parts: {names}. Got {got}.",
    "axis_off": "Axis {axis} is off.",
    "axes_off": "These axes are off: {axes}.",
    "axes_number": "The number of axes differs: expected {expected}, got {got}.",
    "mode": "Expected the model in {expected} mode, got it in {got} mode.",
    "value_one": "The value differs: expected {expected}, got {got}.",
    "values": "{wrong} of {total} values differ, the first at {index}: expected {expected}, got {got}.",
    "nearly": "The greatest difference is {difference}, and {allowed} is allowed.",
    "share": "{got} % of the {total} answers are right. At least {needed} % must be.",
    "changed": "{names} was changed in place. Work on a copy, or make a new tensor.",
    "changed_several": "{names} were changed in place. Work on copies, or make new tensors.",
    "no_gradient": "No gradient reaches {name}.",
    "no_parameter_gradient": "The parameter {name} has no gradient.",
    "gradient": "The result is right, but the gradient of {name} is not. {problem}",
    "backward": "The result is right, but going backward through it stopped with {type}: {message}",
    "raised": "Your code stopped with {type}: {message}",
    "call_stopped": "The check runs `{call}`, and there it stopped with {type}: {message}",
    "raised_quietly": "Your code stopped with {type}.",
    "raised_yourself": "Your own `{word}` stopped your code with {error}. "
    "The check's input is valid, so no error is expected here.",
    "no_debugger": "`breakpoint()` does not open a debugger during a normal check. To debug, run `grader check "
    '--debug EXERCISE` in a terminal, or `check("EXERCISE", debug=True)` in a notebook. Otherwise, remove it.',
    "no_input": "Your code called `input()`, and during a check nobody can type an answer. Remove it: your code "
    "gets everything it needs as arguments.",
    "debug_one": "Name the one exercise to debug, for example: grader check --debug tensors/cat_along",
    "debug_left": "You left the debugger, so not every case was run. To see whether `{name}` is right, remove "
    "`breakpoint()` and check it again.",
    "debug_done": "Those were all the cases that you can see. To see whether `{name}` is right, remove "
    "`breakpoint()` and check it again.",
    "debug_not_reached": "No debugger was opened. Write `breakpoint()` into `{name}` at the line where you want to look.",
    "not_raised": "Expected the error {expected}, but no error was raised.",
    "wrong_error": "Expected the error {expected}, got {got}.",
    "not_mentioned": "The message of the {type} should mention {words}.",
    "it_says": "It says: {message}",
    "forbidden": "Do not use PyTorch's built-in {operation} here: this exercise asks you to do without it.",
    "forbidden_numpy": "Do not use NumPy here: this exercise asks you to find the result yourself.",
    "grows": "The number of tensor operations grows with the sizes of the inputs, from {small} to {large}. "
    "Look for operations that do everything at once, without a loop.",
    "left": "Your code leaves PyTorch here, through {way}. Stay with tensors and PyTorch's operations.",
    "only_in_class": "Your code is right for the inputs that you have, but wrong for others like them. Does it "
    "depend on particular numbers or sizes?",
    "hidden_failed": "A hidden check failed.",
    "hidden_unjudged": "A hidden check could not be judged, and that is not your fault: please tell your instructor.",
    "unreadable": "The grader could not read what your code returned, so this could not be judged.",
    "unjudged": "This check could not be judged, and that is not your fault: please tell your instructor.",
    # What may go wrong in any exercise
    "returns_nothing": "Your code returns nothing. Does it end with `return`?",
    "returns_a_class": "Your code returns a class where an object of that class is asked for. "
    "Put parentheses after its name, as in `Name()`.",
    # A step that did not come back
    "slow": "Your code took longer than the limit of {seconds} seconds. Is there an infinite loop?",
    "waited": "After {seconds} seconds your code was still waiting, without computing anything. "
    "Does it sleep, or wait for input?",
    "ended": "Your code ended the Python process: {detail}.",
    "flood": "Your code wrote into the grader's own channel, so this could not be judged.",
    "large": "What your code returned is too large to compare.",
    "much": "Together, what your code printed, raised and returned is too much to compare, so this was not judged.",
    "overtime": "Your code took longer than {detail} seconds altogether, so this was not run.",
    "failed": "The grader's own code stopped inside your program with {detail}. "
    "If your code changes parts of Python or PyTorch, remove that.",
    "not_run": "This was not run, because the cells before it did not finish.",
    # An exercise as a whole
    "right": "Correct.",
    "missing": "`{name}` is missing: no cell of your file defines it.",
    "near_name": "Did you mean it by `{near}`?",
    "missing_in_kernel": "`{name}` is not defined yet. Run the cell that defines it, then run this one again.",
    "not_callable": "`{name}` should be a function or a class, but here it is a value of type {type}.",
    "stub": "You have not written `{name}` yet.",
    "stub_left": "`{name}` still stops at {where}. Delete that line now that your own code is there.",
    "stub_left_quietly": "`{name}` still raises its NotImplementedError. Delete that line now that your own code is there.",
    "stub_below": "`{name}` is defined more than once: at {places}. The last one counts, and it is not written yet. "
    "Delete the ones you don't need.",
    "twice": "`{name}` is defined more than once: at {places}. The last one counts.",
    "between": ", ",
    "uses_missing": "Your code uses `{name}`, which is missing.",
    "and_then": " Once that is right: ",
    "named_and_stopped": "{says} {error} ({where})",
    "named_and_stopped_elsewhere": "{says} In another check: {error} ({where})",
    "builds_on": "It calls {names}, which is not right yet. Fix that first.",
    "builds_on_several": "It calls {names}, which are not right yet. Fix those first.",
    "followed_right": "With the solution of {names} in place of yours, it passes every check and earns their points.",
    "followed_partly": "With the solution of {names} in place of yours, it passes {passing} of {number} checks and earns "
    "their points.",
    "followed_wrong": "With the solution of {names} in place of yours, it is still wrong.",
    "if_it_stays": "If this is still wrong after that: {says}",
    "public_right": "The checks you can see pass, but a hidden one does not: {says}",
    "graded_by_hand": "A person grades this answer.",
    "answer_missing": "The cell for your answer `{name}` is missing. Get it from a fresh copy of the lesson.",
    "answer_in_words": "Answered in words.",
    # The line at fault: where to look, and for what kind of thing
    "line_number": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at the numbers in it, or at where it begins and ends.",
    "line_axis": "{place}, `{code}`: with one small change here, every check passes. Look at which axis it works along.",
    "line_operator": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at how it computes: which operations, on what, and in which order.",
    "line_condition": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at what it compares, and when that is true.",
    "line_name": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at the names in it: is each one the one you mean?",
    "line_argument": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at what is handed over in the brackets.",
    "line_missing_call": "{place}, `{code}`: with one small change here, every check passes. "
    "A value here still needs something done to it: a call is missing, or its brackets.",
    "line_extra_call": "{place}, `{code}`: with one small change here, every check passes. "
    "It calls something that should not be called here.",
    "line_line": "{place}, `{code}`: with one small change here, every check passes. Is this line needed?",
    "line_order": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at the order of this line and those around it.",
    "line_indentation": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at what stands inside the block here and what stands outside: how far is each line indented?",
    "line_assignment": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at how the value is kept: is it new, added to an old one, or written over it in place?",
    "line_result": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at what is returned, and in which order.",
    "line_recording": "{place}, `{code}`: with one small change here, every check passes. "
    "Look at what PyTorch should track for gradients here, and what it should not.",
    "line_missing_line": "{place}, `{code}`: with one more line just before or after this one, every check passes. "
    "What is still to be done at this point?",
    "line_of": "{name}: {says}",
    # What stands below an exercise in the notebook
    "about_exercise": "Difficulty {difficulty} of 5, about {minutes} minutes.",
    "example": "The example above, to run and to change.",
    "example_of": "The example. Run this cell once you have written {name}; change it as you like.",
    "optional_exercise": "This exercise is optional: it is checked, but gives no points.",
    "asked_in_words": "Answer in words in the cell below. A person grades it: up to {points} points.",
    "your_answer": "Write your answer here.",
    "hints_in_terminal": "Stuck? `grader hint {name}` gives a hint.",
    "hint_title": "Hint {number}",
    "hint": "Hint {number} of {hints}: {text}",
    "hint_of": "`{name}`, hint {number} of {hints}: {text}",
    "which_exercise": "Which exercise of {lesson}? For example: {example}.",
    "no_more_hints": "{name} has {hints} hints, and you have seen them all.",
    # Labels of a report
    "tally": "{right} of {of} exercises right.",
    "tally_one": "{right} of {of} exercise right.",
    "state_right": "right",
    "state_wrong": "not right yet",
    "state_stub": "not written yet",
    "state_missing": "missing",
    "state_unjudged": "could not be judged",
    "state_by_hand": "graded by hand",
    "waits": "not graded yet, up to {points} points",
    "state_changed": "not checked yet",
    "check_passed": "passed",
    "check_failed": "failed",
    "check_followed": "earned",
    "check_unjudged": "not judged",
    "check_not_tried": "not tried",
    "points": "{earned} of {points}",
    "points_hidden": "{earned} of {points}, hidden",
    "automatic": "The automatic checks gave {earned} of {points}.",
    "elsewhere": "Points given by hand outside the exercises: {points}.",
    "penalty": "Late penalty: {points}.",
    "by_hand": "{earned} from the automatic checks",
    "comment": "From your instructor: {comment}",
    "expected": "expected",
    "got": "got",
    "gradient_of": "gradient of {name}:",
    "part": "{name}:",
    "starts_from": "What the check starts from:",
    "solution": "The reference solution, to compare with yours:",
    "way": "Another way: {says}",
    "solution_later": "The solution of {name} is shown once your answer is right.",
    "of_shape": "a tensor of shape {shape}",
    "difference": "difference",
    "figure": "Expected: {expected}. Got: {got}.",
    "figure_low_high": "{total} numbers from {low} to {high}",
    "figure_not_finite": "{total} numbers, none of which is finite",
    "figure_ends": "{total} numbers, the first is {first}, the last {last}",
    "not_finite": "not a finite number",
    "figure_key_lines": "expected (solid line) and got (dashed line)",
    "figure_key_bars": "expected (left bar) and got (right bar)",
    "figure_key_signs": "o expected   x got   * both",
    "replay": "To try this case yourself, paste these lines below your answer:",
    "replay_later": "To try this case yourself, press p for lines to paste.",
    "too_large_to_paste": "This case is too large to paste: it is checked on {number} numbers.",
    "too_long_to_paste": "This case is too large to paste: it takes {lines} lines.",
    "replay_expected": "expected: ",
    "replay_expected_in": "expected, {place}: ",
    "replay_error": "a {type}",
    "replay_error_mentions": "a {type} that mentions {words}",
    "advice": "Advice (it does not affect your points): {advice}",
    "about_file": "About your file",
    "about_cell": "# About this hand-in: {lesson}",
    "printed": "What your code printed:",
    "printed_more": "… and {characters} characters more.",
    "called_from": "called from {place}",
    "no_sandbox": "Graded without the sandbox (--isolation {isolation}).",
    # The page of a class, for its instructor
    "class_title": "Report on the class",
    "class_size": "Students with results: {students}. Lessons: {lessons}.",
    "class_not_graded": "Handed in but not graded yet: {number}. To grade them, run grader autograde.",
    "class_open": "Nothing here was graded in the sandbox: these grades can't be trusted.",
    "class_scores": "Students: {students}. Mean {mean}, median {median} of {points} points. Full marks: {full}.",
    "class_distribution": "How many students have how many points: {counts}.",
    "class_bar": "{low} to {high} points: {number}",
    "class_checks": "Checks",
    "class_checks_caption": "Each check of {lesson}: who passes it among those whose file could be graded, and whether they "
    "are also the ones who do well in the rest of the lesson (the number is the point-biserial correlation).",
    "class_check": "Check",
    "class_pass": "Pass",
    "class_separates": "Strong and weak students",
    "class_hidden": "(hidden)",
    "separates_well": "separates well",
    "separates_somewhat": "separates somewhat",
    "separates_hardly": "hardly separates",
    "separates_wrong_way": "separates the wrong way",
    "separates_all_pass": "everyone passes",
    "separates_all_fail": "nobody passes",
    "separates_too_few": "too few students to say",
    "separates_no_spread": "all do equally well in the rest",
    "class_mistakes": "Named mistakes",
    "class_mistakes_caption": "The mistakes found in {lesson}, the most common first.",
    "class_mistake": "Mistake",
    "class_students": "Students",
    "class_who": "Who",
    "class_together": "Mistakes that come together",
    "class_together_caption": "Pairs of mistakes that at least two students both made, the most common first.",
    "class_mistakes_two": "Mistakes",
    "class_look": "Needs a look",
    "class_look_caption": "Hand-ins that you may want to look at yourself: {number}.",
    "class_student": "Student",
    "class_lesson": "Lesson",
    "class_why": "Why",
    "look_unjudged": "Could not be judged:",
    "look_no_file": "No file could be graded:",
    "look_no_lesson": "Not a known lesson:",
    "look_time": "Took too long:",
    "look_crashed": "Crashed, or gave back what can't be read:",
    "look_isolation": "Not isolated:",
    "look_notes": "About the file:",
    "class_equal": "Equal code",
    "class_equal_caption": "Hand-ins that define the same, names and layout aside. Short right answers are often equal, "
    "and people may have worked together: the report only says what is equal.",
    "class_all": "All students",
    "class_all_caption": "Final scores, each with a link to the student's feedback.",
    "class_late": "{hours} h late",
    "class_not_handed_in": "No file from {number}:",
    "class_waits": "Answers in words that nobody has graded yet: {number}.",
    "class_lines": "Lines at fault",
    "class_lines_caption": "Wrong answers without a name in {lesson} that one small change makes right, by what the "
    "change is about.",
    "class_exercise": "Exercise",
    "class_kind": "What it is about",
    "class_progress": "From lesson to lesson",
    "class_progress_caption": "The line joins the means, in percent of the points; each bar holds the middle half of the "
    "students.",
    "class_progress_of": "{lesson}: mean {mean}, middle half {low} to {high}",
    "class_filter": "Only rows that contain",
    # Graded again
    "regraded": "Graded again on {graded} UTC. Before, the same work earned {earned} of {points} points.",
    # Advice
    "advice_strided": "Your answer fails on a tensor that is not contiguous, such as a transposed one: "
    "`reshape` works where `view` does not.",
    "advice_float64": "Your answer does not keep float64: it should return the dtype that it was given.",
    "advice_buffers": "Something in your class does not move along with `.to(...)`. Keep its tensors with "
    "`self.register_buffer`, and make new ones on the device and in the dtype of the input.",
    "advice_meta": "Your answer makes a tensor on a fixed device, so it would fail on a GPU. "
    "Make new tensors on the device of the input.",
    "advice_cuda": "Your answer fails on the GPU: make new tensors on the device of the input.",
    # What is missing before anything can run
    "old_python": "This is Python {here}, and the exercises need Python {needed} or newer. Make an environment with a newer "
    "Python, and install torch-exercise-kit there.",
    "no_torch": "PyTorch is not installed for this Python. Install it with: {python} -m pip install torch",
    "no_packages": "Some packages that the grader needs are not installed for this Python: {names}. "
    "Install it with: {python} -m pip install torch-exercise-kit",
    "no_torchvision": "Fashion-MNIST needs torchvision, which is not installed for this Python. Each release of torchvision "
    "belongs to one release of PyTorch: {python} -m pip install torchvision torch=={torch}",
    "no_kit": "The checks could not be installed. Is there a connection to the Internet? On Kaggle, switch it on in the "
    "notebook's settings. Then run this cell again.",
    # A student's own copy of a lesson
    "no_key": "There is no answer key in {folder} (answer_key.json and answer_key.safetensors). "
    "Copy the lesson's whole folder.",
    "bad_key": "The answer key in {folder} can't be read: {error}. Copy the lesson's folder again.",
    "no_lesson_here": "No lesson with `{name}` was found here. Keep the notebook in the folder of its lesson, with all its "
    'files, or name that folder: check("{name}", "the folder").',
    "no_lessons_here": "No lesson was found here. Run the notebook's first cell, then run this one again.",
    "lesson_not_here": "The checks of the lesson {lesson} were not found. Keep the notebook in the folder of its lesson, "
    "with all its files, or install the package of your course: {python} -m pip install PACKAGE",
    "other_notebook": "This notebook and the checks in {folder} come from different releases of the lesson {lesson}. "
    "Install the newest checks with: {python} -m pip install --upgrade --no-deps torch-exercise-kit. Then restart the "
    "kernel. If that does not help, get the notebook again too, and copy your answers into it.",
    "no_exercise_yet": "Which exercise? Run the cell with your answer first, or name the exercise: {call}.",
    "progress_in_notebook": "{done} of {total} exercises of {lesson} are right, by the checks that you ran here.",
    "state_unchecked": "not checked here",
    "next_in_notebook": "Next: `{name}`. Difficulty {difficulty} of 5, about {minutes} minutes.",
    "next_lesson": "All exercises of {lesson} are right. The next lesson is {next}.",
    "last_lesson": "All exercises of {lesson} are right. It is the last lesson.",
    "bad_checks": "checks.py in {folder} stops with {error}. Copy the lesson's folder again.",
    "other_checks": "checks.py and the answer key in {folder} belong to different releases: {names} is not in both. "
    "Copy the lesson's folder again.",
    "gpu_too": "The checks ran on your GPU too.",
    "gpu_not": "Your GPU was not used: these checks ran on the CPU.",
    "started": "{lesson}: written.",
    "started_before": "{lesson}: already there, left as it is.",
    "another_release": "{lesson}: already there and left as it is. A different release of it is installed.",
    "to_update": "To get that release and keep all your answers, run: grader start --update",
    "next": "Next: cd {folder}, and run grader watch. README.md says more.",
    "next_here": "Next: run grader watch. README.md says more.",
    "up_to_date": "{lesson}: is up to date.",
    "updated": "{lesson}: the newer release is there, with your answers.",
    "merged": "{file}: your answers were kept. The file as it was: {kept}",
    "not_merged": "{file}: your answers were kept, but not all that you changed around them could be. "
    "The file as it was lies beside it: {beside}",
    "not_updated": "{lesson}: was left as it is. {reason}",
    "readme": """\
# Exercises in PyTorch

Each folder holds a lesson, in the order of the numbers. A lesson is there twice, as a notebook (`.ipynb`) and as a script
(`.py`): work in whichever you like.

## First

1. Open a terminal in this folder, in the environment that you installed `torch-exercise-kit` into.
2. Run `grader watch`. It waits for you to save, and then tells what is right and what is not.
3. Open `{path}/{lesson}.ipynb` or `{path}/{lesson}.py`, read, replace the first `raise NotImplementedError(…)` with your own
   code, and save.
4. Press `n` for the next exercise, and `h` for a hint.

## Also good to know

| to | run |
| --- | --- |
| see where you are | `grader` |
| see all exercises | `grader list` |
| check a lesson, an exercise, a file | `grader check {lesson}` |
| read the next hint | `grader hint` |
| begin an exercise anew | `grader reset {lesson}/EXERCISE` |
| pack what you hand in | `grader submit {lesson}` |
| get a newer release of the lessons | `grader start --update` |

In VS Code, open this folder: Ctrl+Shift+B (on a Mac Cmd+Shift+B) checks the script that you see.

What the grader remembers lies in `.grader/`, and nothing of it is sent anywhere.
""",
    "no_lessons": "No lessons are installed with the grader. Install them with: {python} -m pip install torch-exercise-kit",
    "several_courses": "Several courses are installed: {names}. Uninstall the ones you are not taking, "
    "for example with: {python} -m pip uninstall {example}",
    "several_have_it": "Several lessons have an exercise called {name}. Say which one you mean: {choices}.",
    "nothing_called_so": "There is no lesson and no exercise called {name}. Did you mean {choices}?",
    "nothing_called": "There is no lesson and no exercise called {name}. The lessons are {lessons}. "
    "To see the exercises too, run: grader list",
    "a_file_there": "{folder} is a file, not a folder. Choose another name.",
    "no_checks": "There is no checks.py in {folder}. Copy the lesson's whole folder again.",
    "other_release": "{file} in {folder} does not match the answer key beside it: "
    "it was changed, or comes from another release. Copy the lesson's folder again.",
    # Where a student stands
    "done_of": "{done} of {total} done",
    "points_short": "{points} p",
    "minutes_short": "{minutes} min",
    "total": "{done} of {total} exercises right, worth {points} of {of} points.",
    "time_left": "The rest takes about {hours}.",
    "hours": "{hours} h {minutes} min",
    "minutes": "{minutes} minutes",
    "next_is": "Next: {name}.",
    "next_command": "To check it, run: grader check {name}",
    "all_done": "That was the last one. To hand in your answers, run: grader submit",
    "getting_ready": "{lesson}: getting ready …",
    "checking": "checking {name} …",
    "checking_for": "checking `{name}` … {seconds} s",
    "looking_for_line": "looking for the line at fault …",
    "where_you_are": "{done} of {total}, next: {name}",
    "where_you_are_done": "{done} of {total}: all are right.",
    "commands_for_next": "Open {file}, and run: grader watch {name}",
    "unchecked": "{number} of your answers have changed since they were last checked: grader list checks them.",
    "one_unchecked": "One of your answers has changed since it was last checked: grader list checks it.",
    "no_course_yet": "There are no exercises in this folder. To get them, run: grader start",
    "checking_changes": "Checking what has changed in {lessons} …",
    "hints_read": "You have read all {hints} hints for {name}. To see them again, run: grader hint {name} --all",
    "no_hint_read": "You have not read a hint for {name} yet. To read the first one, run: grader hint {name}",
    # grader reset
    "nothing_to_restore": "{name} in {file} has not been changed, so there is nothing to restore.",
    "was_reset": "{name}: the stub is back in {file}.",
    "kept": "Your file as it was is kept: {file}",
    "file_restored": "There was no file to reset, so a new one was written: {file}",
    "no_stub": "{lesson} was given out without a stub for {name}, so nothing was changed.",
    "not_given_out": "{file} as it was given out is nowhere on this computer, so nothing was changed. "
    "To get it, run grader start in another folder.",
    "cannot_change": "{file} can't be read, so it was not changed. Save it once more from your editor, as UTF-8, "
    "and try again.",
    # grader submit
    "nothing_written": "Nothing is written in it yet.",
    "not_packed": "{lesson}: there is nothing to hand in. {why}",
    "nothing_to_pack": "There is nothing to hand in yet: no exercise is written. To begin, run: grader watch",
    "packed": "{archive} is packed. It holds your answers from {file}.",
    "stands": "{lesson}: {done} of {total} exercises pass all the checks that you can see.",
    "one_hidden": "One more check runs when it is graded.",
    "hidden": "{number} more checks run when it is graded.",
    "unfinished_wrong": "Not right yet: {names}.",
    "unfinished_stub": "Not written yet: {names}.",
    "unfinished_missing": "Missing: {names}.",
    "unfinished_unjudged": "Could not be checked: {names}.",
    "upload": "Upload {archive} as it is.",
    "not_read_back": "{lesson}: what was packed is not read as it was written, and that is not your fault. "
    "Hand in the notebook or the script itself, and please tell your instructor.",
    # grader watch
    "right_so_far": "Right: it passes all the checks that you can see.",
    "press_n": "Press n for the next exercise.",
    "watch_status": "{done} of {total} · {name}",
    "watch_checking": "· checking … {seconds} s",
    "watch_keys_solution": "n next  l list  h hint  s solution  r run again  x reset  q quit",
    "watch_keys": "n next  l list  h hint  r run again  x reset  q quit",
    "watch_polls": "Saves are found by looking at your files 10 times a second.",
    "watch_needs_a_terminal": "grader watch needs a terminal that takes keys. Run it there, or use: grader check",
    "reset_asks": "Put the stub of {name} back in the place of your answer? A copy of your file is kept. y / n",
    "list_all": "all",
    "list_to_do": "to do",
    "list_done": "done",
    "list_empty": "There is none.",
    "list_keys": "↑ ↓ move  enter choose  f filter ({filter})  l back",
    # Cells
    "cell_raised": "Your code stopped at {place}, `{code}`, with {error}",
    "cell_syntax": "Something here is not valid Python. Look at {place}, `{code}`: {message}.",
    "cell_slow": "The code that begins at {place}, `{code}`, took longer than {seconds} seconds and was stopped. "
    "The other cells were run without it.",
    "cell_slow_kept": "The code that begins at {place}, `{code}`, took longer than {seconds} seconds and was stopped. "
    "What it had defined was kept.",
    "cell_ended": "The code that begins at {place}, `{code}`, ended the Python process: {detail}. "
    "The other cells were run without it.",
    "cell_ended_kept": "The code that begins at {place}, `{code}`, ended the Python process: {detail}. "
    "What it had defined was kept.",
    "cell_flood": "The code that begins at {place}, `{code}`, wrote into the grader's own channel and was skipped.",
    "cell_failed": "The code that begins at {place}, `{code}`, was skipped: the grader could not run it.",
    "in_kernel": "line {line}: {code}",
    "line_in_kernel": "line {line}",
    "not_installed": "`{module}` is not installed where your answer runs, and no file {module}.py was handed in with it.",
    "noted_loader": "Your DataLoader was told to load its data without worker processes (`num_workers=0`), which can't be "
    "started here. The samples are the same.",
    "noted_compile": "`torch.compile` was skipped: your functions were run as they are.",
    "in_notebook": "line {line} of cell {cell}",
    "in_script": "line {line} of {file}",
    "where": "{place}: {code}",
    # The file that was handed in
    "no_file": "There is no notebook or Python file in your folder, only {found}. Hand in {lesson}.ipynb or {lesson}.py.",
    "no_folder": "Nothing was handed in: hand in {lesson}.ipynb or {lesson}.py in a folder called {lesson}.",
    "empty_folder": "The folder is empty: hand in {lesson}.ipynb or {lesson}.py.",
    "unknown_lesson": "There is no lesson called {lesson}. The lessons are {lessons}.",
    "likely_lesson": "Did you mean {lesson}?",
    "more_unknown": "Folders of this student that are named like no lesson either, and are not listed: {number}.",
    "swapped": "{lesson} is a lesson, not a student: are the two folders swapped? The layout is {student}/{lesson}/.",
    "folder_taken": "The folder {folder} was graded as the lesson {lesson}. Please call it {lesson}.",
    "loose": "The files outside any folder were graded as the lesson {lesson}. Please put them in a folder called {lesson}.",
    "the_files": "the one outside any folder",
    "also_there": "There is more than one hand-in for {lesson}: {graded} was graded; not graded: {others}.",
    "lies_there": "Your folder also contains {names}, which does not have the name of the lesson {lesson}.",
    "odd_time": "timestamp.txt says {time}, which is not a valid time. Write it like this: 2026-01-31 18:00:00 UTC.",
    "odd_zone": "timestamp.txt uses the unknown time zone {zone}, so the time was read as UTC. "
    "Write an offset such as -0800 instead.",
    "not_a_folder": "{name} is not a folder: a hand-in is a folder with {lesson}.ipynb or {lesson}.py in it.",
    "other_name": "{file} was read, because there is no {lesson}.ipynb or {lesson}.py.",
    "several": "It is not clear which file to grade: {files}. "
    "Rename the one you want graded to {lesson}.ipynb or {lesson}.py.",
    "instead": "{file} was read, because nothing has been written in {untouched} yet.",
    "passed_over": "{file} was read. There are answers in other files that do not count: {others}.",
    "in_text_cell": "`{name}` is in a text cell, and text cells are not run. Change that cell's type to code.",
    "check_cells": "Changed check cells: {names}. This does not affect the grade: the checks run as they were given out.",
    "bad_cell": "Cell {number} of {file} could not be read and was skipped.",
    "utf16": "{file} is in UTF-16. It could be read, but please save it as UTF-8.",
    "both": "Both {notebook} and {script} were changed. The notebook is the one that counts.",
    "a_directory": "{file} is a folder, not a file.",
    "a_link": "{file} is a link, and links are not followed. Hand in the file itself.",
    "not_regular": "{file} is not a regular file.",
    "too_large": "{file} is {size} MB, and the limit is {limit} MB. Clear the outputs and save it again.",
    "cannot_read": "{file} could not be read: {reason}.",
    "no_code": "{file} contains no code. Write your answers in it, save it, and hand in that file.",
    "nul": "{file} contains NUL bytes: it is not a text file, or it was damaged on the way.",
    "latin": "{file} is not in UTF-8. It was read as Latin-1; please save it as UTF-8.",
    "not_json": "{file} is not a notebook: it is not valid JSON. "
    "Open your notebook in Jupyter, save it, and hand in that file.",
    "no_notebook": "{file} is valid JSON, but not a notebook. "
    "Open your notebook in Jupyter, save it, and hand in that file.",
    "old_notebook": "{file} is a notebook of format {version}. Open it in Jupyter and save it again: "
    "only format 4 is supported.",
    "many_cells": "{file} has more than {limit} cells, which is too many to grade. Put your answers into fewer cells.",
    "many_parts": "{file} holds too much besides your code. Clear the outputs and save it again.",
    "many_files": "There are {number} files that might be the answer. "
    "Keep the one you want graded, and call it {lesson}.ipynb or {lesson}.py.",
    "cells_more": "More cells that stopped, not listed here: {number}.",
    "language": "{file} is a notebook of the language {language}, not Python. Choose a Python kernel and save it again.",
    # Kinds of values, as pieces of the sentences about what was compared
    "a_tensor": "a tensor",
    "a_sequence": "a {type} of {length}",
    "a_dict": "a dict",
    "a_module": "an nn.Module",
    "a_value": "a value of type {type}",
    "a_nothing": "nothing",
    "mode_training": "training",
    "mode_evaluation": "evaluation",
    # Words around a report in a terminal
    "advice_line": "Advice: ",
    "what_was_checked": "What was checked: ",
    "at_line": "at {where}",
    "and_more": "… and {more} more.",
    "score_title": "{lesson}: {earned} of {points} points",
    "handed_in_at": "handed in {time} UTC",
    # What a notebook opens with, and what stands in the place of an answer
    "run_first": "Run this cell first: it gets the checks ready.",
    "installs_them": "Where they are missing, as on Colab and Kaggle, it installs them.",
    "pytorch_stays": "Without what the kit depends on: PyTorch stays as it is.",
    "your_code": "Your code here.",
    # Where a course is
    "no_course_here": "{folder} is not in a course. Go to the folder that holds the lessons, and try again. "
    "If you have none yet, `grader start` makes one.",
    "no_lesson_called": "There is no lesson called {name}. The lessons are {lessons}.",
    "no_lesson_called_so": "There is no lesson called {name}. Did you mean {choice}?",
    "or": " or ",
    "no_exercise_called": "The lesson {lesson} has no exercise {name}. It has {choices}.",
    "no_exercise_called_so": "The lesson {lesson} has no exercise {name}. Did you mean {choices}?",
    # What goes wrong around a command
    "needs_package": "This needs {name}, which is not installed. It comes with: {how}",
    "disk_full": "The disk is full. Make room, then run this again: what is written already stays.",
    "file_trouble": "{file} can't be read or written: {reason}.",
    "report_not_read": "--report {report} can't be read: it takes FORMAT=PATH, such as junit=results.xml.",
    "no_format": "There is no report format {name}. The formats are {formats}.",
    "of_one_student": "A report for {name} holds one student, not {number}: name one with --student.",
    "report_not_written": "The report {path} can't be written: {reason}.",
    "no_language": "There is no language called {name}. Choose one of these: {languages}.",
    "not_in_language": "{lesson}: there is no translation yet, so it was written in English.",
    # How a process ended
    "end_of_all": "it took the whole sandbox with it",
    "end_by": "it was stopped by {signal}",
    "end_code": "it left Python with exit code {code}",
    "end_of_channel": "it closed the grader's own channel",
    # grader doctor
    "doctor_notebooks": "notebooks",
    "doctor_room": "disk",
    "doctor_not_installed": "(not installed)",
    "doctor_python": "{version}, at {path}.",
    "doctor_pytorch": "{version}, with torch-exercise-kit {kit}.",
    "doctor_gpu": "{name}. Checks try your answers there too.",
    "doctor_apple": "Apple's. The exercises run on the CPU all the same.",
    "doctor_no_gpu": "There is none that PyTorch can use. The exercises need none.",
    "doctor_no_kernel": "There is none, so notebooks can't be run; scripts can. To get one: {how}",
    "doctor_lab": "There is a kernel, ipykernel {version}, and JupyterLab.",
    "doctor_no_lab": "There is a kernel, ipykernel {version}, but no JupyterLab: use an editor that opens notebooks.",
    "doctor_disk": "{free} GB are free where you are.",
    "doctor_make_room": "Make room: {needed} GB are needed.",
    # The command line's help
    "help_for_students": "For students",
    "help_for_instructors": "For instructors and authors",
    # What typer says around it, word for word, each by the name of its place in typer.rich_utils where it has one
    "typer_USAGE": "Usage:",
    "typer_HELP": "Show this message and exit.",
    "typer_ARGUMENTS_PANEL_TITLE": "Arguments",
    "typer_OPTIONS_PANEL_TITLE": "Options",
    "typer_DEFAULT_STRING": "[default: {{}}]",
    "typer_REQUIRED_LONG_STRING": "[required]",
    "typer_ERRORS_PANEL_TITLE": "Error",
    "typer_RICH_HELP": "Try [blue]'{{command_path}} {{help_option}}'[/] for help.",
    "typer_install": "Install completion for the current shell.",
    "typer_show": "Show completion for the current shell, to copy it or customize the installation.",
    # What typer, click and pydantic say of a command line that is wrong, word for word, the more particular ones first
    "usage_no_command_so": "No such command {name}. Did you mean {choices}?",
    "usage_no_command": "No such command {name}.",
    "usage_no_option_so": "No such option: {name} (Possible options: {choices})",
    "usage_no_option_so_click": "No such option: {name} Did you mean {choices}?",
    "usage_no_option": "No such option: {name}",
    "usage_missing_argument": "Missing argument {name}.",
    "usage_missing_option": "Missing option {name}.",
    "usage_invalid": "Invalid value for {name}: {why}",
    "usage_extra": "Got unexpected extra argument(s) ({given})",
    "usage_extra_click": "Got unexpected extra argument ({given})",
    "usage_extras_click": "Got unexpected extra arguments ({given})",
    "usage_needs_value": "Option {name} requires an argument.",
    "usage_takes_no_value": "Option {name} does not take a value.",
    "usage_not_whole": "Input should be a valid integer, unable to parse string as an integer",
    "usage_not_whole_click": "{given} is not a valid integer.",
    "usage_too_small": "Input should be greater than or equal to {least}",
    "usage_too_small_click": "{given} is not in the range {range}.",
    "usage_value": "Value error, {why}",
    "usage_choice": "{given} is not one of {choices}.",
}


def in_every_language(sentence: str) -> list[str]:
    """A sentence as it stands in each language, its values not filled in: to find it again."""
    english = SENTENCES[sentence]
    return [language.catalogue(each).get((sentence, english), english) for each in language.known()]


def say(sentence: str, **values: object) -> str:
    """A sentence with its values filled in, in the language that is spoken (`grader.language`)."""
    return _filled(sentence, SENTENCES[sentence], values)


def told(english: str, /, **values: object) -> str:
    """A sentence for instructors with its values filled in, in the language that is spoken. It stands where it is said."""
    return _filled(language.INSTRUCTORS, english, values)


def _filled(context: str, english: str, values: dict[str, object]) -> str:
    """A sentence in the language that is spoken, with its values. Between Chinese and a value stands a space, but for one
    that is Chinese itself."""
    spoken = language.current()
    text = language.catalogue(spoken).get((context, english), english)
    for name, value in values.items() if spoken != language.ENGLISH else ():
        if re.match(_WIDE, str(value)):
            text = re.sub(f"(?<={_WIDE}) {{{name}}}", f"{{{name}}}", text)
        if re.match(_WIDE, str(value)[-1:]):
            text = re.sub(f"{{{name}}} (?={_WIDE})", f"{{{name}}}", text)
    return text.format(**values)


def in_a_row(names: Iterable[str]) -> str:
    """Names in a row."""
    return say("between").join(names)


def and_more(names: Sequence[str], at_most: int) -> str:
    """Names in a row, and of how many more where there are too many."""
    more, row = len(names) - at_most, in_a_row(names[:at_most])
    return told("{listed} and {more} more", listed=row, more=more) if more > 0 else row


def together(*sentences: str) -> str:
    """Sentences one behind the other. Between Chinese ones stands no space."""
    return re.sub(r"(?<=[。！？]) ", "", " ".join(sentences))


def more_checks(hidden: int) -> list[str]:
    """The sentence that says how many checks run when an exercise is graded; none where no more do."""
    return [say("one_hidden" if hidden == 1 else "hidden", number=hidden)] * bool(hidden)
