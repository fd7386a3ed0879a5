"""The checks of a message that no record holds, in the order of the spec (5.2)."""

from generated import Code, MsgType
from wire import ROUTER_ID, is_of_this_version, is_reserved

LONGEST_ID_BYTES = 255
MOST_PAIRS = 32  # Of metadata.


def is_question(header):
    """Whether a QUERY passes the first three rows: what a TRACKED router answers by a REPLY."""
    return (header.msg_type == MsgType.QUERY and is_of_this_version(header)
            and is_message_id(header.message_id)
            and list(header.targets) == [ROUTER_ID])


def first_failed_check(settings, channel, header, payload_bytes, has_room, tracked=False):
    """The code of the first check that fails, or 0. CMB-RTR-003.

    Whether there is a route is the last check: only ZeroMQ can tell.
    """
    if not is_of_this_version(header):
        return Code.UNSUPPORTED_VERSION
    if header.msg_type != MsgType.MESSAGE:
        # A QUERY that a TRACKED router does not answer names another module, or has too long an id.
        return (Code.VALIDATION_ERROR if tracked and header.msg_type == MsgType.QUERY
                else Code.UNSUPPORTED_MESSAGE_TYPE)
    if (not is_message_id(header.message_id) or not header.attempt
            or len(header.targets) != 1 or not is_module_id(header.targets[0])):
        return Code.VALIDATION_ERROR
    if not header.ttl_ms:
        return Code.TTL_EXPIRED
    if header.ttl_ms > settings.max_ttl_ms or len(header.metadata) > MOST_PAIRS:
        return Code.VALIDATION_ERROR
    if payload_bytes > settings.payload_bytes:
        return Code.OVERSIZE_PAYLOAD
    if header.channel != channel:
        return Code.CHANNEL_MISMATCH
    if not has_room:
        return Code.BUFFER_FULL
    return 0


def is_message_id(text):
    return len(text.encode()) <= LONGEST_ID_BYTES and not is_reserved(text)


def is_module_id(text):
    return (0 < len(text.encode()) <= LONGEST_ID_BYTES and text[0] != "\0"
            and not is_reserved(text))
