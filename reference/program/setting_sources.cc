#include "reference/program/setting_sources.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>

#include "reference/cli/nearest.h"

namespace cmb::reference {
namespace {

constexpr std::string_view kPrefix = "CMB_ROUTER_";
// Begins with the prefix and is not the router's: a policy of endpoints.
constexpr std::string_view kOfEndpoints = "CMB_ROUTER_ACK_MS";

constexpr std::uint64_t kLongestSeconds = 604'800;
constexpr std::uint64_t kMostRetries = 999;
constexpr std::uint64_t kMsOfSecond = 1000;

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> entries;
  std::istringstream in(text);
  for (std::string entry; std::getline(in, entry, ',');) {
    entries.push_back(entry);
  }
  return entries;
}

std::string Place(const std::string& path, const YAML::Mark& mark) {
  return fmt::format("{}:{}:{}", path, mark.line + 1, mark.column + 1);
}

// What `node` gives; absent: a fault was told.
std::optional<Given> GivenBy(const Setting& setting, const YAML::Node& node,
                             const std::string& path, std::vector<std::string>& faults) {
  Given given{{}, Place(path, node.Mark())};
  if (setting.IsList() && node.IsSequence()) {
    for (const auto& entry : node) {
      if (!entry.IsScalar()) {
        faults.push_back(fmt::format("{}: {} is a list of words; write each as one",
                                     Place(path, entry.Mark()), setting.key));
        return std::nullopt;
      }
      given.values.push_back(entry.Scalar());
    }
    return given;
  }
  if (!node.IsScalar()) {
    faults.push_back(fmt::format("{}: {} needs {}", given.origin, setting.key,
                                 setting.IsList() ? "a list, for example [a, b]" : "one value"));
    return std::nullopt;
  }
  given.values.push_back(node.Scalar());
  return given;
}

void ReadKeys(const YAML::Node& root, const std::string& path, Source& source) {
  std::vector<std::string> known;
  for (const auto& setting : SettingTable()) {
    known.push_back(setting.key);
  }
  for (const auto& pair : root) {
    const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "";
    const std::string place = Place(path, pair.first.Mark());
    const Setting* setting = FindSetting(key);
    if (setting == nullptr) {
      source.faults.push_back(
          fmt::format("{}: there is no setting \"{}\"; {}", place, key, DidYouMean(key, known)));
    } else if (source.given.contains(key)) {
      source.faults.push_back(fmt::format("{}: {} stands twice; leave one", place, key));
    } else if (auto given = GivenBy(*setting, pair.second, path, source.faults)) {
      source.given.emplace(key, *std::move(given));
    }
  }
}

// The value of `name`; absent: it is not set, or empty.
std::optional<std::string> Variable(const std::vector<std::string>& variables,
                                    std::string_view name) {
  for (const auto& variable : variables) {
    const auto equals = variable.find('=');
    if (equals == name.size() && variable.compare(0, equals, name) == 0 &&
        equals + 1 < variable.size()) {
      return variable.substr(equals + 1);
    }
  }
  return std::nullopt;
}

// Number of a Fleet variable; absent: none, or a fault was told.
std::optional<std::uint64_t> FleetNumber(const std::vector<std::string>& variables,
                                         const char* name, std::uint64_t least, std::uint64_t most,
                                         Source& source) {
  const auto text = Variable(variables, name);
  if (!text) {
    return std::nullopt;
  }
  std::uint64_t number = 0;
  const auto [stopped, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || stopped != text->data() + text->size() || number < least ||
      number > most) {
    source.faults.push_back(fmt::format(
        "{}: it is \"{}\"; a whole number from {} to {} is expected", name, *text, least, most));
    return std::nullopt;
  }
  return number;
}

}  // namespace

Source FromFile(const std::string& path) {
  Source source;
  if (std::filesystem::is_directory(path)) {
    source.faults.push_back(fmt::format("--config: {} is a directory; name a file in it", path));
    return source;
  }
  try {
    const YAML::Node root = YAML::LoadFile(path);
    if (root.IsMap()) {
      ReadKeys(root, path, source);
    } else if (!root.IsNull()) {
      source.faults.push_back(
          fmt::format("{}: key: value lines are expected, for example store: router.db",
                      Place(path, root.Mark())));
    }
  } catch (const YAML::BadFile&) {
    source.faults.push_back(
        fmt::format("--config: {} cannot be read; check the path and who may read it", path));
  } catch (const YAML::Exception& error) {
    source.faults.push_back(
        fmt::format("{}: this is no YAML: {}", Place(path, error.mark), error.msg));
  }
  return source;
}

Source FromVariables(const std::vector<std::string>& variables) {
  Source source;
  std::vector<std::string> known;
  for (const auto& setting : SettingTable()) {
    const std::string name = setting.Variable();
    known.push_back(name);
    if (const auto value = Variable(variables, name)) {
      source.given[setting.key] = {
          setting.IsList() ? Split(*value) : std::vector<std::string>{*value}, name};
    }
  }
  for (const auto& variable : variables) {
    const std::string name = variable.substr(0, variable.find('='));
    if (name.starts_with(kPrefix) && name != kOfEndpoints &&
        std::find(known.begin(), known.end(), name) == known.end()) {
      source.faults.push_back(
          fmt::format("{}: there is no such setting; {}", name, DidYouMean(name, known)));
    }
  }
  return source;
}

Source FromFleet(const std::vector<std::string>& variables) {
  Source source;
  if (const auto seconds =
          FleetNumber(variables, "FLEET_ACK_TIMEOUT_S", 1, kLongestSeconds, source)) {
    source.given["delivery_ack_ms"] = {{std::to_string(*seconds * kMsOfSecond)},
                                       "FLEET_ACK_TIMEOUT_S"};
  }
  if (const auto retries =
          FleetNumber(variables, "FLEET_ACK_MAX_RETRIES", 0, kMostRetries, source)) {
    source.given["max_deliveries"] = {{std::to_string(*retries + 1)}, "FLEET_ACK_MAX_RETRIES"};
  }
  return source;
}

Effective Merge(const Source& flags, const Source& variables, const Source& file,
                const Source& fleet) {
  Effective effective;
  for (const Source* source : {&flags, &variables, &file, &fleet}) {
    effective.faults.insert(effective.faults.end(), source->faults.begin(), source->faults.end());
  }
  for (const auto& setting : SettingTable()) {
    for (const Source* source : {&flags, &variables, &file, &fleet}) {
      const auto found = source->given.find(setting.key);
      if (found == source->given.end()) {
        continue;
      }
      const auto& [values, origin] = found->second;
      const auto known = effective.origins.find(setting.key);
      if (known != effective.origins.end()) {
        if (source == &fleet && values.front() != Shown(setting, effective.setup)) {
          effective.warnings.push_back(fmt::format("{} means {} = {} and is overruled by {}",
                                                   origin, setting.key, values.front(),
                                                   known->second));
        }
        continue;
      }
      effective.origins[setting.key] = origin;
      if (const auto wanted = Set(setting, values, effective.setup)) {
        effective.faults.push_back(fmt::format("{}: {} is \"{}\"; {}", origin, setting.key,
                                               fmt::join(values, ","), *wanted));
      }
    }
  }
  for (auto& fault : Complete(effective.setup)) {
    const std::string key = fault.substr(0, fault.find(':'));
    const auto origin = effective.origins.find(key);
    effective.faults.push_back(origin == effective.origins.end() ? std::move(fault)
                                                                 : origin->second + ": " + fault);
  }
  return effective;
}

std::string ShownConfig(const Effective& effective) {
  std::string text;
  for (const auto& setting : SettingTable()) {
    const auto origin = effective.origins.find(setting.key);
    text += fmt::format("{}: {}  # {}\n", setting.key, Shown(setting, effective.setup),
                        origin == effective.origins.end() ? "default" : origin->second);
  }
  return text;
}

}  // namespace cmb::reference
