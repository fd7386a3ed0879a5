// Gives each worker a processor of its own. Suite and IUT wait for each other in turn, so that
// one processor is enough for both, and waking who waits on the same one costs least.
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace cmb::conformance::runner {

class Processors {
 public:
  // Those that this process may use.
  Processors();
  // Binds the calling thread to the next of them, and what it starts from now on: threads and
  // programs. Without effect where that is not allowed.
  void BindThread();
  // The calling thread may use them all again, and nothing is bound from now on: on a wall clock
  // everybody waits for an instant, and nobody for another one.
  void Release();

 private:
  std::vector<int> usable_;
  std::atomic<std::size_t> bound_{0};
  std::atomic<bool> released_{false};
};

}  // namespace cmb::conformance::runner
