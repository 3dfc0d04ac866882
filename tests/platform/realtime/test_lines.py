"""Frames as RFC 6455 wants them, read back by a client library."""

import json

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from guildry.platform.realtime.gateway import lines


def parsed(frames: bytes) -> list[Frame]:
    """Return the frames that a client of another maker reads."""
    reader = StreamReader()
    reader.feed_data(frames)
    reader.feed_eof()
    found = []
    while reader.buffer:
        reading = Frame.parse(reader.read_exact, mask=False)
        try:
            while True:
                next(reading)
        except StopIteration as done:
            found.append(done.value)
    return found


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 70000])
def test_a_text_frame_of_every_length_is_read_back_whole(length: int) -> None:
    payload = b"x" * length

    (frame,) = parsed(lines.text_frame(payload))

    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, payload)


@pytest.mark.parametrize(("length", "head"), [(125, 2), (126, 4), (65535, 4), (65536, 10)])
def test_lengths_take_the_fewest_bytes(length: int, head: int) -> None:
    assert len(lines.text_frame(b"x" * length)) == length + head


def test_an_event_names_its_namespace_but_for_the_first() -> None:
    (frame,) = parsed(lines.event_frame("/timeline", "post.new", {"post_id": 7, "text": "Grüße"}))
    (at_root,) = parsed(lines.event_frame("/", "hello", {}))

    assert bytes(frame.data).startswith(b'42/timeline,["post.new",')
    assert json.loads(bytes(frame.data)[12:]) == ["post.new", {"post_id": 7, "text": "Grüße"}]
    assert bytes(at_root.data) == b'42["hello",{}]'


def test_several_frames_written_as_one_are_several() -> None:
    written = lines.event_frame("/me", "bye", {"reason": "slow"}) + lines.disconnect_frame("/me")

    assert [bytes(frame.data) for frame in parsed(written)] == [b'42/me,["bye",{"reason":"slow"}]', b"41/me,"]
