"""The pictures that the last lesson trains on."""

import sys
from contextlib import closing

import pytest
import torch
from support.lessons import tiny

from grader.author.expectations import build_key
from grader.errors import CourseError
from grader.lesson import pictures
from grader.sandbox.bubblewrap import Sandbox


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(pictures.HOME, str(tmp_path))
    return tmp_path


def test_the_same_seed_makes_the_same_pictures_whatever_was_drawn_before(home):
    images, labels = pictures.digits(50, 1)
    (kept,) = home.iterdir()
    before = kept.read_bytes()
    kept.unlink()
    torch.rand(3)
    again, labels_again = pictures.digits(50, 1)
    assert torch.equal(images, again)
    assert torch.equal(labels, labels_again)
    assert kept.read_bytes() == before


def test_other_seeds_make_other_pictures():
    assert not torch.equal(pictures.digits(20, 1)[0], pictures.digits(20, 2)[0])


def test_pictures_are_of_the_promised_shape_and_all_digits_are_there():
    images, labels = pictures.digits(40, 3)
    assert images.shape == (40, 1, 28, 28)
    assert images.dtype is torch.float32
    assert 0 <= images.min() < 0.2
    assert 0.6 < images.max() <= 1
    assert labels.bincount().tolist() == [4] * 10


def test_kept_pictures_are_read_and_damaged_ones_are_made_anew(home):
    images, _ = pictures.digits(10, 4)
    (kept,) = home.iterdir()
    kept.write_bytes(b"damaged")
    assert torch.equal(pictures.digits(10, 4)[0], images)


def test_pictures_for_a_hidden_check_are_not_kept(home):
    pictures.digits(10, 6, keep=False)
    assert list(home.iterdir()) == []


LESSON = tiny(
    handout=(
        "import torch",
        "import torch\nfrom grader.lesson.pictures import digits\nCOUNT = 10\ndigits(\n    count=COUNT, seed=7)",
    ),
    checks=("from grader", "from grader.lesson.pictures import digits\ndigits(10, 8, keep=False)\nfrom grader"),
)


def test_what_a_lesson_was_seen_to_ask_for_is_kept_for_sandboxes_that_can_keep_nothing(home):
    with closing(Sandbox()) as worker:
        built = build_key(LESSON, worker, "seed", public_only=True)
    assert built.pictures == [(10, 7)]
    (kept,) = home.iterdir()
    assert kept.name.endswith("-10-7.safetensors")


def test_pictures_that_can_not_be_drawn_are_told_in_a_sentence():
    with pytest.raises(CourseError, match=r"digits\(-1, seed=7\) of this lesson can't be drawn: \w+"):
        pictures.prepare([(-1, 7)])


def test_making_pictures_leaves_the_random_numbers_of_others_alone():
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    pictures.digits(10, 5)
    assert torch.equal(torch.rand(3), expected)


def test_without_its_files_fashion_mnist_says_so_and_downloads_nothing(tmp_path):
    with pytest.raises(RuntimeError, match="not found"):
        pictures.fashion_mnist(tmp_path)


def test_fashion_mnist_is_read_from_files_at_hand(tmp_path):
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name, count in (("train", 6), ("t10k", 4)):
        header = (0x00000803).to_bytes(4, "big") + b"".join(n.to_bytes(4, "big") for n in (count, 28, 28))
        (raw / f"{name}-images-idx3-ubyte").write_bytes(header + bytes(range(98)) * 8 * count)
        header = (0x00000801).to_bytes(4, "big") + count.to_bytes(4, "big")
        (raw / f"{name}-labels-idx1-ubyte").write_bytes(header + bytes(range(count)))
    train, test = pictures.fashion_mnist(tmp_path)
    assert (len(train), len(test)) == (6, 4)
    image, label = train[2]
    assert image.shape == (1, 28, 28)
    assert image.dtype is torch.float32
    assert image[0, 0, 97 % 28] <= 1
    assert label == 2


def test_pictures_need_no_torchvision(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    images, _ = pictures.digits(20, 1)
    assert images.std() > 0.1


def test_fashion_mnist_without_torchvision_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="pip install torchvision torch==2"):
        pictures.fashion_mnist(tmp_path)


def test_drawing_leaves_the_number_of_threads_alone():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        pictures.digits(10, 11)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
