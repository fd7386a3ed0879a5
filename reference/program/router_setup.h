// Everything that can be set about cmb-router, as values: what the table of
// settings fills in and what the program is made of.
//
// Values only. Spec: chapters "Wire binding", "Timers and retry" and "Authority
// and security", limits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reference/program/router_program.h"

namespace cmb::reference {

struct RouterSetup {
  std::string bind = "tcp://127.0.0.1";
  std::vector<std::string> channels{"main=6001"};  // NAME=PORT
  std::uint64_t ack_ingress = 6101;                // Ports; 0: any.
  std::uint64_t ack_egress = 6102;
  std::string profile;  // Empty: DURABLE with a store, else TRACKED.
  std::vector<std::string> operators;
  bool batch_ack = true;

  std::uint64_t max_deliveries = 5;
  std::uint64_t max_latency_ms = 30'000;
  std::uint64_t heartbeat_timeout_ms = kHeartbeatTimeoutMs;
  std::uint64_t dead_letter_ms = 604'800'000;
  std::uint64_t key_window_ms = 3'600'000;
  std::uint64_t max_ttl_ms = 604'800'000;
  std::uint64_t delivery_ack_ms = 10'000;

  std::uint64_t payload_bytes = 1'048'576;
  std::uint64_t header_bytes = kDefaultHeaderBytes;
  std::uint64_t frame_bytes = 67'108'864;
  std::uint64_t metadata_pairs = 32;
  std::uint64_t queue_per_target = 1024;
  std::uint64_t records = 1'048'576;
  std::uint64_t marks = 1'048'576;
  std::uint64_t dead_letters = 65'536;
  std::uint64_t source_shares = lifecycle::kSourceShares;
  std::uint64_t batch = kLargestBatch;
  std::uint64_t high_water_mark = 1000;

  std::string store;
  bool fsync = true;

  std::string events;  // A file of JSON lines.
  std::uint64_t events_max_bytes = 64 * 1024 * 1024;
  std::uint64_t events_keep = 4;
  std::string events_db;
  std::string events_pub;  // Address of the PUB socket.

  std::string metrics;  // HOST:PORT of the page for Prometheus.

  std::string curve_key;    // File of the router's own keys.
  std::string curve_allow;  // File of the allow-list.

  std::string log_level = "info";
};

// What contradicts itself or cannot be had, in whole sentences; empty: nothing
// does. Also fills in what follows from the rest (profile).
std::vector<std::string> Complete(RouterSetup& setup);

// Reads the files of keys. Throws CurveError. REQUIRES: Complete found nothing.
RouterOptions OptionsOf(const RouterSetup& setup);

}  // namespace cmb::reference
