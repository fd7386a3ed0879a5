"""The byte vectors of proto/wire, read by this peer's codec."""

import os
import unittest

import yaml

from wire import Malformed, decode

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../proto/wire/vectors")


def vectors(name):
    with open(os.path.join(VECTORS, name), encoding="utf-8") as file:
        return yaml.safe_load(file)["vectors"]


class WireTest(unittest.TestCase):
    def test_every_valid_header_is_taken_and_written_back_byte_for_byte(self):
        for vector in vectors("valid.yaml"):
            with self.subTest(vector["name"]):
                header = bytes.fromhex(vector["header"])
                self.assertEqual(decode([header, b""]).SerializeToString(), header)

    def test_every_invalid_message_is_malformed(self):
        for vector in vectors("invalid.yaml"):
            with self.subTest(vector["name"]), self.assertRaises(Malformed):
                decode([bytes.fromhex(frame) for frame in vector["frames"]])


if __name__ == "__main__":
    unittest.main()
