"""Pictures to train on, made here: digits in many faces, moved, turned, bent, blurred and noisy. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import CourseError
from grader.messages import say

if TYPE_CHECKING:  # the judging process looks here for files, and has no use for torch
    import torch

FACES = tuple(
    f"{family}{style}.ttf"
    for family, styles in {
        "DejaVuSans": ("", "-Bold", "-Oblique", "-BoldOblique"),
        "DejaVuSansMono": ("", "-Bold"),
        "DejaVuSerif": ("", "-Bold", "-Italic"),
        "STIXGeneral": ("", "Bol", "Italic"),
        "cmss10": ("",),
        "cmtt10": ("",),
    }.items()
    for style in styles
)
"""Fonts that come with matplotlib."""
SIZE = 28
"""Height and width of a picture, in pixels."""
HOME = "GRADER_PICTURES"
"""The environment variable that names the folder in which pictures are kept once they are made."""
asked: set[tuple[int, int]] = set()
"""What was asked for in this process and is to be kept, each as (count, seed)."""
ASKED = "import json, grader.lesson.pictures\nprint(json.dumps(sorted(grader.lesson.pictures.asked)))"
"""A cell that prints the above, as a lesson's own run ends with it."""


def digits(count: int, seed: int, *, keep: bool = True) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of the digits 0 to 9, in random order; the same seed gives the same pictures.

    Made in a few seconds, and kept in a folder (`folder`) so that this is done once. Every answer can read what is kept, and
    the labels with it: pictures for a hidden check are not kept.

    Returns:
        images: (count, 1, 28, 28), float32, from 0 (black) to 1 (white).
        labels: (count,), int64.
    """
    import safetensors.torch

    path = _path(count, seed)
    if keep:
        asked.add((count, seed))
    try:
        made = safetensors.torch.load(path.read_bytes())  # in a sandbox no file may be mapped into memory that is shared
    except (OSError, safetensors.SafetensorError):
        made = _draw(count, seed)
        if keep:
            _keep(made, path)
    return made["images"].float() / 255, made["labels"]


def prepare(asked: Iterable[tuple[int, int]]) -> None:
    """Make the pictures that a lesson was seen to ask for, each as (count, seed), where they are not kept yet: a sandbox can
    read them, and keep none.

    Raises:
        CourseError: they can't be drawn.
    """
    for count, seed in asked:
        if _path(count, seed).exists():
            continue
        made = subprocess.run(
            [sys.executable, "-m", "grader.lesson.pictures", str(count), str(seed)], capture_output=True, text=True
        )
        if made.returncode:
            why = (made.stderr.strip().splitlines() or [f"exit code {made.returncode}"])[-1]
            raise CourseError(f"The pictures digits({count}, seed={seed}) of this lesson can't be drawn: {why}")


def fashion_mnist(root: str | Path) -> tuple[Any, Any]:
    """Fashion-MNIST, training and test pictures, as `torchvision.datasets.FashionMNIST`, from files that lie in `root`.

    Raises:
        RuntimeError: they do not, or there is no torchvision. `torchvision.datasets.FashionMNIST(root, download=True)`
            fetches them, 30 MB.
    """
    import torch

    if find_spec("torchvision") is None:
        raise RuntimeError(say("no_torchvision", python=sys.executable, torch=torch.__version__.partition("+")[0]))
    vision = torchvision()
    to_tensor = vision.transforms.v2.Compose(
        [vision.transforms.v2.ToImage(), vision.transforms.v2.ToDtype(torch.float32, scale=True)]
    )
    train, test = (vision.datasets.FashionMNIST(root, train=train, transform=to_tensor) for train in (True, False))
    return train, test


@cache
def torchvision() -> Any:
    """The package torchvision, also where a build for GPUs lies beside a build of PyTorch for CPUs.

    Two operators of such a torchvision are missing, and its import fails. It is enough to say what they would look like.
    Only then: a torchvision that brings its operators aborts the process when they are defined already.
    """
    try:
        import torchvision
    except RuntimeError:
        _define_operators()
        # What the failed import left behind would be taken for the package.
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        import torchvision
    import torchvision.datasets
    import torchvision.transforms.v2

    return torchvision


_defined: list[Any] = []
"""What keeps operators defined: they last as long as the library that defined them."""


def _define_operators() -> None:
    import torch

    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in (
        "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
        "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    ):
        if not hasattr(torch.ops.torchvision, schema.partition("(")[0]):
            library.define(schema)
    _defined.append(library)


def folder() -> Path:
    """Where pictures are kept: what the environment variable says, or a folder of this user's cache."""
    if HOME in os.environ:
        return Path(os.environ[HOME])
    base = Path.home() / "Library" / "Caches" if sys.platform == "darwin" else Path.home() / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME", base)) / "torch-exercise-kit"


def _path(count: int, seed: int) -> Path:
    return folder() / f"digits-{_recipe()}-{count}-{seed}.safetensors"


@cache
def _recipe() -> str:
    """A digest of all that decides a picture's bytes: this file, and the packages that draw."""
    text = Path(__file__).read_text(encoding="utf-8")
    packages = [f"{name} {version(name)}" for name in ("torch", "matplotlib", "pillow")]
    return hashlib.sha256("\0".join([text, *packages]).encode()).hexdigest()[:12]


def _keep(made: dict[str, torch.Tensor], path: Path) -> None:
    """Write pictures so that a reader sees all or nothing. Where nothing can be written, they are made each time."""
    import safetensors.torch

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        safetensors.torch.save_file(made, partial)
        partial.replace(path)
    except (OSError, safetensors.SafetensorError):
        pass


def _draw(count: int, seed: int) -> dict[str, torch.Tensor]:
    """Images (count, 1, 28, 28), uint8, and labels (count,), int64."""
    import torch

    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.manual_seed(seed)
        labels = torch.arange(count) % 10
        labels = labels[torch.randperm(count)]
        faces = torch.randint(len(FACES), (count,))
        plain = _plain()
        images = torch.stack([_spoilt(plain[face, label]) for face, label in zip(faces, labels, strict=True)])
        brightness = 0.7 + 0.3 * torch.rand(count, 1, 1, 1)
        noise = torch.randn(images.shape) * 0.12 * torch.rand(count, 1, 1, 1)
    images = (images * brightness + noise).clamp(0, 1)
    return {"images": (images * 255).round().to(torch.uint8), "labels": labels}


def _spoilt(picture: torch.Tensor) -> torch.Tensor:
    """A picture (1, 28, 28) as a hand might have written it: moved and leaning, half of them bent, most of them blurred."""
    import torch

    picture = _moved(picture)
    if torch.rand(1) < 0.5:
        picture = _bent(picture)
    if torch.rand(1) < 0.6:
        picture = _blurred(picture, 3, _between(0.3, 1.0))
    return picture


def _between(low: float, high: float) -> float:
    import torch

    return torch.empty(1).uniform_(low, high).item()


def _moved(picture: torch.Tensor) -> torch.Tensor:
    """Turned by up to 12 degrees, shifted by up to two pixels, scaled by 0.85 to 1.15, leaning by up to 10 degrees."""
    import torch

    angle = math.radians(_between(-12, 12))
    shift = torch.tensor([[round(_between(-0.07 * SIZE, 0.07 * SIZE))] for _ in "xy"], dtype=torch.float64)
    scale = _between(0.85, 1.15)
    lean_x, lean_y = (math.tan(math.radians(_between(-limit, limit))) for limit in (10, 4))
    turned = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]], dtype=torch.float64)
    leaning = torch.tensor([[1, -lean_x], [-lean_y, 1 + lean_x * lean_y]], dtype=torch.float64)
    back = torch.linalg.inv(scale * turned @ leaning)  # where a pixel of the new picture was in the old one
    back = torch.cat([back, -back @ shift], dim=1).float() / (SIZE / 2)
    places = torch.linspace((1 - SIZE) / 2, (SIZE - 1) / 2, SIZE)
    y, x = torch.meshgrid(places, places, indexing="ij")
    before = torch.stack([x, y, torch.ones_like(x)], dim=-1).reshape(1, -1, 3) @ back.T
    return _sampled(picture, before.reshape(1, SIZE, SIZE, 2), "nearest")


def _bent(picture: torch.Tensor) -> torch.Tensor:
    """Each pixel taken from a place nearby, and from places alike where pixels are neighbors."""
    import torch

    noise = [torch.rand(1, SIZE, SIZE) * 2 - 1 for _ in "xy"]
    moves = torch.stack([_blurred(each, 33, 4.0)[0] * 14.0 / SIZE for each in noise], dim=-1)
    places = torch.linspace((1 - SIZE) / SIZE, (SIZE - 1) / SIZE, SIZE)
    y, x = torch.meshgrid(places, places, indexing="ij")
    return _sampled(picture, (torch.stack([x, y], dim=-1) + moves)[None], "bilinear")


def _blurred(picture: torch.Tensor, width: int, sigma: float) -> torch.Tensor:
    """Gaussian blur of a picture (1, 28, 28), with a kernel of width × width."""
    import torch
    from torch.nn import functional

    reach = (width - 1) / math.sqrt(8)  # half the width over √2, so that the exponent needs no 2
    bell = torch.softmax(-((torch.linspace(-reach, reach, width) / sigma) ** 2), dim=0)
    padded = functional.pad(picture, [width // 2] * 4, mode="reflect")
    return functional.conv2d(padded, (bell[:, None] * bell)[None, None])


def _sampled(picture: torch.Tensor, places: torch.Tensor, mode: str) -> torch.Tensor:
    """The picture at places (1, 28, 28, 2), each x and y from -1 to 1; beyond its edges it is black."""
    import torch
    from torch.nn import functional

    both = torch.cat([picture, torch.ones_like(picture)])[None]
    values, inside = functional.grid_sample(both, places, mode=mode, align_corners=False)[0]
    sampled: torch.Tensor = (values * inside)[None]
    return sampled


@contextmanager
def _one_thread() -> Iterator[None]:
    """Pictures are small: threads that share them out among themselves take many times as long."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@cache
def _plain() -> torch.Tensor:
    """Each digit in each face, in the middle of its picture: (faces, 10, 1, 28, 28), float32 from 0 to 1."""
    import matplotlib
    import torch
    from PIL import Image, ImageDraw, ImageFont

    home = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pictures = []
    for face in FACES:
        font = ImageFont.truetype(str(home / face), 22)
        for digit in "0123456789":
            picture = Image.new("L", (SIZE, SIZE))
            ImageDraw.Draw(picture).text((SIZE / 2, SIZE / 2), digit, fill=255, font=font, anchor="mm")
            pictures.append(torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8))
    return torch.stack(pictures).float().div(255).reshape(len(FACES), 10, 1, SIZE, SIZE)


if __name__ == "__main__":
    digits(int(sys.argv[1]), int(sys.argv[2]))
