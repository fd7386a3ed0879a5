// The requirements of the spec, as spec/requirements.json lists them. Read by the runner; used by
// the reports, which put the sentence before the id, and by `explain`. Values; any thread.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace cmb::conformance::report {

struct Requirement {
  std::string id;
  std::string level;  // MUST, SHOULD, MAY.
  std::vector<std::string> roles;
  std::string profile;
  std::string verification;  // wire, upper tester, every case, smoke, inspection, model.
  std::string why;           // Of an inspection: why no test can see it.
  std::string sentence;
  std::string chapter;  // File, from the top of the project.
  int line = 0;
  int order = 0;  // From basic to advanced: what rests on what.

  std::string Place() const;  // "chapter:line".
  // The level as the sentence words it: MUST NOT where it forbids.
  std::string LevelWord() const;
};

class RequirementIndex {
 public:
  RequirementIndex() = default;
  explicit RequirementIndex(std::vector<Requirement> requirements);

  // Null: there is none of this id.
  const Requirement* Find(const std::string& id) const;
  const std::map<std::string, Requirement>& all() const { return by_id_; }

 private:
  std::map<std::string, Requirement> by_id_;
};

// The error is one sentence that names the file.
std::variant<RequirementIndex, std::string> ReadRequirements(const std::string& path);

}  // namespace cmb::conformance::report
