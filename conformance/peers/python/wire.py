"""Frames to headers and back: the only reader and writer of bytes.

Strict, because Protobuf alone is not: it takes a known field with a wrong wire
type for an unknown one. Nothing here judges who may say what.
"""

import warnings

from google.protobuf.message import DecodeError

from generated import AckType, CognitiveMessage, MsgType, Status

ROUTER_ID = "@router"
SCHEMA_VERSION = 1
LARGEST_BATCH = 256  # ACKs that an ack_batch may hold.
LARGEST_HEADER = 65536  # Bytes that every peer takes, and that nobody exceeds.
LARGEST_PING = 65536  # Bytes of the payload of a PING or a PONG.
LONGEST_MS = 3_155_760_000_000  # A hundred years; a longer ttl_ms or hold_ms counts as that.

# AckType -> the statuses it may have. Any other pair is an UNKNOWN_VALUE.
LEGAL_STATUS = {
    AckType.ROUTER_ACK: {Status.SUCCESS, Status.REJECTED},
    AckType.DELIVERY_ACK: {Status.SUCCESS, Status.FAILURE},
    AckType.EXECUTION_ACK: {Status.SUCCESS, Status.FAILURE, Status.REJECTED, Status.IN_PROGRESS},
    AckType.PROGRESS_ACK: {Status.IN_PROGRESS},
    AckType.TIMEOUT: {Status.FAILURE},
    AckType.CANCEL: {Status.UNSPECIFIED},
    AckType.RECEIPT: {Status.SUCCESS, Status.REJECTED},
}

_TAIL = b"\x08\x01"  # schema_version: 1

# Protobuf would warn of what parse finds by itself.
warnings.simplefilter("ignore", RuntimeWarning)


class Malformed(Exception):
    """Bytes that are no message of this protocol; the text says what is wrong."""


def decode(frames, header_bytes=65536):
    """Returns the header of a multipart message, or raises Malformed. CMB-WIRE-017."""
    if len(frames) != 2:
        raise Malformed(f"{len(frames)} frames instead of two")
    if not frames[0]:
        raise Malformed("empty header")
    if len(frames[0]) > header_bytes:
        raise Malformed("the header is longer than the limit")
    header = parse(frames[0])
    _check_wire_types(header)
    return header


def parse(data):
    """A header as Protobuf reads it, unless it stops before the end."""
    header = CognitiveMessage()
    try:
        header.ParseFromString(data)  # Refuses bad UTF-8 as well.
        # A group end that nothing began, or a field 0, ends the parser without an
        # error: then it does not get to what is written behind.
        complete = CognitiveMessage().ParseFromString(data + _TAIL) == len(data) + len(_TAIL)
    except DecodeError:
        complete = False
    if not complete:
        raise Malformed("the header does not parse")
    return header


def _check_wire_types(message):
    for field in message.UnknownFields():
        if field.field_number in message.DESCRIPTOR.fields_by_number:
            raise Malformed(f"field {field.field_number} has a wrong wire type")
    for field, value in message.ListFields():
        if field.message_type:
            for part in value if field.label == field.LABEL_REPEATED else [value]:
                _check_wire_types(part)


def is_reserved(name):
    """Whether it begins like a PING's id, or like a name that no module may have."""
    return name.startswith("@")


def is_of_this_version(header):
    """CMB-VER-013: whoever knows no extension knows no number in critical."""
    return header.schema_version == SCHEMA_VERSION and not header.critical


def check_ids(header):
    """Raises Malformed where a header lacks what it needs to be spoken of."""
    if not header.source:
        raise Malformed("no source")
    if header.msg_type == MsgType.ACK:
        _check_acks(header)
    elif header.msg_type in (MsgType.PONG, MsgType.REPLY):
        if not header.correlation_id:
            raise Malformed("no correlation_id")
    elif not header.message_id:
        raise Malformed("no message_id")


def _check_acks(header):
    if header.HasField("ack") == header.HasField("ack_batch"):
        raise Malformed("an ACK needs exactly one of ack and ack_batch")
    if header.HasField("ack"):
        check_ack(header.ack)
    elif not 1 <= len(header.ack_batch.acks) <= LARGEST_BATCH:  # Each of them is checked alone.
        raise Malformed(f"an ack_batch of {len(header.ack_batch.acks)}")


def check_ack(ack):
    if not ack.correlation_id or not ack.attempt:
        raise Malformed("an ack without correlation_id or attempt")


def ack_header(source, target, ack_type, status, correlation_id, attempt, **fields):
    """A header with one ack. `fields` are further fields of the Ack."""
    header = CognitiveMessage(
        schema_version=SCHEMA_VERSION, msg_type=MsgType.ACK, source=source, targets=[target])
    ack = header.ack
    ack.ack_type = ack_type
    ack.status = status
    ack.correlation_id = correlation_id
    ack.attempt = attempt
    for name, value in fields.items():
        if isinstance(value, (list, tuple)):
            getattr(ack, name).extend(value)
        else:
            setattr(ack, name, value)
    return header


def pong_header(source, ping):
    return _answer(MsgType.PONG, source, ping)


def reply_header(source, query, reply):
    header = _answer(MsgType.REPLY, source, query)
    header.reply.CopyFrom(reply)
    return header


def _answer(msg_type, source, asked):
    return CognitiveMessage(schema_version=SCHEMA_VERSION, msg_type=msg_type, source=source,
                            targets=[asked.source], correlation_id=asked.message_id)


def without_acks(header):
    """What the ACKs of one header share: everything else in it."""
    rest = CognitiveMessage()
    rest.CopyFrom(header)
    rest.ClearField("ack")
    rest.ClearField("ack_batch")
    return rest
