#include "reference/endurance/note_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace cmb::reference {

NoteFile::NoteFile(const std::string& path)
    : path_(path), fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (fd_ < 0) {
    throw std::runtime_error("cannot write " + path + ": " + std::strerror(errno));
  }
}

NoteFile::~NoteFile() { close(fd_); }

// One write of a short line to a file opened with O_APPEND is whole or not at
// all, whenever the process is killed.
void NoteFile::Add(const std::string& line) {
  const std::string whole = line + "\n";
  if (write(fd_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) {
    std::perror(path_.c_str());
    _exit(2);
  }
}

}  // namespace cmb::reference
