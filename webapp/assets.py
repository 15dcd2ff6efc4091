"""The bundled scripts, styles and icons, found by the manifest that the build writes."""

import json
from collections.abc import Mapping
from pathlib import Path

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


class AssetMissingError(Exception):
    """A template asks for a bundle that the build did not make."""


class Assets:
    """Name → hashed file. The manifest is read again when a new build has replaced it."""

    def __init__(self, folder: Path) -> None:
        self._manifest = folder / "manifest.json"
        self._read_at = 0
        self._files: Mapping[str, str] = {}

    def file(self, name: str) -> str:
        """Return the hashed file of a bundle.

        Raises: AssetMissingError when the build knows no such name, or was never run.
        """
        files = self._current()
        if name not in files:
            raise AssetMissingError(
                f"{name} is not in {self._manifest}; run `npm run build` in webapp/client"
            )
        return files[name]

    def _current(self) -> Mapping[str, str]:
        if not self._manifest.exists():
            return {}
        changed_at = self._manifest.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._files = json.loads(self._manifest.read_text(encoding="utf-8"))
            self._read_at = changed_at
        return self._files


def init_assets(app: Flask, folder: Path = DIST) -> None:
    """Give templates `asset('app.css')`, the address of a bundle."""
    assets = Assets(folder)

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{assets.file(name)}")

    app.jinja_env.globals["asset"] = asset
