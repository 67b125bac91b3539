"""Pictures: opened by one of a few readers, turned upright, made smaller, and written anew without anything hidden."""

from pathlib import Path
from typing import Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from config.media import limits
from config.media.findings import Finding, Refused
from config.media.prints import prints_of

READERS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
LOSSLESS: Final = ("PNG", "GIF", "BMP")
JPEG_QUALITY: Final = 86

# The size is judged by our own limits, before anything is decoded.
Image.MAX_IMAGE_PIXELS = None


def clean(source: Path, target: Path) -> Finding:
    """Write the picture anew into `target`: pixels and nothing else; raises `Refused`."""
    try:
        with Image.open(source, formats=READERS) as picture:
            kind = str(picture.format)
            _check_size(picture, kind)
            made_at = _made_at(picture)
            upright = _decoded(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        raise Refused("damaged") from problem
    prints = prints_of(upright)
    if kind in LOSSLESS:
        upright.save(target, "PNG")
        return Finding("image/png", "png", prints=prints, made_at=made_at)
    upright.save(target, "JPEG", quality=JPEG_QUALITY)
    return Finding("image/jpeg", "jpg", prints=prints, made_at=made_at)


def _check_size(picture: Image.Image, kind: str) -> None:
    width, height = picture.size
    most = limits.JPEG_PIXELS if kind in ("JPEG", "MPO") else limits.PIXELS
    if width * height > most:
        raise Refused("too_many_pixels")


def _decoded(picture: Image.Image) -> Image.Image:
    """Return the first picture of the file, upright, on white, no larger than what is kept."""
    size = _fitting(picture.size)
    picture.draft("RGB", size)  # a JPEG is decoded at a half, a quarter or an eighth of its size
    picture.load()
    flat = _on_white(picture)
    if flat.size != size and flat.width * flat.height > limits.STORED_PIXELS:
        flat = flat.resize(size, Image.Resampling.LANCZOS)
    turned = ImageOps.exif_transpose(flat)
    return Image.frombytes("RGB", turned.size, turned.tobytes())  # no metadata comes along


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    share = min(1.0, (limits.STORED_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * share)), max(1, int(height * share))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        white.info["exif"] = picture.info.get("exif", b"")
        return white
    return picture.convert("RGB")


def _made_at(picture: Image.Image) -> str:
    """Return the moment that the camera wrote into the picture, as ISO text; empty where there is none."""
    details = picture.getexif().get_ifd(ExifTags.IFD.Exif)
    text = details.get(ExifTags.Base.DateTimeOriginal) or details.get(ExifTags.Base.DateTimeDigitized) or ""
    day, _blank, time = str(text).strip("\0 ").partition(" ")
    if len(day) != len("2026:03:02") or len(time) != len("09:00:00"):
        return ""
    return f"{day.replace(':', '-')}T{time}{str(details.get(ExifTags.Base.OffsetTimeOriginal) or '').strip()[:6]}"
