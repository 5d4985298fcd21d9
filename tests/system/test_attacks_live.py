"""The attacks on results and comparisons are live: a grader without our protections falls for each of them."""

import re
import shutil
from contextlib import closing

import pytest
from support.naive import CHANNELS, HAND_IN, OTHER_AIMS, Naive
from test_attacks import CHECKS, HANDOUT, LESSON, MISCONCEPTIONS, attacks, honest_part, text_of

pytestmark = pytest.mark.slow
LIVE = {name: attack for name, attack in attacks().items() if name.split("/")[0] in ("forge", "subvert")}


@pytest.fixture(scope="module")
def naive():
    with closing(Naive([HANDOUT, CHECKS, MISCONCEPTIONS])) as started:
        yield started


def aim(attack):
    """What its line `# Against: …` names, one of `CHANNELS` or `OTHER_AIMS`; without one, the result file."""
    found = re.search(r"^# Against: (.*)", text_of(attack), re.MULTILINE)
    assert not found or found[1] in (*CHANNELS, *OTHER_AIMS)
    return found[1] if found else "file"


def hand_in(attack, folder):
    """Its text is called otherwise than the lesson: `numbers` is a module of Python's own."""
    if attack.is_dir():
        shutil.copytree(attack, folder, dirs_exist_ok=True)
        (folder / f"{LESSON}.py").unlink()
    (folder / HAND_IN).write_text(text_of(attack))


@pytest.mark.parametrize("name", LIVE)
def test_an_attack_succeeds_where_nothing_protects_the_grader(naive, tmp_path, name):
    attack = LIVE[name]
    hand_in(attack, tmp_path)
    outcome = naive.outcome(tmp_path, aim(attack))
    if isinstance(outcome, str):  # there is no score any more
        assert (outcome == "it hangs") == (aim(attack) == "patience")
    else:
        assert not outcome <= sum(honest_part(attack).values())  # more than it has earned, or not a number


RIGHT = """
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2
"""
WRONG = "return X * 0"


@pytest.mark.parametrize("against", [*CHANNELS, *OTHER_AIMS])
@pytest.mark.parametrize(("body", "earned"), [(RIGHT, 6.0), (WRONG, 2.0)], ids=["right", "wrong"])
def test_the_naive_grader_is_right_about_honest_work(naive, tmp_path, against, body, earned):
    """So what it says of an attack is the attack's doing."""
    text = f"# %%\ndef double(X):\n    {body.strip()}\n\n# %%\ndef total(X):\n    return (X * 2).sum(1)\n"
    (tmp_path / HAND_IN).write_text(text)
    if against in ("exit status", "tests") and body == WRONG:
        earned = 0.0  # these tell all or nothing
    assert naive.outcome(tmp_path, against) == pytest.approx(earned)
