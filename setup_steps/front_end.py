"""What Node fetches and builds: the pages' scripts and styles, and the faces of printed documents."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from documents import fonts
from setup_steps.node import Node
from setup_steps.progress import Progress, SetupError
from setup_steps.stamps import Stamp, files_below, stamp_of

TEMPLATE_FOLDERS = ("webapp", "forms")


@dataclass(frozen=True)
class FrontEnd:
    """The folders of a checkout in which Node has something to do."""

    root: Path
    progress: Progress

    @property
    def client(self) -> Path:
        """Return the folder of the TypeScript and CSS."""
        return self.root / "webapp" / "client"

    @property
    def fonts(self) -> Path:
        """Return the folder that names the package of faces."""
        return self.root / "documents" / "fonts"

    def is_bundled(self) -> bool:
        """Tell whether the bundles belong to the sources as they stand."""
        return self._bundle_stamp().is_fresh()

    def has_modules(self) -> bool:
        """Tell whether the packages are installed that building and testing need."""
        return self._modules_stamp().is_fresh()

    def has_faces(self) -> bool:
        """Tell whether the faces are there."""
        return self._faces_stamp().is_fresh() and fonts.is_installed(self.fonts / "faces")

    def install_modules(self, node: Node) -> None:
        """Install the client's packages from their lock."""
        stamp = self._modules_stamp()
        stamp.remove()
        with self.progress.step("安装前端库"):
            node.install("安装前端库", self.client, self.progress)
        stamp.put()

    def bundle(self, node: Node) -> None:
        """Build the scripts and styles that pages load."""
        if not self.has_modules():
            self.install_modules(node)
        stamp = self._bundle_stamp()
        stamp.remove()
        with self.progress.step("打包前端"):
            node.run("打包前端", ["build.mjs"], self.client, self.progress)
        stamp.put()

    def fetch_faces(self, node: Node) -> None:
        """Fetch the two faces that documents embed, and drop the rest of their package."""
        stamp = self._faces_stamp()
        stamp.remove()
        with self.progress.step("下载文书字体"):
            node.install("下载文书字体", self.fonts, self.progress)
            _copy_faces(self.fonts)
            shutil.rmtree(self.fonts / "node_modules", ignore_errors=True)
        stamp.put()

    def _bundle_stamp(self) -> Stamp:
        product = self.root / "webapp" / "static" / "dist"
        pages = [
            page
            for folder in TEMPLATE_FOLDERS
            for page in files_below(self.root / folder)
            if page.suffix == ".html"  # templates name the icons that the bundle holds
        ]
        return stamp_of(product, "bundle", files=[*files_below(self.client), *pages])

    def _modules_stamp(self) -> Stamp:
        return stamp_of(self.client / "node_modules", "modules", files=[self.client / "package-lock.json"])

    def _faces_stamp(self) -> Stamp:
        return stamp_of(self.fonts / "faces", "faces", files=[self.fonts / "package-lock.json"])


def _copy_faces(folder: Path) -> None:
    try:
        fonts.install(folder / "node_modules", folder / "faces")
    except (OSError, fonts.FontsMissingError) as error:
        raise SetupError(f"字体没有拷成（{error}）") from error
