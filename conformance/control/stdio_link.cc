// The control channel over standard input and output: one message is one line of JSON.
#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "conformance/control/control_faults.h"
#include "conformance/control/control_link.h"

namespace cmb::conformance {
namespace {

using control::v1::FromHarness;
using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageToJsonString;

constexpr std::size_t kShownOfLine = 60;

// `text` on one line: what is no printable ASCII as \xNN.
std::string Printable(std::string_view text) {
  std::string shown;
  for (const char letter : text.substr(0, kShownOfLine)) {
    const auto byte = static_cast<unsigned char>(letter);
    shown += byte >= 0x20 && byte < 0x7f ? std::string(1, letter) : fmt::format("\\x{:02x}", byte);
  }
  return text.size() > kShownOfLine ? shown + "…" : shown;
}

std::variant<FromHarness, std::string> Parse(const std::string& line) {
  FromHarness message;
  const auto status = JsonStringToMessage(line, &message);
  if (!status.ok()) {
    return fmt::format("a line that is no FromHarness in JSON ({}): {}",
                       Printable(std::string(status.message())), Printable(line));
  }
  return message;
}

class StdioLink final : public ControlLink {
 public:
  std::string address() const override { return kStdio; }
  std::string_view framing() const override { return kOneLine; }
  std::span<void* const> handles() const override { return {}; }

  std::string Encode(const control::v1::Request& request) const override {
    std::string line;
    // Every string in it is UTF-8, or it would be no message.
    return MessageToJsonString(request, &line).ok() ? line : "";
  }

  bool Send(const std::string&, const std::string& encoded, ChildProcess& child) override {
    return !encoded.empty() && child.WriteLine(encoded);
  }

  std::optional<Incoming> Receive(ChildProcess& child) override {
    auto line = child.TakeLine();
    return line ? std::optional(Incoming{"", Parse(*line)}) : std::nullopt;
  }
};

}  // namespace

std::unique_ptr<ControlLink> MakeStdioLink() { return std::make_unique<StdioLink>(); }

}  // namespace cmb::conformance
