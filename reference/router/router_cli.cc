#include "reference/router/router_cli.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "reference/router/router_program.h"
#include "reference/sinks/event_line.h"
#include "reference/sinks/jsonl_event_sink.h"

namespace cmb::reference {
namespace {

constexpr int kWrongUse = 64;
constexpr int kCannotRun = 2;
constexpr std::uint64_t kLongestMs = 604'800'000;

// What the flags say.
struct Flags {
  std::string bind = "tcp://127.0.0.1";
  std::vector<std::string> channels{"main=6001"};
  std::uint16_t ack_ingress_port = 6101;
  std::uint16_t ack_egress_port = 6102;
  std::uint32_t max_deliveries = 5;
  std::uint64_t max_latency_ms = 30'000;
  std::uint64_t max_ttl_ms = kLongestMs;
  std::size_t payload_bytes = 1'048'576;
  std::size_t header_bytes = kDefaultHeaderBytes;
  std::size_t queue_per_target = 1024;
  int high_water_mark = 1000;
  std::string store;
  bool survive_power_loss = true;
  std::string events;
  std::string log_level = "info";
};

void AddFlags(CLI::App& app, Flags& flags) {
  app.add_option("--bind", flags.bind, "Interface to bind, without a port")->capture_default_str();
  app.add_option("--channel", flags.channels, "Message channel as NAME=PORT; may be repeated")
      ->capture_default_str();
  app.add_option("--ack-ingress", flags.ack_ingress_port, "Port of the ACK ingress; 0: any")
      ->capture_default_str();
  app.add_option("--ack-egress", flags.ack_egress_port, "Port of the ACK egress; 0: any")
      ->capture_default_str();
  app.add_option("--max-deliveries", flags.max_deliveries, "Forwards of one delivery phase")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
  app.add_option("--max-latency-ms", flags.max_latency_ms, "Longest that a frame is under way")
      ->check(CLI::Range(std::uint64_t{1}, kLongestMs))
      ->capture_default_str();
  app.add_option("--max-ttl-ms", flags.max_ttl_ms, "Longest life that is accepted")
      ->check(CLI::Range(std::uint64_t{1}, kLongestMs))
      ->capture_default_str();
  app.add_option("--payload-bytes", flags.payload_bytes, "Largest payload that is accepted")
      ->capture_default_str();
  app.add_option("--header-bytes", flags.header_bytes, "Largest header that is accepted")
      ->capture_default_str();
  app.add_option("--queue-per-target", flags.queue_per_target,
                 "Messages of one target that may await delivery")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--high-water-mark", flags.high_water_mark, "Messages ZeroMQ queues for a peer")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--store", flags.store,
                 "File that keeps messages over restarts, made if it is not there");
  app.add_flag("--fsync,!--no-fsync", flags.survive_power_loss,
               "Flush the store before each answer; without it, what was answered survives the "
               "end of the process but not the loss of power");
  app.add_option("--events", flags.events, "File for events as JSON lines");
  app.add_option("--log-level", flags.log_level, "What is logged to stderr; debug: every event")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->capture_default_str();
}

std::string Address(const Flags& flags, const std::string& port) {
  return fmt::format("{}:{}", flags.bind, port == "0" ? "*" : port);
}

// Throws CLI::ValidationError.
ChannelAddress ParseChannel(const Flags& flags, const std::string& text) {
  const auto equals = text.find('=');
  const std::string port = equals == std::string::npos ? "" : text.substr(equals + 1);
  const bool is_number = !port.empty() && port.size() <= 5 &&
                         port.find_first_not_of("0123456789") == std::string::npos &&
                         std::stoi(port) <= 65535;
  if (equals == 0 || !is_number) {
    throw CLI::ValidationError("--channel", fmt::format("\"{}\" is not NAME=PORT", text));
  }
  return {text.substr(0, equals), Address(flags, port)};
}

RouterOptions OptionsOf(const Flags& flags) {
  RouterOptions options;
  options.channels.clear();
  std::set<std::string> names;
  for (const auto& text : flags.channels) {
    const auto& channel = options.channels.emplace_back(ParseChannel(flags, text));
    if (!names.insert(channel.name).second) {
      throw CLI::ValidationError("--channel", fmt::format("\"{}\" stands twice", channel.name));
    }
  }
  options.ack_ingress = Address(flags, std::to_string(flags.ack_ingress_port));
  options.ack_egress = Address(flags, std::to_string(flags.ack_egress_port));
  options.store = flags.store;
  options.durability = flags.survive_power_loss ? Durability::kMachine : Durability::kProcess;
  options.high_water_mark = flags.high_water_mark;
  options.settings.header_bytes = flags.header_bytes;
  auto& core = options.settings.core;
  core.max_deliveries = flags.max_deliveries;
  core.max_latency = lifecycle::SaturatedMs(flags.max_latency_ms);
  core.max_ttl = lifecycle::SaturatedMs(flags.max_ttl_ms);
  core.payload_bytes = flags.payload_bytes;
  core.queue_per_target = flags.queue_per_target;
  return options;
}

// Anomalies and alerts are warnings, everything else is detail.
class LogSink : public EventSink {
 public:
  void Write(const ack::v1::Event& event) override {
    const auto level =
        event.has_anomaly() || event.has_alert() ? spdlog::level::warn : spdlog::level::debug;
    if (spdlog::should_log(level)) {
      spdlog::log(level, "{}", EventLine(event));
    }
  }
  void Flush() override {}
};

void LogAddress(const std::string& name, const std::string& address) {
  spdlog::info("{} listens on {}", name, address);
  if (IsOpenToOthers(address)) {
    spdlog::warn(
        "{} CAN BE REACHED FROM OTHER MACHINES WITHOUT CURVE: anybody who reaches it can pretend "
        "to be any module and read its messages. Bind a loopback address instead.",
        name);
  }
}

void Serve(const Flags& flags, const RouterOptions& options) {
  StopSignals stop;  // Before the context's threads, which inherit its mask.
  LogSink log;
  std::unique_ptr<JsonlEventSink> file;
  std::vector<EventSink*> sinks{&log};
  if (!flags.events.empty()) {
    file = std::make_unique<JsonlEventSink>(flags.events);
    sinks.push_back(file.get());
  }
  RouterProgram router(options, sinks);
  for (const auto& channel : router.channels()) {
    LogAddress(fmt::format("channel {}", channel.name), channel.address);
  }
  LogAddress("ACK ingress", router.ack_ingress());
  LogAddress("ACK egress", router.ack_egress());
  router.Run({stop.fd()});
  spdlog::info("stopped by {}", strsignal(stop.Take()));
}

}  // namespace

int RouterMain(int argc, char** argv) {
  CLI::App app{"The CMB-ACK reference router. Stops cleanly on SIGTERM and SIGINT."};
  Flags flags;
  RouterOptions options;
  AddFlags(app, flags);
  try {
    app.parse(argc, argv);
    options = OptionsOf(flags);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUse;
  }
  spdlog::set_default_logger(spdlog::stderr_color_mt("cmb-router"));
  spdlog::set_level(spdlog::level::from_str(flags.log_level));
  try {
    Serve(flags, options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cmb-router: {}\n", error.what());
    return kCannotRun;
  }
  return 0;
}

}  // namespace cmb::reference
