"""Has LibreOffice make the old formats of these tests, as an office in a district would."""

from __future__ import annotations

import subprocess
from pathlib import Path


def convert(soffice: str, source: Path, suffix: str, folder: Path, form: str = "") -> Path:
    """`source` saved by LibreOffice in the format of `suffix`. form : name of the export filter where the suffix is not enough."""
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            f"{suffix}:{form}" if form else suffix,
            "--outdir",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / f"{source.stem}.{suffix}"
