#include "conformance/runner/rerun.h"

#include <vector>

#include "conformance/runner/options/iut_options.h"
#include "conformance/runner/options/router_options.h"

namespace cmb::conformance::runner {

std::string Rerun(const Options& options, const std::string& case_id) {
  std::vector<std::string> words{options.program, "run"};
  for (const std::string& path : options.scenarios) {
    words.insert(words.end(), {"--scenarios", path});
  }
  if (!options.spec.empty()) {
    words.insert(words.end(), {"--spec", options.spec});
  }
  const auto of_iut = IutWords(options);
  words.insert(words.end(), of_iut.begin(), of_iut.end());
  const auto of_router = RouterWords(options);
  words.insert(words.end(), of_router.begin(), of_router.end());
  if (options.time_scale != 0) {
    words.insert(words.end(), {"--time-scale", std::to_string(options.time_scale)});
  }
  if (options.longest_s != Options{}.longest_s) {
    words.insert(words.end(), {"--longest", std::to_string(options.longest_s)});
  }
  words.insert(words.end(), {"--seed", std::to_string(options.seed), "--run", case_id});
  if (!options.iut.empty()) {
    words.emplace_back("--");
    words.insert(words.end(), options.iut.begin(), options.iut.end());
  }
  return ShellQuoted(words);
}

}  // namespace cmb::conformance::runner
