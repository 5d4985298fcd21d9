"""Messages as bytes: what is sent comes back as it was, and what somebody made up is refused by one kind of error."""

import io
import json
import random
import struct

import numpy as np
import pytest
import torch

from grader import wire
from grader.judge.observation import Malformed, Mapping, Node, Observation, Plain, Tensor, compact, decode, encode
from grader.lesson.inputs import generator
from grader.worker.observe import Answer, observe

TENSOR = b'{"kind":"tensor","dtype":"float32","shape":[2],"device":"cpu","data":0}'


def observation(answer, **inputs):
    """A real observation as bytes."""
    record = observe(lambda answer, **inputs: answer.f(**inputs), Answer({"f": answer}), inputs,
                     cotangents=generator("seed"), count=True, show_inputs=True)  # fmt: skip
    return wire.split({"case": 3, "kind": "different", **record})


def safetensors(header, data=b""):
    """A blob whose header says what we like."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


# There and back


def test_an_observation_comes_back_as_it_was_sent():
    def answer(X):
        print("hello")
        return {"rows": (X * 2, [True, "text", None])}

    back = decode(*observation(answer, X=torch.tensor([[1.0, 2.0]])), Observation)
    assert (back.case, back.kind, back.error, back.printed) == (3, "different", None, "hello\n")
    assert back.operations == {"mul": 1}
    doubled, plain = back.value.items["rows"].items
    assert (doubled.dtype, doubled.shape, doubled.data.tolist()) == ("float32", (1, 2), [[2.0, 4.0]])
    assert plain.items == [Plain("bool", "True"), Plain("str", "text"), Plain("NoneType", "None")]
    assert back.gradients["X"].data.shape == (1, 2)
    assert back.inputs["X"].data.tolist() == [[1.0, 2.0]]


def test_an_error_comes_back_with_its_type_and_message():
    back = decode(*observation(lambda X: X[5], X=torch.ones(1)), Observation)
    assert back.value is None
    assert back.error.type == "IndexError" and "LookupError" in back.error.bases


def test_encoding_what_was_decoded_gives_the_same_bytes():
    text, blob = observation(lambda X: [X.exp(), X > 1], X=torch.arange(6.0))
    again = encode(decode(text, blob, Observation))
    assert encode(decode(*again, Observation)) == again


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 3)), np.array(2.5), np.arange(4)[::2], np.arange(6).reshape(2, 3).T, np.array([True, False]),
        np.array([1, 2], dtype=np.uint8), np.array([np.nan, np.inf, -np.inf], dtype=np.float32),
        np.array([1, 2], dtype=np.float16),
    ],
)  # fmt: skip
def test_an_array_keeps_its_shape_dtype_and_numbers(array):
    text, blob = wire.split({"kind": "tensor", "dtype": "any", "shape": [1], "device": "cpu", "data": array})
    back = decode(text, blob, Tensor).data
    assert (back.shape, back.dtype) == (array.shape, array.dtype)
    assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")


def test_frames_are_read_one_after_the_other_until_the_stream_ends():
    stream = io.BytesIO()
    wire.write_frame(stream, {"do": "first"})
    wire.write_frame(stream, {"do": "second", "data": np.ones(3)})
    stream.seek(0)
    assert wire.read_frame(stream) == (b'{"do":"first"}', b"")
    text, blob = wire.read_frame(stream)
    assert json.loads(text) == {"do": "second", "data": 0}
    assert len(blob) > 0
    assert wire.read_frame(stream) is None


def test_text_in_any_script_comes_back():
    word = "größer als 学生 \N{SNOWMAN} \0 \x1b[31m"
    text, blob = wire.split({"kind": "plain", "type": "str", "value": word})
    assert decode(text, blob, Plain).value == word


def test_a_file_of_an_answer_key_has_one_value_a_line():
    text, _ = encode(Mapping({"a": Plain("int", "1"), "b": Plain("int", "2")}))
    assert json.loads(compact(text)) == json.loads(text)
    assert [line[:3] for line in compact(text).split("\n") if line.startswith(('"a"', '"b"'))] == ['"a"', '"b"']


# Refused


def test_what_is_no_data_does_not_get_into_a_message():
    with pytest.raises(TypeError, match="set does not belong in a message"):
        wire.split({"a": {1, 2}})


@pytest.mark.parametrize("message", [{"a": "x" * (wire.JSON_AT_MOST + 1)}, {"a": np.zeros(wire.BLOB_AT_MOST, np.int8)}])
def test_a_message_larger_than_its_reader_takes_is_not_sent(message):
    stream = io.BytesIO()
    with pytest.raises(wire.FrameError, match="too large"):
        wire.write_frame(stream, message)
    assert stream.getvalue() == b""


@pytest.mark.parametrize("announced", [(wire.JSON_AT_MOST + 1, 0), (0, wire.BLOB_AT_MOST + 1), (2**32 - 1, 2**32 - 1)])
def test_a_frame_that_announces_too_much_is_refused_before_it_is_read(announced):
    stream = io.BytesIO(struct.pack("!II", *announced) + b"x")
    with pytest.raises(wire.FrameError, match=f"announces {announced[0]} and {announced[1]} bytes"):
        wire.read_frame(stream)
    assert stream.read() == b"x"


@pytest.mark.parametrize("kept", range(wire.HEADER))
def test_a_stream_that_ends_within_a_header_has_no_more_frames(kept):
    assert wire.read_frame(io.BytesIO(b"\0" * kept)) is None


def test_a_frame_that_was_cut_off_is_malformed():
    stream = io.BytesIO()
    wire.write_frame(stream, {"kind": "tensor", "dtype": "float32", "shape": [2], "device": "cpu", "data": np.ones(2)})
    whole = stream.getvalue()
    for end in range(wire.HEADER, len(whole)):
        with pytest.raises(Malformed):
            decode(*wire.read_frame(io.BytesIO(whole[:end])), Tensor)


@pytest.mark.parametrize(
    "header",
    [
        {"0": {"dtype": "F32", "shape": [2], "data_offsets": [0, 800]}},
        {"0": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}},
        {"0": {"dtype": "F32", "shape": [200], "data_offsets": [0, 8]}},
        {"0": {"dtype": "F32", "shape": [2], "data_offsets": [-8, 0]}},
        {"0": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}},
        {"0": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 8]}},
        {"0": {"dtype": "F32", "shape": [0, 2**63], "data_offsets": [0, 0]}},
        {"0": {"dtype": "F32", "shape": [0] * 100, "data_offsets": [0, 0]}},
        {"0": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]}},
        {"0": {"dtype": "F4", "shape": [16], "data_offsets": [0, 8]}},
        {"0": {"dtype": "object", "shape": [1], "data_offsets": [0, 8]}},
        {"0": {}}, {"0": None}, {"1": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, {}, [], b"\xff", b"",
        b"{" * 100_000,
    ],
)  # fmt: skip
def test_a_blob_that_lies_about_itself_is_malformed(header):
    with pytest.raises(Malformed):
        decode(TENSOR, safetensors(header, b"\0" * 8), Tensor)


@pytest.mark.parametrize("blob", [b"", b"\0", b"\xff" * 8, struct.pack("<Q", 2**63) + b"{}", b"PK\x03\x04" + b"\0" * 20])
def test_a_blob_that_is_no_safetensors_is_malformed(blob):
    with pytest.raises(Malformed):
        decode(TENSOR, blob, Tensor)


@pytest.mark.parametrize(
    "text",
    [
        b"", b"\xff\xfe", b"{", b"nul", b"null", b"[]", b"{}", b'"text"', b"NaN", b"1e999", b'{"kind":"tensor"}',
        b'{"kind":"code","source":"1"}', b'{"kind":7}', b'{"kind":"plain","type":1,"value":"1"}',
        b'{"kind":"plain","type":"int"}',
        TENSOR.replace(b"0}", b"1}"), TENSOR.replace(b"0}", b"true}"), TENSOR.replace(b"0}", b'"0"}'),
        TENSOR.replace(b"0}", b"[0]}"), TENSOR.replace(b"[2]", b'["2"]'), TENSOR.replace(b"[2]", b"[2.5]"),
        TENSOR.replace(b"[2]", b"2"), b'{"kind":"plain","type":"str","value":"\\ud800"}',
    ],
)  # fmt: skip
def test_json_that_is_no_such_message_is_malformed(text):
    blob = safetensors({"0": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, b"\0" * 8)
    assert decode(TENSOR, blob, Node).shape == (2,)
    with pytest.raises(Malformed):
        decode(text, blob, Node)


@pytest.mark.parametrize("depth", [1000, 100_000])
@pytest.mark.parametrize(
    ("opened", "closed"), [("[", "]"), ('{"a":', "}"), ('{"kind":"sequence","type":"list","items":[', "]}")]
)
def test_json_that_is_nested_without_end_is_malformed(depth, opened, closed):
    text = (opened * depth + "0" + closed * depth).encode()
    for kind in (Node, Observation, list[Observation]):
        with pytest.raises(Malformed):
            decode(text, b"", kind)


@pytest.mark.parametrize("number", ["1e999", "1.5", '"3"', "null", "true"])
def test_an_observation_with_a_wrong_number_for_its_case_is_malformed(number):
    text, blob = observation(lambda X: X, X=torch.ones(1))
    with pytest.raises(Malformed):
        decode(text.replace(b'"case":3', f'"case":{number}'.encode()), blob, Observation)


def test_random_bytes_are_malformed_and_nothing_else():
    chance = random.Random(7)
    for _ in range(300):
        with pytest.raises(Malformed):
            decode(chance.randbytes(chance.randrange(200)), chance.randbytes(chance.randrange(200)), Observation)


def test_a_message_with_a_few_bytes_changed_is_read_or_malformed_and_nothing_else():
    text, blob = observation(lambda X: {"rows": [X, X > 0]}, X=torch.arange(6.0).reshape(2, 3))
    chance = random.Random(7)
    refused = 0
    for _ in range(300):
        parts = [bytearray(text), bytearray(blob)]
        for part in chance.choices(parts, k=3):
            part[chance.randrange(len(part))] = chance.randrange(256)
        try:
            decode(bytes(parts[0]), bytes(parts[1]), Observation)
        except Malformed:
            refused += 1
    assert 100 < refused < 300
