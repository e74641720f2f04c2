"""What a figure was measured on."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def description() -> str:
    """Date, processor, cores, memory and Python, on one line."""
    processor = platform.processor() or platform.machine()
    memory = ""
    if (info := Path("/proc/cpuinfo")).exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        processor = names[0] if names else processor
        total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
        memory = f", {int(total.split()[1]) / 1e6:.0f} GB"
    today = datetime.now(UTC).date().isoformat()
    return (
        f"{today}, {processor}, {os.cpu_count()} cores{memory}, {platform.system()}, Python {platform.python_version()}"
    )
