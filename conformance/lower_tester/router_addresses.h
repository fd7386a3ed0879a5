// Where a router that runs already is bound: --router of the command line as a value. Pure.
// Spec: chapter wire binding.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cmb::conformance {

struct RouterAddresses {
  std::vector<std::pair<std::string, std::string>> channels;  // Name and address, as written.
  std::string ack_ingress, ack_egress;
  bool operator==(const RouterAddresses&) const = default;
};

// What --router expects, for every complaint.
inline constexpr char kRouterForm[] =
    "messages=tcp://HOST:PORT,ack-ingress=tcp://HOST:PORT,ack-egress=tcp://HOST:PORT; another "
    "channel is messages.NAME=tcp://HOST:PORT";

// `text` in that form. The text of a complaint instead: what is wrong with it.
std::variant<RouterAddresses, std::string> ParseRouter(const std::string& text);

// The same back.
std::string ToText(const RouterAddresses& addresses);

}  // namespace cmb::conformance
