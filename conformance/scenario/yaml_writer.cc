#include "conformance/scenario/yaml_writer.h"

#include <fmt/format.h>

#include <string_view>

namespace cmb::conformance::scenario {
namespace {

// Whether the text may stand without quotes inside braces. Strict on purpose:
// quotes cost nothing, a wrong guess changes the meaning.
bool IsPlain(std::string_view text) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$/.()@+=> -";
  if (text.empty() || text.find_first_not_of(kSafe) != std::string_view::npos) {
    return false;
  }
  constexpr std::string_view kFirst =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$/+";
  if (kFirst.find(text.front()) == std::string_view::npos || text.back() == ' ') {
    return false;
  }
  return text != "null" && text != "Null" && text != "NULL";
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Scalar(std::string_view text) {
  return IsPlain(text) ? std::string(text) : Quote(text);
}

std::string Items(const Node& node) {
  std::string out;
  for (const Node& item : node.items) {
    out += (out.empty() ? "" : ", ") + WriteFlow(item);
  }
  for (const Entry& entry : node.entries) {
    out += (out.empty() ? "" : ", ") + Scalar(entry.key.text) + ": " + WriteFlow(entry.value);
  }
  return out;
}

}  // namespace

std::string WriteFlow(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return Scalar(node.text);
    case Node::Kind::kSequence:
      return "[" + Items(node) + "]";
    case Node::Kind::kMapping:
      return "{" + Items(node) + "}";
  }
  return "";
}

std::string WriteDocument(const Node& document) {
  std::string out;
  for (const Entry& entry : document.entries) {
    const bool lines = entry.value.IsSequence() && !entry.value.items.empty() &&
                       entry.value.items.front().IsMapping();
    if (!lines) {
      out += Scalar(entry.key.text) + ": " + WriteFlow(entry.value) + "\n";
      continue;
    }
    out += Scalar(entry.key.text) + ":\n";
    for (const Node& item : entry.value.items) {
      out += "  - " + WriteFlow(item) + "\n";
    }
  }
  return out;
}

}  // namespace cmb::conformance::scenario
