"""Which elements of a list share columns: keys of very different size do not."""

from __future__ import annotations

import math

from gopatch.go._syntax import Syntax


class Sizes:
    """exprList's rule: keys of very different size are not aligned (go/printer, r = 2.5)."""

    def __init__(self) -> None:
        self.size = 0
        self.count = 0
        self.sum = 0.0

    def breaks(self, element: Syntax, gap: bool) -> bool:
        previous = self.size
        one = b"\n" not in element.text
        pair = element.kind == "keyed_element" and element.children
        self.size = 0
        if one:
            self.size = len(
                (element.children[0] if pair else element).text.decode("utf8", "replace")
            )
        use = True
        if previous > 0 and self.size > 0:
            if self.count == 0 or (previous <= 40 and self.size <= 40):
                use = False
            else:
                ratio = self.size / math.exp(self.sum / self.count)
                use = ratio * 2.5 <= 1 or ratio >= 2.5
        if use or gap:
            self.sum, self.count = 0.0, 0
        if self.size > 0:
            self.sum += math.log(self.size)
            self.count += 1
        return use
