#include "reference/program/setting_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cmb::reference {
namespace {

using S = RouterSetup;

constexpr std::uint64_t kLongestMs = 604'800'000;
constexpr std::uint64_t kLargest = 1ULL << 40;
constexpr std::uint64_t kMost = 1ULL << 30;

// long because: it is one table.
std::vector<Setting> MakeTable() {
  const std::vector<std::string> levels{"debug", "info", "warn", "error", "off"};
  return {
      {"bind", TextSetting{&S::bind}, "Interface to bind, without a port", "CMB-WIRE-002"},
      {"channel", ListSetting{&S::channels}, "Message channels as NAME=PORT", "CMB-WIRE-002"},
      {"ack_ingress", NumberSetting{&S::ack_ingress, 0, 65535}, "Port of the ACK ingress; 0: any",
       "CMB-WIRE-002"},
      {"ack_egress", NumberSetting{&S::ack_egress, 0, 65535}, "Port of the ACK egress; 0: any",
       "CMB-WIRE-002"},
      {"profile", WordSetting{&S::profile, {"BASIC", "TRACKED", "DURABLE"}},
       "What it promises; DURABLE with a store, else TRACKED", ""},
      {"operators", ListSetting{&S::operators}, "Modules that may redrive and purge every letter",
       "CMB-DLQ-008"},
      {"batch_ack", SwitchSetting{&S::batch_ack}, "Take and send batches of ACKs", "CMB-BAT-005"},
      {"max_deliveries", NumberSetting{&S::max_deliveries, 1, 1000},
       "Forwards of one delivery phase", "CMB-RTR-035"},
      {"max_latency_ms", NumberSetting{&S::max_latency_ms, 1, kLongestMs},
       "Longest that a frame is under way; not less than heartbeat_timeout_ms", "CMB-TMR-009"},
      {"heartbeat_timeout_ms", NumberSetting{&S::heartbeat_timeout_ms, 3, kLongestMs},
       "A peer that is silent for so long is gone; the largest frame must pass in two thirds of it",
       "CMB-TMR-009"},
      {"dead_letter_ms", NumberSetting{&S::dead_letter_ms, 1, kLargest},
       "How long a dead letter is kept", "CMB-DLQ-011"},
      {"key_window_ms", NumberSetting{&S::key_window_ms, 0, kLongestMs},
       "How long every target remembers a key; a later redrive is refused", "CMB-DLQ-010"},
      {"max_ttl_ms", NumberSetting{&S::max_ttl_ms, 1, kLongestMs}, "Longest life that is accepted",
       "CMB-RTR-003"},
      {"delivery_ack_ms", NumberSetting{&S::delivery_ack_ms, 1, kLongestMs},
       "Of policies that leave it out", "CMB-TMR-002"},
      {"payload_bytes", NumberSetting{&S::payload_bytes, 1, kLargest},
       "Largest payload that is accepted", "CMB-WIRE-018"},
      {"header_bytes", NumberSetting{&S::header_bytes, 1, kLargest},
       "Largest header that is accepted", "CMB-WIRE-018"},
      {"frame_bytes", NumberSetting{&S::frame_bytes, 1, kLargest},
       "A larger frame closes its connection", "CMB-WIRE-018"},
      {"metadata_pairs", NumberSetting{&S::metadata_pairs, 0, kMost},
       "Pairs of metadata that a message may have", "CMB-SEC-010"},
      {"queue_per_target", NumberSetting{&S::queue_per_target, 1, kMost},
       "Messages of one target that may await delivery", "CMB-RTR-006"},
      {"records", NumberSetting{&S::records, 1, kMost}, "Messages that are remembered",
       "CMB-RTR-006"},
      {"marks", NumberSetting{&S::marks, 1, kMost}, "Refusals and closed marks that are remembered",
       "CMB-RTR-030"},
      {"dead_letters", NumberSetting{&S::dead_letters, 1, kMost}, "Dead letters that are kept",
       "CMB-DLQ-002"},
      {"source_shares", NumberSetting{&S::source_shares, 1, kMost},
       "One source's share of each of these; 8: an eighth", "CMB-RTR-006"},
      {"batch", NumberSetting{&S::batch, 1, kLargestBatch}, "ACKs in one batch", "CMB-BAT-004"},
      {"high_water_mark", NumberSetting{&S::high_water_mark, 1, 1'000'000},
       "Messages ZeroMQ queues for a peer", ""},
      {"store", TextSetting{&S::store}, "File that keeps messages over restarts", "CMB-DUR-001"},
      {"fsync", SwitchSetting{&S::fsync},
       "Flush the store before each answer; if not, what was answered survives the end of the "
       "process, not the loss of power",
       "CMB-DUR-013"},
      {"events", TextSetting{&S::events}, "File for events as JSON lines", "CMB-OBS-001"},
      {"events_max_bytes", NumberSetting{&S::events_max_bytes, 1, kLargest},
       "Size at which that file is put aside", ""},
      {"events_keep", NumberSetting{&S::events_keep, 0, 1000}, "Files put aside that are kept", ""},
      {"events_db", TextSetting{&S::events_db}, "SQLite file for events", ""},
      {"events_pub", TextSetting{&S::events_pub},
       "Address of a PUB socket for events, for example tcp://127.0.0.1:6110", "CMB-OBS-014"},
      {"metrics", TextSetting{&S::metrics},
       "Address of metrics for Prometheus, for example 127.0.0.1:9464; port 0: any", "CMB-OBS-017"},
      {"curve_key", TextSetting{&S::curve_key}, "File of the router's CURVE keys", "CMB-SEC-006"},
      {"curve_allow", TextSetting{&S::curve_allow}, "File of the CURVE keys that may connect",
       "CMB-SEC-006"},
      {"log_level", WordSetting{&S::log_level, levels},
       "What is logged to stderr; info: what is refused too; debug: every event", ""},
  };
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return text;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return quoted + "\"";
}

std::optional<std::string> SetOne(const NumberSetting& type, const std::string& text,
                                  RouterSetup& setup) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || number < type.least || number > type.most) {
    return fmt::format("a whole number from {} to {} is expected", type.least, type.most);
  }
  setup.*type.value = number;
  return std::nullopt;
}

std::optional<std::string> SetOne(const TextSetting& type, const std::string& text,
                                  RouterSetup& setup) {
  setup.*type.value = text;
  return std::nullopt;
}

std::optional<std::string> SetOne(const WordSetting& type, const std::string& text,
                                  RouterSetup& setup) {
  const auto word =
      std::find_if(type.words.begin(), type.words.end(),
                   [&text](const std::string& word) { return Upper(word) == Upper(text); });
  if (word == type.words.end()) {
    return fmt::format("one of {} is expected", fmt::join(type.words, ", "));
  }
  setup.*type.value = *word;
  return std::nullopt;
}

std::optional<std::string> SetOne(const SwitchSetting& type, const std::string& text,
                                  RouterSetup& setup) {
  if (text != "true" && text != "false") {
    return "true or false is expected";
  }
  setup.*type.value = text == "true";
  return std::nullopt;
}

std::optional<std::string> SetOne(const ListSetting&, const std::string&, RouterSetup&) {
  return std::nullopt;  // Set as a whole, below.
}

}  // namespace

std::string Setting::Flag() const {
  std::string flag = "--" + key;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string Setting::Variable() const { return "CMB_ROUTER_" + Upper(key); }

const std::vector<Setting>& SettingTable() {
  static const std::vector<Setting> table = MakeTable();
  return table;
}

const Setting* FindSetting(const std::string& key) {
  for (const auto& setting : SettingTable()) {
    if (setting.key == key) {
      return &setting;
    }
  }
  return nullptr;
}

std::optional<std::string> Set(const Setting& setting, const std::vector<std::string>& values,
                               RouterSetup& setup) {
  if (const auto* list = std::get_if<ListSetting>(&setting.type)) {
    setup.*list->value = values;
    return std::nullopt;
  }
  if (values.size() != 1) {
    return "one value is expected";
  }
  return std::visit([&](const auto& type) { return SetOne(type, values.front(), setup); },
                    setting.type);
}

std::string Shown(const Setting& setting, const RouterSetup& setup) {
  if (const auto* number = std::get_if<NumberSetting>(&setting.type)) {
    return std::to_string(setup.*number->value);
  }
  if (const auto* text = std::get_if<TextSetting>(&setting.type)) {
    return Quoted(setup.*text->value);
  }
  if (const auto* word = std::get_if<WordSetting>(&setting.type)) {
    return setup.*word->value;
  }
  if (const auto* on = std::get_if<SwitchSetting>(&setting.type)) {
    return setup.*on->value ? "true" : "false";
  }
  std::vector<std::string> entries;
  for (const auto& entry : setup.*std::get<ListSetting>(setting.type).value) {
    entries.push_back(Quoted(entry));
  }
  return fmt::format("[{}]", fmt::join(entries, ", "));
}

}  // namespace cmb::reference
