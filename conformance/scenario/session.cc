#include "conformance/scenario/session.h"

#include <set>
#include <utility>

#include "conformance/scenario/lint.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::scenario {

void Session::LoadPaths(const std::vector<std::string>& paths, const std::string& root,
                        const Consumer& consume) {
  std::vector<File> files;
  for (const std::string& path : paths) {
    FindFiles(path, root, files, report_);
  }
  std::set<std::string> seen;
  for (const File& file : files) {
    if (seen.insert(file.path).second) {
      LoadFile(file, consume);
    }
  }
}

void Session::LoadFile(const File& file, const Consumer& consume) {
  const auto text = ReadWholeFile(file.path);
  if (!text) {
    report_.Error({file.path, 1, 1}, ErrorNumber::kYaml, "cannot be read");
    return;
  }
  const std::size_t before = report_.error_count();
  const auto documents = ReadYaml(*text, file.path, report_);
  if (documents.empty() && report_.error_count() == before) {
    report_.Error({file.path, 1, 1}, ErrorNumber::kShape, "holds no scenario");
  }
  const bool broken = report_.error_count() != before;
  for (const Node& document : documents) {
    LoadOne(inheritance_.Apply(document, file.root, file.path), PathId(file), broken, consume);
  }
}

void Session::LoadOne(const Node& document, const std::string& path_id, bool broken,
                      const Consumer& consume) {
  LoadedDocument loaded = LoadDocument(document, knowledge_, broken, report_);
  LintDocument(document, path_id, report_);
  CheckIds(document, loaded);
  infos_.push_back(loaded.info);
  consume(loaded);
}

LoadResult Session::Finish() {
  LintTitles(infos_, report_);
  LoadResult result;
  result.documents = std::move(infos_);
  result.errors = report_.TakeErrors();
  result.refusals = report_.TakeRefusals();
  result.findings = report_.TakeFindings();
  return result;
}

void Session::CheckId(const std::string& id, const Where& where) {
  const auto [first, is_new] = ids_.try_emplace(id, where);
  if (!is_new) {
    report_.Error(where, ErrorNumber::kRepeatedId,
                  "the id " + id + " stands also at " + ToString(first->second));
  }
}

void Session::CheckIds(const Node& document, const LoadedDocument& loaded) {
  const Node* id = document.Find("id");
  if (id == nullptr || !id->IsScalar()) {
    return;
  }
  CheckId(id->text, id->where);
  for (const Case& one : loaded.cases) {
    if (one.id != id->text) {
      CheckId(one.id, id->where);
    }
  }
}

}  // namespace cmb::conformance::scenario
