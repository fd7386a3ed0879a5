// The options of an endpoint as the environment of its process gives them, so
// that one program runs at any address.
//
//   ModuleEndpoint endpoint(FromEnvironment({.module_id = "planner"}));
//
// | variable | says |
// |---|---|
// | CMB_MODULE_ID | EndpointOptions::module_id |
// | CMB_CHANNELS | its channels: main=tcp://10.0.0.1:6001,side=tcp://10.0.0.1:6002 |
// | CMB_ACK_INGRESS, CMB_ACK_EGRESS | its addresses |
// | CMB_CURVE_KEY | file of the module's own pair of keys, as cmb-router --new-curve-key makes it |
// | CMB_CURVE_ROUTER_KEY | file of the router's public key, as that prints it |
// | CMB_PROFILE | BASIC, TRACKED or DURABLE |
// | CMB_ROUTER_ACK_MS, CMB_DELIVERY_ACK_MS, CMB_EXECUTION_MS | the default policy, 1 to 604800000 |
// | CMB_MAX_RETRIES | the same, 0 to 100 |
// | FLEET_ACK_TIMEOUT_S, FLEET_ACK_MAX_RETRIES | delivery_ack in seconds, 1 to 604800, and
// retries, where CMB_ says nothing |
//
// With CURVE an endpoint needs both keys; what a variable does not name is that of
// EndpointOptions::curve.
//
// Called by programs as they start. Threads: as getenv. Spec: chapters "Timers
// and retry", "Authority and security" and "Views".
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "reference/endpoint/module_endpoint.h"

namespace cmb::reference {

// A variable that says nothing sensible, or names a file that does. what() names
// it, what it holds and what it may hold.
class EnvironmentError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// Gives a variable's value, or null where it is not set; ::getenv.
using Environment = std::function<const char*(const char* name)>;

// `options` with what the environment says put over it. An empty variable is one
// that is not set. Throws EnvironmentError.
EndpointOptions FromEnvironment(EndpointOptions options);
EndpointOptions FromEnvironment(EndpointOptions options, const Environment& environment);

}  // namespace cmb::reference
