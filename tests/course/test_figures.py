"""Figures: what lies in img/ is what its program draws, every figure has its text, and each can be read."""

import itertools
import re
import sys
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread
from matplotlib.text import Text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "img"))

import draw  # noqa: E402 (it lies in img/)

IMAGES = {path.stem for path in (ROOT / "img").glob("*.png")}
NARROW = 700
"""Pixels: how wide a figure is in a small window."""


@pytest.fixture(params=draw.FIGURES)
def name(request):
    return request.param


@pytest.fixture
def texts(name):
    """The pieces of text of a figure as it is drawn, each with its box in pixels, and the box of the page."""
    sheet = draw.sheet(name)
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    drawn = [text for text in sheet.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [(text, text.get_window_extent(canvas.get_renderer())) for text in drawn], sheet.bbox


def test_the_committed_figure_is_the_one_that_the_program_draws(name):
    pinned = re.search(r"^matplotlib==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    if pinned and pinned[1] != matplotlib.__version__:
        pytest.skip(f"Figures are drawn by Matplotlib {pinned[1]}; here is {matplotlib.__version__}.")
    assert not draw.differs(name), f"Run img/draw.py and look at {name}.png."


def test_a_changed_or_missing_figure_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(draw, "FOLDER", tmp_path)
    assert draw.differs("Join-1")
    (tmp_path / "Join-1.png").write_bytes(draw.png("Gradients-1"))
    assert draw.differs("Join-1")
    (tmp_path / "Join-1.png").write_bytes(draw.png("Join-1"))
    assert not draw.differs("Join-1")


def test_every_figure_that_a_handout_names_is_there():
    for handout in (ROOT / "solutions").glob("*/lesson.py"):
        named = set(re.findall(r"\b([A-Z]\w*-\d+)\.png", handout.read_text(encoding="utf-8")))
        assert named <= IMAGES, f"{handout} names a figure that img/ does not have."


def test_every_file_in_img_has_its_function_and_its_text():
    assert set(draw.FIGURES) == IMAGES
    assert all(len(draw.text(name)) > 80 for name in draw.FIGURES)


def test_every_figure_is_a_small_file_that_fits_a_notebook_and_stands_on_white(name):
    path = ROOT / "img" / f"{name}.png"
    image = imread(path)
    assert path.stat().st_size < 80_000
    assert 700 <= image.shape[1] <= 900
    assert (image[0, 0] == 1).all()


def test_the_numbers_in_the_text_of_a_figure_are_those_in_the_figure(name, texts):
    shown = " ".join(text.get_text() for text, _ in texts[0])
    for number in re.findall(r"\d+[./]\d+|\(\d, [\d, ]+\)", draw.text(name)):
        assert number in shown, number


def test_no_text_is_tiny_in_a_narrow_notebook(texts):
    drawn, page = texts
    for text, _ in drawn:
        pixels = text.get_fontsize() * draw.STYLE["figure.dpi"] / 72
        assert pixels * NARROW / page.width >= 11, text.get_text()


def test_no_text_is_cut_off_or_lies_on_another(texts):
    drawn, page = texts
    for text, box in drawn:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1, text.get_text()
    for (one, first), (other, second) in itertools.combinations(drawn, 2):
        assert not first.overlaps(second), f"{one.get_text()!r} lies on {other.get_text()!r}"
