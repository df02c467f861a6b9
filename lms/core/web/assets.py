"""Static files: one style sheet and a few small scripts, compressed once, named by content, cached for good."""

from __future__ import annotations

import functools
import hashlib
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

OURS = Path(__file__).parent / "static"


@functools.cache
def build_id() -> str:
    """Twelve hex digits that change when any static file does."""
    digest = hashlib.sha256(bootstrap_css().encode())
    for path in sorted(OURS.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@functools.cache
def bootstrap_css() -> str:
    """Bootstrap's style sheet as Bootstrap-Flask ships it."""
    root = Path(str(files("flask_bootstrap"))) / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
    return root.read_text(encoding="utf-8")


def asset(name: str) -> str:
    """The address of a static file."""
    return f"/static/{build_id()}/{name}"


def install(app: Flask, folder: Path) -> None:
    """Serve the static files from `folder`, built there when this build is not there yet."""
    built = folder / build_id()
    if not built.exists():
        _build(built)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(built),
        prefix=f"static/{build_id()}/",
        immutable_file_test=lambda *_: True,
        allow_all_origins=False,
    )
    app.jinja_env.globals["asset"] = asset


def _build(built: Path) -> None:
    """Make the build beside its place and move it there whole. Earlier ones stay: a server may still serve them."""
    built.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=built.parent, prefix="part-"))
    shutil.copytree(OURS, part, dirs_exist_ok=True)
    bundle = part / "app.css"
    bootstrap = bootstrap_css().split("/*# sourceMappingURL")[0]
    bundle.write_text(f"{bootstrap}\n{bundle.read_text(encoding='utf-8')}", encoding="utf-8")
    compressor = Compressor(quiet=True)
    for path in sorted(part.iterdir()):
        if compressor.should_compress(path.name):
            for _written in compressor.compress(str(path)):
                pass
    part.chmod(0o755)
    try:
        part.rename(built)
    except OSError:  # another process was quicker
        shutil.rmtree(part)
