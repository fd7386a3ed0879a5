// Broken invariants of the cores end the process, in every build: a core that
// goes on with a record it does not understand would lie about messages.
// Peers' errors are never judged with it.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace cmb::lifecycle {

inline void Check(bool holds, const char* sentence) {
  if (!holds) {
    std::fprintf(stderr, "lifecycle: broken invariant: %s\n", sentence);
    std::abort();
  }
}

}  // namespace cmb::lifecycle
