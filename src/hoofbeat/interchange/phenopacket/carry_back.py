"""Puts carried values back where they stood in the source, although findings may have been merged or moved since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hoofbeat.cases import Carried

# Objects whose keys are free texts, which may look like the number of a list member.
_MAPS = frozenset({"fileAttributes", "individualToFileIdentifiers"})


@dataclass(slots=True)
class CarryBack:
    """Values go back into `tree`. `moved` says which list member now holds what stood at a place (`/diseases/3`)."""

    tree: dict[str, Any]
    moved: Mapping[str, Any]
    added: dict[str, Any] = field(default_factory=dict)

    def put(self, carried: Iterable[Carried]) -> None:
        """Put all values back; one that would replace something mapped is left out."""
        for one in carried:
            self._put([part.replace("~1", "/").replace("~0", "~") for part in one.path.split("/")[1:]], one.value)

    def _put(self, keys: list[str], value: object) -> None:
        node: Any = self.tree
        place = ""
        for number, key in enumerate(keys):
            place = f"{place}/{key}"
            last = number == len(keys) - 1
            follower: Any = value if last else self._container(key, keys[number + 1])
            if isinstance(node, dict):
                following = node.setdefault(key, follower)
            elif isinstance(node, list) and key.isdigit():
                following = self._member(node, place, int(key), follower, top=number == 1)
            else:
                return
            if last:
                return
            node = following

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

    def _container(self, key: str, following: str) -> Any:
        return [] if following.isdigit() and key not in _MAPS else {}
