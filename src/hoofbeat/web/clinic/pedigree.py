"""Lays a pedigree out for drawing: generations in rows, couples beside each other, children under their parents.

Pure: people in, positions and lines out, the same for the same people in the same order. What holds always: everybody
is drawn once, nobody on top of somebody, every child in a lower row than both parents.

1. Rows: a child is below its parents; a couple shares a row where that is possible.
2. Order in a row: lines are followed downwards from the oldest, the father's side first; the child that joins two
   families stands where they meet.
3. Places: each row is moved, again and again, towards its children and its parents without changing the order; the
   least-squares places that keep the distance are those of isotonic regression (pool adjacent violators).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

STEP_X, STEP_Y, MARGIN, SIZE = 116.0, 142.0, 64.0, 40.0
ROUNDS = 40  # enough that places no longer move by a visible amount in the families we drew
LANE = 9.0  # between sibling lines that would lie on each other


@dataclass(frozen=True)
class Person:
    """Somebody of the pedigree; parents that are not in it are None."""

    key: Hashable
    label: str
    sex: str = "unknown"
    affected: str = "unknown"
    deceased: bool = False
    is_proband: bool = False
    father: Hashable = None
    mother: Hashable = None


@dataclass(frozen=True)
class Symbol:
    """Where somebody is drawn: the middle of their symbol, and their row from the top."""

    person: Person
    x: float
    y: float
    row: int


@dataclass(frozen=True)
class Line:
    """A straight line; `kind` is couple, kin (two lines: the couple has an ancestor in common), or descent."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True)
class Drawing:
    """The whole pedigree."""

    width: float
    height: float
    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Family:
    """Parents (one or two) and their children, in the given order."""

    parents: tuple[Hashable, ...]
    children: tuple[Hashable, ...]


def lay_out(people: Iterable[Person]) -> Drawing:
    """The drawing of a family. Parents that are not among the people are left away; a circle of parents is cut."""
    known = _without_circles(people)
    if not known:
        return Drawing(0, 0, (), ())
    families = _families(known)
    rows = _rows(known, families)
    order = _order(known, families, rows)
    places = _places(order, families)
    left = min(places.values())
    symbols = {
        key: Symbol(known[key], MARGIN + (places[key] - left) * STEP_X, MARGIN + rows[key] * STEP_Y, rows[key])
        for row in order
        for key in row
    }
    width = max(one.x for one in symbols.values()) + MARGIN
    height = MARGIN + max(rows.values()) * STEP_Y + MARGIN + 24
    return Drawing(width, height, tuple(symbols.values()), tuple(_lines(known, families, symbols)))


def ancestors(known: Mapping[Hashable, Person], key: Hashable) -> set[Hashable]:
    """Everybody above somebody, themselves not."""
    seen: set[Hashable] = set()
    waiting = [key]
    while waiting:
        one = known[waiting.pop()]
        new = [up for up in (one.father, one.mother) if up in known and up not in seen]
        seen.update(new)
        waiting += new
    return seen


def _without_circles(people: Iterable[Person]) -> dict[Hashable, Person]:
    """By key; a parent that descends from the child, or that is not drawn, is taken as not known."""
    known: dict[Hashable, Person] = {}
    given = {one.key: one for one in people}
    for key, one in given.items():
        known[key] = Person(key, one.label, one.sex, one.affected, one.deceased, one.is_proband)
    for key, one in given.items():
        for role in ("father", "mother"):
            parent = getattr(one, role)
            if parent in known and parent != key and key not in ancestors(known, parent):
                now = known[key]
                up = {"father": now.father, "mother": now.mother} | {role: parent}
                if up["father"] is None or up["father"] != up["mother"]:
                    known[key] = Person(
                        key, now.label, now.sex, now.affected, now.deceased, now.is_proband, up["father"], up["mother"]
                    )
    return known


def _families(known: Mapping[Hashable, Person]) -> list[_Family]:
    children: dict[tuple[Hashable, ...], list[Hashable]] = {}
    for key, one in known.items():
        parents = tuple(up for up in (one.father, one.mother) if up is not None)
        if parents:
            children.setdefault(parents, []).append(key)
    return [_Family(parents, tuple(found)) for parents, found in children.items()]


def _rows(known: Mapping[Hashable, Person], families: Sequence[_Family]) -> dict[Hashable, int]:
    rows = dict.fromkeys(known, 0)
    # A couple of which one is above the other (seldom, but drawn all the same) cannot share a row.
    level = [
        family for family in families
        if len(family.parents) == 2 and not any(
            one in ancestors(known, other) for one, other in (family.parents, family.parents[::-1])
        )
    ]  # fmt: skip
    # Each round settles at least one generation; two chains of couples that pull each other down stop at the bound.
    for _ in range(len(known) + 1):
        before = dict(rows)
        for family in level:
            lower = max(rows[one] for one in family.parents)
            rows.update(dict.fromkeys(family.parents, lower))
        for family in families:
            below = max(rows[one] for one in family.parents) + 1
            for child in family.children:
                rows[child] = max(rows[child], below)
        if rows == before:
            break
    _settle(rows, known, families)
    _pull_down(rows, known, families, level)
    used = {row: number for number, row in enumerate(sorted(set(rows.values())))}
    return {key: used[row] for key, row in rows.items()}


def _settle(rows: dict[Hashable, int], known: Mapping[Hashable, Person], families: Sequence[_Family]) -> None:
    """Children below their parents, whatever the couples came to; ends because there is no circle."""
    for _ in known:
        for family in families:
            below = max(rows[one] for one in family.parents) + 1
            for child in family.children:
                rows[child] = max(rows[child], below)


def _pull_down(
    rows: dict[Hashable, int], known: Mapping[Hashable, Person], families: Sequence[_Family], level: Sequence[_Family]
) -> None:
    """Those without parents stand right above their children and not at the top of the page."""
    first_child: dict[Hashable, int] = {}
    partners: dict[Hashable, set[Hashable]] = {}
    for family in families:
        for one in family.parents:
            first_child[one] = min(first_child.get(one, 10**6), *(rows[child] for child in family.children))
    for family in level:
        for one in family.parents:
            partners.setdefault(one, set()).update(set(family.parents) - {one})
    rootless = [key for key, one in known.items() if one.father is None and one.mother is None and key in first_child]
    for key in rootless:
        group = _joined(key, partners)
        if all(known[one].father is None and known[one].mother is None for one in group):
            target = min(first_child[one] for one in group) - 1
            if target > max(rows[one] for one in group):
                rows.update(dict.fromkeys(group, target))


def _joined(key: Hashable, partners: Mapping[Hashable, set[Hashable]]) -> set[Hashable]:
    group, waiting = {key}, [key]
    while waiting:
        new = partners.get(waiting.pop(), set()) - group
        group |= new
        waiting += new
    return group


def _order(
    known: Mapping[Hashable, Person], families: Sequence[_Family], rows: Mapping[Hashable, int]
) -> list[list[Hashable]]:
    """The people of each row from left to right."""
    order: list[list[Hashable]] = [[] for _ in range(max(rows.values()) + 1)]
    drawn: set[Hashable] = set()
    of_parent: dict[Hashable, list[_Family]] = {}
    for family in families:
        for one in family.parents:
            of_parent.setdefault(one, []).append(family)

    def draw(key: Hashable) -> None:
        if key not in drawn:
            drawn.add(key)
            order[rows[key]].append(key)

    def meets(child: Hashable) -> bool:
        """Whether a child's partner comes from a family that is drawn too."""
        partners = {one for family in of_parent.get(child, []) for one in family.parents if one != child}
        return any(known[one].father is not None or known[one].mother is not None for one in partners)

    def follow(key: Hashable) -> None:
        # A stack of our own would read worse; depth is the number of generations.
        own = of_parent.get(key, [])
        partners = [one for family in own for one in family.parents if one != key]
        if len(partners) > 1 and key not in drawn:
            draw(partners[0])
        draw(key)
        for partner in partners:
            draw(partner)
        for family in [*own, *(more for one in partners for more in of_parent[one] if more not in own)]:
            new = [child for child in family.children if child not in done]
            done.update(new)
            for child in sorted(new, key=meets):
                follow(child)

    done: set[Hashable] = set()
    for root in _roots(known):
        if root not in done:
            done.add(root)
            follow(root)
    for key in known:
        draw(key)
    return order


def _roots(known: Mapping[Hashable, Person]) -> list[Hashable]:
    """Those without parents: first the patient's line, the father's side before the mother's."""
    found: list[Hashable] = []

    def up(key: Hashable) -> None:
        one = known[key]
        if one.father is None and one.mother is None and key not in found:
            found.append(key)
        for parent in (one.father, one.mother):
            if parent is not None:
                up(parent)

    for key, one in known.items():
        if one.is_proband:
            up(key)
    return found + [key for key, one in known.items() if one.father is None and one.mother is None and key not in found]


def _places(order: Sequence[Sequence[Hashable]], families: Sequence[_Family]) -> dict[Hashable, float]:
    places = {key: float(number) for row in order for number, key in enumerate(row)}

    def middle(keys: Iterable[Hashable]) -> float:
        found = [places[key] for key in keys]
        return sum(found) / len(found)

    def move(rows: Iterable[Sequence[Hashable]], wish: Callable[[_Family], tuple[Sequence[Hashable], float]]) -> None:
        wishes: dict[Hashable, list[float]] = {}
        for family in families:
            who, by = wish(family)
            for key in who:
                wishes.setdefault(key, []).append(by)
        for row in rows:
            wanted = [places[key] + (sum(wishes[key]) / len(wishes[key]) if key in wishes else 0.0) for key in row]
            places.update(zip(row, _spread(wanted), strict=True))

    for _ in range(ROUNDS):
        for row in reversed(order):
            move([row], lambda family: (family.parents, middle(family.children) - middle(family.parents)))
        for row in order:
            move([row], lambda family: (family.children, middle(family.parents) - middle(family.children)))
    return places


def _spread(wanted: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones (least squares) that keep the order and a distance of 1."""
    pools: list[tuple[float, int]] = []
    for number, place in enumerate(wanted):
        mean, count = place - number, 1
        while pools and pools[-1][0] > mean:
            other, many = pools.pop()
            mean, count = (mean * count + other * many) / (count + many), count + many
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [place + number for number, place in enumerate(flat)]


def _lines(
    known: Mapping[Hashable, Person], families: Sequence[_Family], symbols: Mapping[Hashable, Symbol]
) -> Iterable[Line]:
    lanes: dict[int, list[tuple[float, float, int]]] = {}
    for family in families:
        parents = [symbols[one] for one in family.parents]
        children = [symbols[one] for one in family.children]
        lower = max(parents, key=lambda one: one.row)
        start_x, start_y = lower.x, lower.y + SIZE / 2
        if len(parents) == 2:
            one, other = sorted(parents, key=lambda parent: parent.x)
            kin = _are_kin(known, *family.parents)
            yield Line(one.x + SIZE / 2, one.y, other.x - SIZE / 2, other.y, "kin" if kin else "couple")
            if one.row == other.row:
                start_x, start_y = (one.x + other.x) / 2, one.y
        first_row = min(child.row for child in children)
        left, right = min(start_x, *(c.x for c in children)), max(start_x, *(c.x for c in children))
        taken = {lane for low, high, lane in lanes.get(first_row, []) if low < right and left < high}
        lane = next(number for number in range(len(taken) + 1) if number not in taken)
        lanes.setdefault(first_row, []).append((left, right, lane))
        bar = MARGIN + first_row * STEP_Y - SIZE / 2 - 22 - LANE * lane
        yield Line(start_x, start_y, start_x, bar, "descent")
        if right > left:
            yield Line(left, bar, right, bar, "descent")
        for child in children:
            yield Line(child.x, bar, child.x, child.y - SIZE / 2, "descent")


def _are_kin(known: Mapping[Hashable, Person], one: Hashable, other: Hashable) -> bool:
    return bool((ancestors(known, one) | {one}) & (ancestors(known, other) | {other}))
