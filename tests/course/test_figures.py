"""Figures: what lies in img/ is what its program draws, every figure has its text, and each can be read."""

import itertools
import re
import sys
from pathlib import Path

import matplotlib
import pytest
from babel.messages import extract, frontend
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread
from matplotlib.text import Text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "img"))

import draw  # noqa: E402 (it lies in img/)
from figures.sketch import catalogue  # noqa: E402

IMAGES = {path.stem for path in (ROOT / "img").glob("*.png")}
NARROW = 700
"""Pixels: how wide a figure is in a small window."""


EVERY = [(name, language) for language in draw.LANGUAGES for name in draw.FIGURES]


@pytest.fixture(params=EVERY, ids=lambda each: draw.path(*each).stem)
def figure(request):
    """The name of a figure and its language."""
    name, language = request.param
    if language != "en" and draw.font() is None:
        pytest.skip(f"{draw.CHINESE_FONT} is not installed here: apt-get install fonts-wqy-microhei")
    return name, language


@pytest.fixture
def texts(figure):
    """The pieces of text of a figure as it is drawn, each with its box in pixels, and the box of the page."""
    sheet = draw.sheet(*figure)
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    drawn = [text for text in sheet.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [(text, text.get_window_extent(canvas.get_renderer())) for text in drawn], sheet.bbox


def test_the_committed_figure_is_the_one_that_the_program_draws(figure):
    pinned = re.search(r"^matplotlib==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    if pinned and pinned[1] != matplotlib.__version__:
        pytest.skip(f"Figures are drawn by Matplotlib {pinned[1]}; here is {matplotlib.__version__}.")
    assert not draw.differs(*figure), f"Run img/draw.py and look at {draw.path(*figure).name}."


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
    assert {draw.path(*each).stem for each in EVERY} == IMAGES
    assert all(len(draw.text(name)) > 80 for name in draw.FIGURES)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: draw.path(*each).stem)
def test_every_figure_is_a_small_file_that_fits_a_notebook_and_stands_on_white(each):
    path = draw.path(*each)
    image = imread(path)
    assert path.stat().st_size < 100_000
    assert 700 <= image.shape[1] <= 900
    assert (image[0, 0] == 1).all()


def test_every_word_of_the_figures_is_translated_with_the_same_numbers_and_values():
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = frontend.parse_mapping_cfg(file)
    found = {text for _, _, text, _, _ in extract.extract_from_dir(ROOT / "img", methods, options)}
    assert len(found) > 50
    for language in draw.LANGUAGES[1:]:
        known = {english: said for (_, english), said in catalogue(language).items()}
        assert known.keys() == found
        for english, said in known.items():
            pattern = r"\{[^}]*\}|\d+|[A-Za-zθγβŷ₁₂]*_\w+"
            assert sorted(re.findall(pattern, english)) == sorted(re.findall(pattern, said)), english


def test_a_figure_that_needs_a_font_says_so_where_there_is_none(monkeypatch):
    monkeypatch.setattr(draw, "font", lambda: None)
    with pytest.raises(LookupError, match="apt-get install fonts-wqy-microhei"):
        draw.sheet("Join-1", "zh_CN")


def test_the_numbers_in_the_text_of_a_figure_are_those_in_the_figure(figure, texts):
    shown = " ".join(text.get_text() for text, _ in texts[0])
    for number in re.findall(r"\d+[./]\d+|\(\d, [\d, ]+\)", draw.text(figure[0])):
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
