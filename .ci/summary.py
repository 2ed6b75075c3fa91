# SPDX-License-Identifier: GPL-3.0-or-later
"""Says how many tests ran and were left out in each layer, from pytest's JUnit files.

python .ci/summary.py build/report/unit.xml build/report/e2e.xml …

Exit status 1 when a test failed or a layer has no report, and, with CI set, when one was left out.
"""

from __future__ import annotations

import os
import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main() -> int:
    ran = failed = left_out = 0
    for path in map(Path, sys.argv[1:]):
        cases = list(ET.parse(path).iter("testcase")) if path.exists() else []
        skipped = [case for case in cases if case.find("skipped") is not None]
        broken = [c for c in cases if c.find("failure") is not None or c.find("error") is not None]
        print("%s: %d ran, %d left out" % (path.stem, len(cases) - len(skipped), len(skipped)))
        for reason in sorted({case.find("skipped").get("message", "") for case in skipped}):
            print("    left out: %s" % reason)
        ran, failed = ran + len(cases) - len(skipped), failed + len(broken) + (not cases)
        left_out += len(skipped)
    print("%d passed, %d failed, %d skipped" % (ran - failed, failed, left_out))
    return int(failed > 0 or (left_out > 0 and bool(os.environ.get("CI"))))


if __name__ == "__main__":
    sys.exit(main())
