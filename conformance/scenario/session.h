// One load: its report, the defaults read so far, the ids seen so far. Private
// to the loader; not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/scenario/document.h"
#include "conformance/scenario/inheritance.h"
#include "conformance/scenario/scenario_files.h"

namespace cmb::conformance::scenario {

class Session {
 public:
  // Gets every document, the broken ones without cases.
  using Consumer = std::function<void(LoadedDocument&)>;

  explicit Session(const Knowledge& knowledge) : knowledge_(knowledge), inheritance_(report_) {}

  // Files and directories; a file named twice is loaded once.
  void LoadPaths(const std::vector<std::string>& paths, const std::string& root,
                 const Consumer& consume);
  // A document with its defaults merged in.
  // `broken`: its file is no proper YAML, so no case comes of it.
  void LoadOne(const Node& document, const std::string& path_id, bool broken,
               const Consumer& consume);

  // Everything but the cases.
  LoadResult Finish();
  Report& report() { return report_; }

 private:
  void LoadFile(const File& file, const Consumer& consume);
  void CheckId(const std::string& id, const Where& where);
  void CheckIds(const Node& document, const LoadedDocument& loaded);

  const Knowledge& knowledge_;
  Report report_;
  Inheritance inheritance_;
  std::map<std::string, Where> ids_;
  std::vector<DocumentInfo> infos_;
};

}  // namespace cmb::conformance::scenario
