"""One fuzzed input: a box, plain or sealed. Its checksums are mended, so that the fuzzer gets past them."""

import sys
import zlib

import atheris

with atheris.instrument_imports(include=["guildry.ops.schemas.hive"]):
    from guildry.ops.schemas import hive
    from guildry.ops.schemas.hive import Kind, UserType

BOOK = hive.Book(
    UserType(0, "Point", Kind.CLASS), UserType(1, "Colour", Kind.ENUM), UserType(2, "Blob", Kind.OPAQUE)
)
KEY = hive.Cipher(bytes(range(32)))


def framed(body: bytes, seed: int) -> bytes:
    head = (len(body) + 8).to_bytes(4, "little") + body
    return head + zlib.crc32(head, seed).to_bytes(4, "little")


def once(data: bytes) -> None:
    """Fail when reading raises, bytes go missing, or a value does not survive being written again."""
    kind, rest = data[:1], data[1:]
    cipher = KEY if kind in (b"\1", b"\3") else None
    if kind in (b"\0", b"\1"):
        value = KEY.seal(rest, bytes(16)) if cipher else rest
        rest = framed(b"\1\1a" + value, cipher.key_crc if cipher else 0)
    box = hive.read_box(rest, book=BOOK, cipher=cipher)
    assert sum(frame.length for frame in box.frames) + (box.damage.lost if box.damage else 0) == len(rest)
    assert len(hive.salvaged(box).contents) <= len(rest)
    for frame in box.live.values():
        if not frame.unread:
            again = hive.write_frame(frame, cipher=cipher, vector=frame.vector, seed=frame.seed)
            read = hive.read_frame(again, book=BOOK, cipher=cipher)
            assert hive.write_frame(read, cipher=cipher, vector=read.vector, seed=read.seed) == again


if __name__ == "__main__":
    atheris.Setup(sys.argv, once)
    atheris.Fuzz()
