"""Where a comment stands in its thread: a path of serial numbers that sorts in reading order."""

MAX_DEPTH = 3
_SEGMENT = 6


def path_below(parent: str, serial: int) -> str:
    """Return the path of comment number `serial` of its post; below the deepest level it stands beside its parent."""
    stem = parent[: (MAX_DEPTH - 1) * _SEGMENT]
    return f"{stem}{serial:0{_SEGMENT}x}"


def depth_of(path: str) -> int:
    """Return 1 for a comment on the post itself, 2 for an answer to it, and so on."""
    return len(path) // _SEGMENT
