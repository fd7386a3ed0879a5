"""The store of a DURABLE peer: one file, to which every change is appended and flushed.

An entry is a length, a checksum and a pickled {key: image}, None for what is gone.
An entry that was torn by the end of the process was promised to nobody: it ends
the file. Nobody but this peer reads it. Spec: chapter persistence and recovery.
"""

import os
import pickle
import struct
import zlib

HEAD = struct.Struct("<II")


class Journal:
    """Opens, or makes, the journal in a directory. Raises OSError if it cannot."""

    def __init__(self, directory):
        path = os.path.join(directory, "journal")
        self._images = {}
        self._file = open(path, "a+b", buffering=0)  # pylint: disable=consider-using-with
        self._file.seek(0)
        self._load(self._file.read())

    def _load(self, data):
        at = 0
        while at + HEAD.size <= len(data):
            length, checksum = HEAD.unpack_from(data, at)
            entry = data[at + HEAD.size:at + HEAD.size + length]
            if len(entry) < length or zlib.crc32(entry) != checksum:
                break
            self._apply(pickle.loads(entry))
            at += HEAD.size + length
        self._file.truncate(at)

    def _apply(self, changes):
        for key, image in changes.items():
            if image is None:
                self._images.pop(key, None)
            else:
                self._images[key] = image

    def images(self):
        """key -> image, of everything that is kept."""
        return {key: pickle.loads(image) for key, image in self._images.items()}

    def write(self, images):
        """Returns when every image is on the medium. None: it is forgotten."""
        changes = {key: image if image is None else pickle.dumps(image)
                   for key, image in images.items()}
        changes = {key: image for key, image in changes.items() if self._images.get(key) != image}
        if not changes:
            return
        entry = pickle.dumps(changes)
        self._file.write(HEAD.pack(len(entry), zlib.crc32(entry)) + entry)
        os.fdatasync(self._file.fileno())
        self._apply(changes)

    def clear(self):
        self._images.clear()
        self._file.truncate(0)
        os.fdatasync(self._file.fileno())

    def close(self):
        self._file.close()
