// File descriptors that a poll loop waits on besides its sockets: one that
// another thread rings, and one that SIGTERM and SIGINT ring.
//
// Threads: WakeUp::Ring from any; everything else from the loop's. Spec: none,
// this is how a program here ends and is woken.
#pragma once

namespace cmb::reference {

class WakeUp {
 public:
  // Throws std::system_error.
  WakeUp();
  ~WakeUp();
  WakeUp(const WakeUp&) = delete;
  WakeUp& operator=(const WakeUp&) = delete;

  void Ring();
  // Makes the descriptor quiet again.
  void Clear();
  int fd() const { return fd_; }

 private:
  int fd_;
};

// Takes SIGTERM and SIGINT from the whole process and offers them as a
// readable descriptor. Make it before any other thread starts, a ZeroMQ
// context's included, so that all of them leave the signals to it.
class StopSignals {
 public:
  // Throws std::system_error.
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Number of the signal that has come; 0: none.
  int Take();
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace cmb::reference
