// Module ids that no other case has, for a router that remembers what earlier cases did: in headers
// each name becomes another one of the same length, so that no bound of lengths is met elsewhere,
// and back. Bytes are changed and nothing is decoded, so that what is malformed stays so and what a
// router passes on byte for byte comes back as it was. Values; one thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cmb::conformance {

// Names shorter than this have too few others.
inline constexpr std::size_t kLeastRenamed = 5;

// Whether it is made of so many letters, digits and the like: any other would do as well.
bool IsRenamable(const std::string& name);

class Renaming {
 public:
  Renaming() = default;
  // REQUIRES: each IsRenamable.
  explicit Renaming(const std::vector<std::string>& names);

  // To the router and back. A name that is not renamed is itself.
  std::string Out(const std::string& name) const { return Find(out_, name); }
  std::string Back(const std::string& name) const { return Find(back_, name); }

  // The same of every field of a header that is such a name.
  void HeaderOut(std::string& header) const { Replace(out_, header); }
  void HeaderBack(std::string& header) const { Replace(back_, header); }

 private:
  using Table = std::map<std::string, std::string>;
  static std::string Find(const Table& table, const std::string& name);
  static void Replace(const Table& table, std::string& header);

  Table out_, back_;
};

}  // namespace cmb::conformance
