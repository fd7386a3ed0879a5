// Where the settings of cmb-router come from: flags over environment over file
// over the two Fleet variables over defaults. What is wrong is said of all of
// them at once, each with the place where it stands and what to do.
//
// Called by router_cli as the program starts. Free of state. Spec: see
// router_setup.h.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reference/program/setting_table.h"

namespace cmb::reference {

// What one source says of a setting, and where: "--store", "CMB_ROUTER_STORE",
// "router.yaml:3:8".
struct Given {
  std::vector<std::string> values;
  std::string origin;
};

struct Source {
  std::map<std::string, Given> given;  // By key.
  std::vector<std::string> faults;
};

// A YAML file: one mapping of keys to scalars and lists.
Source FromFile(const std::string& path);

// `variables` are "NAME=value". Lists have commas between their entries; an
// empty variable is one that is not set.
Source FromVariables(const std::vector<std::string>& variables);

// FLEET_ACK_TIMEOUT_S as delivery_ack_ms, FLEET_ACK_MAX_RETRIES as
// max_deliveries less the first one.
Source FromFleet(const std::vector<std::string>& variables);

struct Effective {
  RouterSetup setup;
  std::map<std::string, std::string> origins;  // Of every setting that is no default.
  std::vector<std::string> faults;             // Empty: the setup can be used.
  std::vector<std::string> warnings;
};

Effective Merge(const Source& flags, const Source& variables, const Source& file,
                const Source& fleet);

// The setup as a file that --config reads, with the origin of each value as a
// comment.
std::string ShownConfig(const Effective& effective);

}  // namespace cmb::reference
