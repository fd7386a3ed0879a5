// Any text as a scenario file: it loads, or every error says what and where; and no case
// comes of a document that has one.
#include <string>

#include "conformance/scenario/loader.h"
#include "proto/wire/fuzzing.h"

namespace cmb::conformance::scenario {
namespace {

using wire::MustHold;

// The project's own; the working directory is its top.
const Knowledge& TheKnowledge() {
  static const Knowledge knowledge = [] {
    std::vector<Diagnostic> errors;
    Knowledge read = ReadKnowledge("spec/requirements.json", "spec/choices.yaml", &errors);
    MustHold(errors.empty(), "run it at the top of the project");
    return read;
  }();
  return knowledge;
}

void TryText(const std::string& text) {
  const LoadResult result = LoadText(text, "x.yaml", TheKnowledge());
  MustHold(result.cases.empty() || result.errors.empty() || result.documents.size() > 1,
           "no case comes of a document with an error");
  for (const Diagnostic& error : result.errors) {
    MustHold(error.number >= 1 && error.number <= 11, "the list of errors has eleven kinds");
    MustHold(error.where.line >= 1 && error.where.column >= 1, "an error has a place");
    MustHold(!error.sentence.empty(), "an error has a sentence");
  }
  const LoadResult again = LoadText(text, "x.yaml", TheKnowledge());
  MustHold(again.cases == result.cases && again.errors == result.errors, "loading has one outcome");
}

}  // namespace
}  // namespace cmb::conformance::scenario

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::conformance::scenario::TryText(std::string(cmb::wire::Pieces(data, size).TakeRest()));
  return 0;
}
