"""Puts carried values back where they stood in the source, although findings may have been merged or moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hoofbeat.cases import Carried


@dataclass(slots=True)
class CarryBack:
    """Values go back into `tree`. `moved` says which list member now holds what stood at a place (`/diseases/3`)."""

    tree: dict[str, Any]
    moved: Mapping[str, Any]
    added: dict[str, Any] = field(default_factory=dict)

    def put(self, carried: Iterable[Carried]) -> None:
        """Put all values back; one that would replace something mapped is left out."""
        for one in carried:
            self._put(one)

    def _put(self, one: Carried) -> None:
        keys = [part.replace("~1", "/").replace("~0", "~") for part in one.path.split("/")[1:]]
        node: Any = self.tree
        place = ""
        for number, key in enumerate(keys):
            place = f"{place}/{key}"
            last = number == len(keys) - 1
            new: Any = one.value if last else ([] if number + 1 in one.lists else {})
            if isinstance(node, dict) and number not in one.lists:
                node = node.setdefault(key, new)
            elif isinstance(node, list) and number in one.lists:
                node = self._member(node, place, int(key), new, top=number == 1)
            else:
                return

    def _member(self, members: list[Any], place: str, index: int, new: Any, *, top: bool) -> Any:
        """The list member that stands for a place of the source, made where there is none."""
        if place in self.moved:
            return self.moved[place]
        if place in self.added:
            return self.added[place]
        if not top and index < len(members):
            return members[index]
        members.append(new)
        self.added[place] = new
        return new
