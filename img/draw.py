"""Draws the figures of the course into this folder, in each language, from values that it computes; `--check` only says
which differ."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.image import imread
from PIL import Image

from figures import batch_norm, convolution, gradients, lenet, softmax, tensors, training
from figures.sketch import CATALOGUES, STYLE
from grader.language import ENGLISH, speaking

FOLDER = Path(__file__).parent
LANGUAGES = [ENGLISH, *sorted(path.stem for path in CATALOGUES.glob("*.po"))]
CHINESE_FONT = "WenQuanYi Micro Hei"
"""What signs are drawn with that Matplotlib's own fonts do not have."""

FIGURES: dict[str, Callable[[], Figure]] = {
    "Join-1": tensors.cat_beside_stack,
    "Gradients-1": gradients.with_and_without_zeroing,
    "Training-1": training.what_each_line_leaves_behind,
    "Clipping-1": training.a_gradient_cut_to_length,
    "Softmax-1": softmax.from_scores_to_probabilities,
    "Softmax-2": softmax.as_a_network,
    "Softmax-3": softmax.softmax_and_cross_entropy_in_one,
    "Convolution-1": convolution.a_kernel_at_two_places,
    "Convolution-2": convolution.channels_summed_and_kernels_stacked,
    "Convolution-3": convolution.one_by_one_as_a_product,
    "Convolution-4": convolution.one_by_one_beside_fully_connected,
    "BatchNorm-1": batch_norm.a_feature_on_its_way,
    "LeNet-1": lenet.losses_and_accuracies,
    "LeNet-2": lenet.wrong_answers,
    "LeNet-3": lenet.kernels_of_the_first_layer,
}
"""What draws each figure, by the name of its file. The docstring is the text for a reader who can't see the figure."""


def sheet(name: str, language: str = ENGLISH) -> Figure:
    """The figure of that name, drawn afresh, with its words in a language.

    Raises:
        LookupError: there is no font for it on this machine.
    """
    _same_everywhere(language)
    with speaking(language):
        return FIGURES[name]()


def png(name: str, language: str = ENGLISH) -> bytes:
    """The figure as a file: the same bytes wherever the versions of PyTorch, Matplotlib and Pillow are the same."""
    drawn, file = io.BytesIO(), io.BytesIO()
    sheet(name, language).savefig(drawn, format="png", metadata={"Software": None})
    Image.open(drawn).convert("RGB").save(file, format="png", optimize=True)  # nothing is transparent: a smaller file
    return file.getvalue()


def path(name: str, language: str = ENGLISH) -> Path:
    """Where the figure lies."""
    return FOLDER / (f"{name}.png" if language == ENGLISH else f"{name}-{language}.png")


def text(name: str) -> str:
    """What the figure shows, in words, on one line."""
    return " ".join((FIGURES[name].__doc__ or "").split())


def differs(name: str, language: str = ENGLISH) -> bool:
    """Whether the file in this folder is missing or shows other pixels than the program draws."""
    file = path(name, language)
    return not file.exists() or not np.array_equal(imread(file), imread(io.BytesIO(png(name, language))))


def font() -> str | None:
    """The file of the Chinese font, where it is installed."""
    return next((file for file in font_manager.findSystemFonts() if Path(file).name == "wqy-microhei.ttc"), None)


def _same_everywhere(language: str) -> None:
    """Let no settings and no fonts of this machine into the figures, but for the one that a language needs."""
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)
    manager = font_manager.fontManager
    manager.ttflist = [each for each in manager.ttflist if each.fname.startswith(matplotlib.get_data_path())]
    if language != ENGLISH:
        if (file := font()) is None:
            raise LookupError(f"Figures in {language} are drawn with {CHINESE_FONT}: apt-get install fonts-wqy-microhei")
        manager.addfont(file)
        matplotlib.rcParams["font.family"] = [STYLE["font.family"], CHINESE_FONT]


def main() -> None:
    """Draw all figures, or, with `--check`, name those that have to be drawn again and exit with 1 if there are any."""
    every = [(name, language) for language in LANGUAGES for name in FIGURES]
    try:
        if sys.argv[1:] == ["--check"]:
            stale = [path(*each).name for each in every if differs(*each)]
            if stale:
                sys.exit(f"These figures are out of date: {', '.join(stale)}. Run img/draw.py, and look at what it drew.")
        elif sys.argv[1:]:
            sys.exit(f"{' '.join(sys.argv[1:])} means nothing here: give --check, or nothing.")
        else:
            for each in every:
                path(*each).write_bytes(png(*each))
                print(f"{path(*each).name}: {text(each[0])}")
    except LookupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
