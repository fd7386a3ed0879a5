"""The checks of a message that no record holds, in the order of the spec (5.2)."""

from generated import Code, MsgType
from wire import SCHEMA_VERSION

LONGEST_ID_BYTES = 255


def first_failed_check(settings, channel, header, payload_bytes, queued):
    """The code of the first check that fails, or 0. CMB-RTR-003.

    Whether there is a route is the last check: only ZeroMQ can tell.
    """
    if header.schema_version != SCHEMA_VERSION:
        return Code.UNSUPPORTED_VERSION
    if header.msg_type != MsgType.MESSAGE:
        return Code.UNSUPPORTED_MESSAGE_TYPE
    if (len(header.message_id.encode()) > LONGEST_ID_BYTES or not header.attempt
            or len(header.targets) != 1 or not is_module_id(header.targets[0])):
        return Code.VALIDATION_ERROR
    if not header.ttl_ms:
        return Code.TTL_EXPIRED
    if header.ttl_ms > settings.max_ttl_ms:
        return Code.VALIDATION_ERROR
    if payload_bytes > settings.payload_bytes:
        return Code.OVERSIZE_PAYLOAD
    if header.channel != channel:
        return Code.CHANNEL_MISMATCH
    if queued >= settings.queue_per_target:
        return Code.BUFFER_FULL
    return 0


def is_module_id(text):
    return 0 < len(text.encode()) <= LONGEST_ID_BYTES and text[0] != "\0"
