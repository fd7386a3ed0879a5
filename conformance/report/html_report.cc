#include "conformance/report/html_report.h"

#include <zlib.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "conformance/report/html_page.h"
#include "conformance/report/json_report.h"
#include "conformance/transcript/base64.h"

namespace cmb::conformance::report {
namespace {

std::string Deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
            reinterpret_cast<const Bytef*>(text.data()), text.size(), Z_BEST_SPEED);
  packed.resize(size);
  return packed;
}

// JSON within a script of HTML: no word of it may look like the end of one.
std::string Inert(const std::string& json) {
  std::string text;
  for (const char letter : json) {
    text += letter == '<' ? std::string("\\u003c") : std::string(1, letter);
  }
  return text;
}

// The page up to `mark`, which it then no longer has.
std::string_view Before(std::string_view& page, std::string_view mark) {
  const std::size_t at = page.find(mark);
  const std::string_view before = page.substr(0, at);
  page.remove_prefix(at + mark.size());
  return before;
}

}  // namespace

std::string Packed(const std::string& lines) { return Base64(Deflated(lines)); }

void WriteHtml(const RunReport& report, const std::map<std::string, std::string>& recordings,
               std::ostream& out) {
  std::string_view page = kHtmlPage;
  out << Before(page, "{{REPORT}}") << Inert(JsonText(report, -1));
  out << Before(page, "{{RECORDINGS}}") << Inert(nlohmann::json(recordings).dump()) << page;
}

}  // namespace cmb::conformance::report
