#include "conformance/scenario/loader.h"

#include <filesystem>
#include <iterator>
#include <utility>

#include "conformance/scenario/session.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::scenario {
namespace {

Session::Consumer CollectInto(std::vector<Case>& cases) {
  return [&cases](LoadedDocument& loaded) {
    std::move(loaded.cases.begin(), loaded.cases.end(), std::back_inserter(cases));
  };
}

}  // namespace

LoadResult Load(const LoadRequest& request) {
  Session session(request.knowledge);
  std::vector<Case> cases;
  session.LoadPaths(request.paths, request.root, CollectInto(cases));
  LoadResult result = session.Finish();
  result.cases = std::move(cases);
  return result;
}

LoadResult LoadText(const std::string& text, const std::string& file, const Knowledge& knowledge) {
  Session session(knowledge);
  std::vector<Case> cases;
  const std::string id = std::filesystem::path(file).replace_extension().generic_string();
  const auto documents = ReadYaml(text, file, session.report());
  const bool broken = session.report().error_count() != 0;
  for (const Node& document : documents) {
    session.LoadOne(document, id, broken, CollectInto(cases));
  }
  LoadResult result = session.Finish();
  result.cases = std::move(cases);
  return result;
}

}  // namespace cmb::conformance::scenario
