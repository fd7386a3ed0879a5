// What the suite knows of the case's messages: alias, real ids, what was sent
// and seen, and the frames that were kept. Filled by the actor and by every
// item that arrives; read by everybody else. One thread. Scenario language,
// section 2 ("Messages", "as").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/engine/item.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

// One message, or one PING, under its alias.
struct Known {
  std::string alias;
  std::string message_id;
  std::string source;                             // Routing id.
  std::string target;                             // Routing id.
  std::string key;                                // Idempotency key that is in force.
  const scenario::Message* fields = nullptr;      // Absent: a PING.
  const scenario::Work* script = nullptr;         // The last one told to a target. Absent: none.
  std::optional<ack::v1::CognitiveMessage> sent;  // The header as it was first sent.
  std::vector<std::string> sent_bytes;            // The frames of that, unharmed.
  std::string payload;
  std::uint64_t first_sent_ms = 0;
  std::uint32_t last_attempt_sent = 0;      // By the lower tester, or seen from a sender IUT.
  std::uint32_t last_attempt_received = 0;  // In a MESSAGE that the IUT sent.
  std::uint64_t last_progress = 0;          // Highest progress_number made.
};

class MessageBook {
 public:
  // The entry of `alias`, made empty if there is none.
  Known& Entry(const std::string& alias);
  // Absent: nobody has given it an id yet.
  const Known* Find(const std::string& alias) const;
  Known* Find(const std::string& alias);

  // Gives `known` its id. Aliases may share one (a scenario can set it so).
  void Name(Known& known, const std::string& message_id, const std::string& source);

  // Whose message an item is. `source` may be empty. Absent: nobody's.
  Known* Owner(const std::string& message_id, const std::string& source);
  const Known* Owner(const std::string& message_id, const std::string& source) const;

  // The REPLY to the query of that id will name the message that redrives `old`.
  void AwaitRedrive(const std::string& query_id, const scenario::Message& redriven,
                    const Known& old);

  // Learns from a frame that the IUT sent: attempts, the first copy, the id of
  // a redriven message.
  void Learn(const Item& item);

  void Keep(const std::string& name, const Item& item);
  const Item* Kept(const std::string& name) const;

  // `text` with its `$name.path` references replaced; a reference that names
  // nothing yet reads as "(no value)".
  std::string Expand(const std::string& text) const;

  // Aliases in the order of their names.
  std::vector<std::string> Aliases() const;

 private:
  void LearnRedriven(const Item& reply);
  std::optional<std::string> Lookup(const std::string& name, const std::string& path) const;

  std::map<std::string, Known> known_;
  std::multimap<std::string, std::string> alias_of_id_;
  std::map<std::string, Item> kept_;
  std::map<std::string, std::string> redriven_by_;  // Aliases by the id of the query.
};

// "sender" stays, "router" is "@router".
std::string RoutingId(const std::string& module);
// The same back.
std::string ModuleOf(const std::string& routing_id);

}  // namespace cmb::conformance::engine
