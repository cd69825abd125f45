"""axe-core on a page."""

from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async tags => {
  const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}});
  const told = nodes => nodes.map(node => node.html.slice(0, 160)).join(' | ');
  return found.violations.map(fault => `${fault.id}: ${told(fault.nodes)}`);
}"""


def violations(page: Any) -> list[str]:
    """What axe-core finds wrong by WCAG 2.2 A and AA; an empty list when nothing."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        # Injected as a value, not as a <script>: the content security policy stays as it is.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(RUN, TAGS)
