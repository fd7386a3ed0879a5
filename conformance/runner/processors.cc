#include "conformance/runner/processors.h"

#include <sched.h>

namespace cmb::conformance::runner {

Processors::Processors() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  sched_getaffinity(0, sizeof usable, &usable);
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(processor, &usable)) {
      usable_.push_back(processor);
    }
  }
}

void Processors::BindThread() {
  if (usable_.empty() || released_) {
    return;
  }
  cpu_set_t own;
  CPU_ZERO(&own);
  CPU_SET(usable_[bound_++ % usable_.size()], &own);
  sched_setaffinity(0, sizeof own, &own);
}

void Processors::Release() {
  released_ = true;
  cpu_set_t all;
  CPU_ZERO(&all);
  for (const int processor : usable_) {
    CPU_SET(processor, &all);
  }
  sched_setaffinity(0, sizeof all, &all);
}

}  // namespace cmb::conformance::runner
