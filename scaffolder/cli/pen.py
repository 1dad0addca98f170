"""Lines for a console of any width and any encoding; whoever prints them needs to fold nothing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console
    from rich.text import Text

_ASCII = {
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Writes styled lines that `console` can show."""

    console: Console

    @property
    def width(self) -> int:
        """The cells of a line."""
        return self.console.width

    def carries(self, text: str) -> bool:
        """Tell whether the console's encoding has all these characters."""
        try:
            text.encode(self.console.encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True

    def plain(self, text: str) -> str:
        """Return the text with what the encoding lacks put in ASCII, or escaped."""
        return text if self.carries(text) else "".join(map(self._nearest, text))

    def _nearest(self, character: str) -> str:
        if self.carries(character):
            return character
        letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        escaped = character.encode("ascii", "backslashreplace").decode()
        return _ASCII.get(character) or letters or escaped

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """Return one text of parts, each with or without a style."""
        from rich.text import Text

        styled = ((part, "") if isinstance(part, str) else part for part in parts)
        return Text.assemble(*((self.plain(part), style) for part, style in styled))

    def fold(self, text: Text, indent: int = 0) -> Iterator[Text]:
        """Yield the text in lines that fit, each indented."""
        indent = min(indent, self.width // 2)
        for line in text.wrap(self.console, self.width - indent, overflow="fold"):
            line.rstrip()
            yield self.text(" " * indent).append_text(line)

    def entry(self, lead: Text, body: Text, indent: int, hang: int) -> Iterator[Text]:
        """Yield `lead`, and `body` in a column `hang` cells further, below a lead that is long."""
        column = min(indent + hang, self.width // 2)
        rest = self.fold(body, column)
        if indent + lead.cell_len < column and body:
            first = next(rest)
            gap = " " * (column - indent - lead.cell_len)
            yield self.text(" " * indent).append_text(lead).append(gap).append_text(first[column:])
        else:
            yield from self.fold(lead, indent)
        yield from rest if body else ()

    def show(self, lines: Iterable[Text]) -> None:
        """Print lines, which fit already, as they are."""
        for line in lines:
            self.console.print(line, no_wrap=True, overflow="ignore", crop=False)
