"""How the runner is spoken to: a DEALER, or lines of JSON on standard input and output.

Spec: chapter control channel, connection.
"""

import os
import sys

import zmq
from google.protobuf import json_format
from google.protobuf.message import DecodeError

from generated import control

STDIN = 0
STDIO = "stdio"  # Value of CMB_CONTROL.


class DealerLink:
    """One Protobuf message is one part."""

    def __init__(self, context, address):
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.connect(address)

    def transmit(self, message):
        self.transmit_bytes(message.SerializeToString())

    def transmit_bytes(self, data):
        self.socket.send(data)

    def requests(self):
        """What has come, each with why it is no request, or "": one."""
        request = control.Request()
        try:
            request.ParseFromString(self.socket.recv())
        except DecodeError as error:
            return [(control.Request(), str(error))]
        return [(request, "")]

    def last_reply(self):
        self.socket.linger = 500  # It shall get out.


class StdioLink:
    """One message is one line of JSON. Whatever else prints, prints to stderr."""

    def __init__(self):
        self.socket = STDIN
        self._out = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._read = b""
        self.ended = False

    def transmit(self, message):
        self.transmit_bytes(json_format.MessageToJson(message, indent=None).encode())

    def transmit_bytes(self, data):
        data += b"\n"
        while data:
            data = data[os.write(self._out, data):]

    def requests(self):
        more = os.read(STDIN, 1 << 16)
        self.ended = not more
        *lines, self._read = (self._read + more).split(b"\n")
        return [self._parse(line) for line in lines]

    @staticmethod
    def _parse(line):
        request = control.Request()
        try:
            json_format.Parse(line, request)
        except (json_format.ParseError, UnicodeDecodeError, TypeError) as error:
            return control.Request(), str(error)
        return request, ""

    def last_reply(self):
        pass
