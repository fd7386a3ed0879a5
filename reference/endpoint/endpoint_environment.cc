#include "reference/endpoint/endpoint_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <utility>

namespace cmb::reference {
namespace {

constexpr std::uint64_t kLongestMs = 604'800'000;
constexpr std::uint64_t kMsOfSecond = 1000;
constexpr std::uint64_t kMostRetries = 100;

class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  // Absent: not set, or empty.
  std::optional<std::string> Text(const char* name) const {
    const char* value = environment_(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
  }

  std::optional<std::uint64_t> Number(const char* name, std::uint64_t least,
                                      std::uint64_t most) const {
    const auto text = Text(name);
    if (!text) {
      return std::nullopt;
    }
    std::uint64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc() || stopped != end || number < least || number > most) {
      throw EnvironmentError(fmt::format("{} is \"{}\"; it must be a whole number from {} to {}",
                                         name, *text, least, most));
    }
    return number;
  }

 private:
  const Environment& environment_;
};

std::vector<ChannelAddress> Channels(const std::string& text) {
  std::vector<ChannelAddress> channels;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, ',');) {
    const auto equals = part.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == part.size()) {
      throw EnvironmentError(fmt::format(
          "CMB_CHANNELS is \"{}\"; it must be name=address, several with commas", text));
    }
    channels.push_back({part.substr(0, equals), part.substr(equals + 1)});
  }
  return channels;
}

ack::v1::Profile ProfileFrom(const std::string& word) {
  std::string upper = word;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  ack::v1::Profile profile = ack::v1::PROFILE_UNSPECIFIED;
  if (!ack::v1::Profile_Parse("PROFILE_" + upper, &profile) ||
      profile == ack::v1::PROFILE_UNSPECIFIED || profile == ack::v1::PROFILE_CORE) {
    throw EnvironmentError(
        fmt::format("CMB_PROFILE is \"{}\"; it must be BASIC, TRACKED or DURABLE", word));
  }
  return profile;
}

// What `read` makes of the file that the variable names; absent: it is not set.
template <class Value>
std::optional<Value> FileOf(const Reader& reader, const char* name,
                            Value (*read)(const std::string& path)) {
  const auto path = reader.Text(name);
  if (!path) {
    return std::nullopt;
  }
  try {
    return read(*path);
  } catch (const CurveError& error) {
    throw EnvironmentError(fmt::format("{}: {}", name, error.what()));
  }
}

void ReadCurve(const Reader& reader, std::optional<CurveEndpoint>& curve) {
  const auto own = FileOf(reader, "CMB_CURVE_KEY", &ReadCurveKeys);
  const auto router = FileOf(reader, "CMB_CURVE_ROUTER_KEY", &ReadPublicKey);
  if (!curve && own.has_value() != router.has_value()) {
    const char* const set = own ? "CMB_CURVE_KEY" : "CMB_CURVE_ROUTER_KEY";
    const char* const lacking = own ? "CMB_CURVE_ROUTER_KEY" : "CMB_CURVE_KEY";
    throw EnvironmentError(fmt::format(
        "{} is set and {} is not; CURVE needs the module's own keys and the router's public key, "
        "so set both or neither",
        set, lacking));
  }
  if (own || router) {
    const CurveEndpoint said = curve.value_or(CurveEndpoint{});
    curve = CurveEndpoint{router.value_or(said.router_public), own.value_or(said.own)};
  }
}

// CMB-INS-009 for Fleet's two settings.
void ReadPolicy(const Reader& reader, ack::v1::DeliveryPolicy& policy) {
  if (const auto ms = reader.Number("CMB_ROUTER_ACK_MS", 1, kLongestMs)) {
    policy.set_router_ack_ms(*ms);
  }
  if (const auto ms = reader.Number("CMB_DELIVERY_ACK_MS", 1, kLongestMs)) {
    policy.set_delivery_ack_ms(*ms);
  } else if (const auto seconds =
                 reader.Number("FLEET_ACK_TIMEOUT_S", 1, kLongestMs / kMsOfSecond)) {
    policy.set_delivery_ack_ms(*seconds * kMsOfSecond);
  }
  if (const auto ms = reader.Number("CMB_EXECUTION_MS", 1, kLongestMs)) {
    policy.set_execution_ms(*ms);
  }
  auto retries = reader.Number("CMB_MAX_RETRIES", 0, kMostRetries);
  if (!retries) {
    retries = reader.Number("FLEET_ACK_MAX_RETRIES", 0, kMostRetries);
  }
  if (retries) {
    policy.set_max_retries(static_cast<std::uint32_t>(*retries));
  }
}

}  // namespace

EndpointOptions FromEnvironment(EndpointOptions options) {
  return FromEnvironment(std::move(options), [](const char* name) { return std::getenv(name); });
}

EndpointOptions FromEnvironment(EndpointOptions options, const Environment& environment) {
  const Reader reader(environment);
  options.module_id = reader.Text("CMB_MODULE_ID").value_or(options.module_id);
  options.ack_ingress = reader.Text("CMB_ACK_INGRESS").value_or(options.ack_ingress);
  options.ack_egress = reader.Text("CMB_ACK_EGRESS").value_or(options.ack_egress);
  if (const auto channels = reader.Text("CMB_CHANNELS")) {
    options.channels = Channels(*channels);
  }
  if (const auto profile = reader.Text("CMB_PROFILE")) {
    options.profile = ProfileFrom(*profile);
  }
  if (const auto ms = reader.Number("CMB_HEARTBEAT_TIMEOUT_MS", 3, kLongestMs)) {
    options.heartbeat_timeout = std::chrono::milliseconds(*ms);
  }
  ReadCurve(reader, options.curve);
  ReadPolicy(reader, options.policy);
  return options;
}

}  // namespace cmb::reference
