"""Goal 10: MDN's HTTP Observatory grades every class of pages."""

import subprocess
import sys

from tools.observatory.__main__ import LEAST, PAGES, WANTED

from bench.platform.figures import Figure, told


def main() -> int:
    """Let the scanner in `tools/observatory` grade the pages and count those that are good."""
    scan = subprocess.run(
        [sys.executable, "-m", "tools.observatory"], stdout=subprocess.PIPE, text=True, check=False
    )
    sys.stdout.write(scan.stdout)
    good = sum(line.startswith("ok ") for line in scan.stdout.splitlines())
    seen = f"{good} classes of pages graded {WANTED} with {LEAST} points or more"
    return told([Figure(seen, f"exactly {len(PAGES)}", good == len(PAGES) and scan.returncode == 0)])


if __name__ == "__main__":
    sys.exit(main())
