// Whole scenarios: which acts follow each other.
#include <map>

#include "conformance/explore/acts.h"
#include "conformance/explore/hostile.h"
#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

using scenario::Node;

constexpr std::uint64_t kMostMessages = 4;

void PutBounds(const Claims& claims, Fields& config) {
  static const std::vector<std::string> kSmall{"1", "2", "3", "8"};
  static const std::map<std::string, std::vector<std::string>> kBounds{
      {"sender", {"batch"}},
      {"router",
       {"queue_per_target", "records", "marks", "dead_letters", "source_shares", "payload",
        "batch"}},
      {"target", {"dedup", "dedup", "source_shares", "batch"}}};
  Fields limits;
  for (const std::string& bound : kBounds.at(claims.role)) {
    if (OneIn(8)) {
      limits.Put(bound, bound == "payload" && OneIn(2) ? "16" : OneOf(kSmall));
    }
  }
  if (!limits.empty()) {
    config.Put("limits", limits.node());
  }
}

void PutConfig(const Script& script, Fields& header) {
  const Claims& claims = script.claims();
  static const std::vector<std::string> kIdBytes{"200", "244", "245"};
  Fields config;
  if (OneIn(8)) {
    config.Put("id_bytes", OneOf(kIdBytes));
  }
  if (claims.role == "sender" && OneIn(4)) {
    config.Put("reconcile_window", Ms(DrawWindowMs(script)));
  }
  if (claims.role == "target" && OneIn(4)) {
    config.Put("key_window", Ms(DrawLifeMs()));
  }
  if (OneIn(6)) {
    config.Put("max_latency", Ms(DrawTimerMs()));
  }
  if (claims.role == "router" && OneIn(4)) {
    config.Put("max_deliveries", OneIn(2) ? "1" : "2");
  }
  if (OneIn(6)) {
    config.Put("jitter", List({"0.5", "1.5", "1"}));
  }
  PutBounds(claims, config);
  if (!config.empty()) {
    header.Put("config", config.node());
  }
}

Node Connection(const std::string& verb, const std::string& module) {
  return Fields().Put(verb, module).node();
}

// ---------------------------------------------------------------- acts

// What may also stand in before_timers and together.
Node DrawFrame(Script& script) {
  const std::string& role = script.claims().role;
  const bool may_send = script.aliases().size() < kMostMessages;
  if (script.aliases().empty() || (may_send && OneIn(role == "sender" ? 6 : 4))) {
    return DrawSend(script).node();
  }
  if (role == "sender" && script.tracked() && !script.no_cancels && OneIn(10)) {
    return Fields().Put("cancel", script.Any()).node();
  }
  if (role != "sender" && OneIn(role == "target" ? 2 : 4)) {
    return DrawResend(script).node();
  }
  return OneIn(8) ? DrawBatch(script) : DrawAck(script, false).node();
}

Node DrawPing(const Script& script) {
  const std::string& role = script.claims().role;
  Fields step;
  step.Put("ping", role).Put("by", role == "router" ? "sender" : "router").Put("on", "main");
  return step.node();
}

Node DrawAsk(const Script& script) {
  static const std::vector<std::string> kKinds{"transaction",  "in_flight", "health",
                                               "dead_letters", "redrive",   "purge"};
  Fields step;
  const std::string kind = OneOf(kKinds);
  step.Put("ask", kind);
  if (kind == "transaction" || kind == "redrive" || (kind == "purge" && OneIn(2))) {
    step.Put("of", script.Any());
  }
  if (OneIn(4)) {
    step.Put("by", "other");
  }
  if (kind == "redrive" && OneIn(2)) {
    step.Put("set", Fields().Put("query.accept_second_execution", "true").node());
  }
  return step.node();
}

void AddOutage(Script& script) {
  script.Add(Fields().Put("crash", script.claims().role));
  if (OneIn(2)) {
    script.Advance({});
  }
  if (OneIn(4)) {
    script.Add(Fields().Put("wall_jump", OneIn(2) ? "+1h" : "-1h"));
  }
  script.Add(Fields().Put("start", script.claims().role));
  script.away.clear();
  script.full.clear();
}

void AddAdvance(Script& script) {
  std::vector<Node> acts;
  if (OneIn(2)) {
    for (std::uint64_t left = 1 + Below(2); left > 0; --left) {
      acts.push_back(DrawFrame(script));
    }
  }
  script.Advance(acts);
}

void AddTogether(Script& script) {
  std::vector<Node> acts;
  for (std::uint64_t left = 2 + Below(2); left > 0; --left) {
    acts.push_back(DrawFrame(script));
  }
  script.Add(Fields().Put("together", ListOf(std::move(acts))));
}

void AddQueue(Script& script, const std::string& module) {
  const bool is_full = script.full.erase(module) != 0;
  if (!is_full) {
    script.full.insert(module);
  }
  script.Add(Connection(is_full ? "drain" : "fill", module));
}

void AddConnection(Script& script) {
  const std::string module = OneIn(3) ? "sender" : OneIn(2) ? "target" : "other";
  if (script.claims().fills && !script.away.contains(module) && OneIn(2)) {
    return AddQueue(script, module);
  }
  script.full.erase(module);
  const bool is_away = script.away.erase(module) != 0;
  if (!is_away) {
    script.away.insert(module);
  }
  script.Add(Connection(is_away ? "connect" : "disconnect", module));
}

void AddRare(Script& script) {
  const Claims& claims = script.claims();
  const bool is_router = claims.role == "router";
  const std::uint64_t drawn = Below(7);
  if (drawn == 0 && (claims.IsDurable() || OneIn(4))) {
    AddOutage(script);
  } else if (drawn == 1) {
    script.Add(Fields().Put("wall_jump", OneIn(2) ? "+1h" : "-24h"));
  } else if (drawn == 2 || drawn == 6) {
    script.Add(is_router && !script.aliases().empty() ? DrawAsk(script) : DrawPing(script));
  } else if (drawn == 3 && is_router) {
    AddConnection(script);
  } else if (drawn == 4) {
    script.Add(RawStep(is_router ? "target" : "router"));
  } else {
    AddTogether(script);
  }
}

void AddStep(Script& script) {
  const std::uint64_t drawn = Below(10);
  if (drawn < 3) {
    AddAdvance(script);
  } else if (drawn < 4) {
    AddRare(script);
  } else {
    script.Add(DrawFrame(script));
  }
}

}  // namespace

Fields DrawHeader(const Script& script) {
  const Claims& claims = script.claims();
  Fields header;
  PutConfig(script, header);
  Fields peers;
  peers.Put("other", "connected");
  if (claims.role != "target") {
    peers.Put("nobody", "absent");
  }
  if (claims.Has("batch_ack") && OneIn(4)) {
    peers.Put(claims.role == "sender" ? "router" : "sender",
              Fields().Put("accepts_ack_batch", "true").node());
  }
  header.Put("peers", peers.node());
  return header;
}

Node DrawScenario(const Claims& claims, const std::string& id, const Genome& genome) {
  Script script(claims);
  const Drawing of_header(genome.header);
  script.no_cancels = OneIn(6);
  Fields header = DrawHeader(script);
  if (OneIn(4)) {
    PutFaults(script, header);
  }
  if (OneIn(2)) {
    header.Put("given", DrawGiven(script).node());
  }
  const bool waits = OneIn(2);
  for (const std::uint64_t seed : genome.steps) {
    const Drawing of_step(seed);
    AddStep(script);
  }
  if (waits) {
    while (!script.full.empty()) {
      AddQueue(script, std::string(*script.full.begin()));  // A copy: it leaves the set.
    }
    script.Add(Fields().Put("advance", "15min"));
  }
  return script.Document(id, "CMB-OBS-011", header);
}

}  // namespace cmb::conformance::explore
