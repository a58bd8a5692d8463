"""Pictures of pages: PNG, JPEG, TIFF with several pages, and what else Pillow opens safely."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

from ..model import Page
from .events import Event, Job, Progress
from .ocr import recognise
from .unreadable import Unreadable, damaged, too_many_pages

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")


def parse_image(job: Job) -> Iterator[Event]:
    """One page a frame. Sizes are looked at before a pixel is unpacked."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit, checked below, answers for all formats alike
    try:
        with Image.open(job.path, formats=_FORMATS) as image:
            frames = int(getattr(image, "n_frames", 1))
            if frames > job.limits.pages:
                raise too_many_pages(job.name, frames, job.limits.pages)
            for number in range(1, frames + 1):
                image.seek(number - 1)
                _check_size(image, job)
                page = recognise(image, job.limits.seconds)
                yield Page(number=number, text=page.text, confidence=page.confidence)
                yield Progress(number, frames)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise damaged(job.name) from error


def _check_size(image: Image.Image, job: Job) -> None:
    if image.width * image.height > job.limits.image_pixels:
        most = int(job.limits.image_pixels / 1e6)
        raise Unreadable(
            "too_large",
            f"Ảnh “{job.name}” có {image.width} × {image.height} điểm, tối đa {most} triệu: hãy quét lại ở 300 dpi.",
        )
