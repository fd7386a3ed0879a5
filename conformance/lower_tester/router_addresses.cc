#include "conformance/lower_tester/router_addresses.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

namespace cmb::conformance {
namespace {

constexpr char kMessages[] = "messages";
constexpr char kMain[] = "main";
constexpr char kTcp[] = "tcp://";

bool IsPort(const std::string& text) {
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && stopped == end && port >= 1 && port <= 65535;
}

bool IsAddress(const std::string& text) {
  const auto colon = text.rfind(':');
  return text.starts_with(kTcp) && colon != std::string::npos && colon > sizeof(kTcp) - 1 &&
         IsPort(text.substr(colon + 1));
}

// Where the address called `name` belongs. Null: nowhere.
std::string* PlaceOf(const std::string& name, RouterAddresses& addresses) {
  if (name == "ack-ingress") {
    return &addresses.ack_ingress;
  }
  if (name == "ack-egress") {
    return &addresses.ack_egress;
  }
  const std::string with_dot = std::string(kMessages) + ".";
  const std::string channel = name == kMessages            ? kMain
                              : name.starts_with(with_dot) ? name.substr(with_dot.size())
                                                           : "";
  if (channel.empty()) {
    return nullptr;
  }
  for (auto& [known, address] : addresses.channels) {
    if (known == channel) {
      return &address;
    }
  }
  return &addresses.channels.emplace_back(channel, "").second;
}

// What is wrong with one word. Empty: nothing.
std::string Take(const std::string& word, RouterAddresses& addresses) {
  const auto equal = word.find('=');
  const std::string name = word.substr(0, equal);
  const std::string address = equal == std::string::npos ? "" : word.substr(equal + 1);
  std::string* const place = PlaceOf(name, addresses);
  if (equal == std::string::npos || place == nullptr) {
    return fmt::format("'{}' is none of its parts", word);
  }
  if (!place->empty()) {
    return fmt::format("{} stands there twice", name);
  }
  if (!IsAddress(address)) {
    return fmt::format("'{}' of {} is no tcp://HOST:PORT", address, name);
  }
  *place = address;
  return "";
}

std::string Missing(const RouterAddresses& addresses) {
  if (addresses.channels.empty()) {
    return "messages is missing";
  }
  return addresses.ack_ingress.empty()  ? "ack-ingress is missing"
         : addresses.ack_egress.empty() ? "ack-egress is missing"
                                        : "";
}

}  // namespace

std::variant<RouterAddresses, std::string> ParseRouter(const std::string& text) {
  RouterAddresses addresses;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    if (std::string fault = Take(word, addresses); !fault.empty()) {
      return fault;
    }
  }
  if (std::string fault = Missing(addresses); !fault.empty()) {
    return fault;
  }
  return addresses;
}

std::string ToText(const RouterAddresses& addresses) {
  std::string text;
  for (const auto& [name, address] : addresses.channels) {
    text += fmt::format("{}={},", name == kMain ? kMessages : kMessages + ("." + name), address);
  }
  return text +
         fmt::format("ack-ingress={},ack-egress={}", addresses.ack_ingress, addresses.ack_egress);
}

}  // namespace cmb::conformance
