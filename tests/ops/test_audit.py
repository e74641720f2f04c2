"""scripts/audit: what it reads out of packages and out of pip-audit's answer."""

import re
from typing import Any

from ops.audit import page, vulnerabilities


def test_every_vulnerability_is_named_with_the_way_out() -> None:
    found: list[dict[str, Any]] = [
        {"name": "sound", "version": "1", "vulns": []},
        {"name": "broken", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3", "4"]}]},
        {"name": "hopeless", "version": "5", "vulns": [{"id": "CVE-2", "fix_versions": []}]},
        {"name": "unknown", "version": "6", "skip_reason": "not found"},
    ]

    assert list(vulnerabilities(found)) == [
        "broken 2: CVE-1, mended in 3, 4",
        "hopeless 5: CVE-2, mended in no version",
    ]


def test_a_package_that_the_locks_name_has_its_licence() -> None:
    named = dict(re.findall(r"^\| ([\w.-]+) \| [^|]+ \| (.+) \|$", page(), re.MULTILINE))

    assert named["fastapi"] == "MIT"
    assert named["rasa"] == "Apache Software License"
