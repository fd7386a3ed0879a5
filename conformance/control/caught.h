// The edge of a thread: what is thrown there would end the process. Any thread.
#pragma once

#include <exception>
#include <string>

namespace cmb::conformance {

// What `work` threw, in words. Empty: nothing.
template <typename Work>
std::string Caught(Work work) {
  try {
    work();
    return "";
  } catch (const std::exception& thrown) {
    return std::string("the suite itself failed: ") + thrown.what();
  } catch (...) {
    return "the suite itself failed, and does not say why";
  }
}

}  // namespace cmb::conformance
