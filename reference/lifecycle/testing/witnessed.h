// Runs what asserts with RC_ASSERT outside of a property: a breach is printed and aborts,
// which is how a fuzz target fails. Header-only; used by fuzz targets alone.
#pragma once

#include <rapidcheck.h>

#include <cstdio>
#include <cstdlib>

namespace cmb::lifecycle::testing {

template <typename Run>
void Witnessed(Run run) {
  try {
    run();
  } catch (const rc::detail::CaseResult& breach) {
    std::fprintf(stderr, "%s\n", breach.description.c_str());
    std::abort();
  }
}

}  // namespace cmb::lifecycle::testing
