// A file to which a process that may be killed at any instant notes what it did,
// a line at a time.
//
// Threads: any. Spec: none, this is for tests of durability.
#pragma once

#include <string>

namespace cmb::reference {

class NoteFile {
 public:
  // Makes it, or goes on with it. Throws std::runtime_error.
  explicit NoteFile(const std::string& path);
  ~NoteFile();
  NoteFile(const NoteFile&) = delete;
  NoteFile& operator=(const NoteFile&) = delete;

  // The line, short and without its end, is in the file when this returns, or
  // nothing of it is: a process that is killed never leaves half of one. Ends the
  // process where the file cannot be written, since what it did next would be
  // done unseen.
  void Add(const std::string& line);

 private:
  std::string path_;
  int fd_;
};

}  // namespace cmb::reference
