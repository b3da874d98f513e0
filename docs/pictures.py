"""Makes the pictures of the documentation: page 1 of the sample's report, in both languages."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pypdfium2

from tazuna.commands.main import run

PICTURES = Path(__file__).parent / "pictures"
WIDTH = 1280


def main() -> None:
    """Make the sample and its reports in a temporary folder, and keep page 1 as PNG."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        run(["sample", str(study)])
        for language in ("ja", "en"):
            out = Path(folder) / language
            run(
                [
                    *("report", str(study), "--organisation", "C01", "--date", "2026-04-01"),
                    *("--lang", language, "--out", str(out)),
                ]
            )
            document = pypdfium2.PdfDocument(next(out.glob("*.pdf")))
            page = document[0]
            picture = page.render(scale=WIDTH / page.get_width()).to_pil()
            picture.save(PICTURES / f"report-page-1.{language}.png", optimize=True)
            document.close()


if __name__ == "__main__":
    main()
