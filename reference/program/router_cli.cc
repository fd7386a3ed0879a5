#include "reference/program/router_cli.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "reference/cli/command_line.h"
#include "reference/extras/events/jsonl_event_sink.h"
#include "reference/extras/events/pub_event_sink.h"
#include "reference/extras/events/sqlite_event_sink.h"
#include "reference/program/log_sink.h"
#include "reference/program/router_program.h"
#include "reference/program/setting_sources.h"
#include "reference/shell/curve_guard.h"

namespace cmb::reference {
namespace {

constexpr int kCannotRun = 2;

// What stands on the command line alone.
struct Commands {
  std::string config;
  bool show_config = false;
  std::string new_curve_key;
};

std::string HelpOf(const Setting& setting) {
  const std::string usual = Shown(setting, RouterSetup{});
  const bool is_nothing = usual.empty() || usual == "[]" || usual == "\"\"";
  return fmt::format("{}{}. {}{}", setting.meaning,
                     is_nothing ? "" : fmt::format(" [default {}]", usual), setting.Variable(),
                     setting.requirement.empty() ? "" : ", " + setting.requirement);
}

// What may stand behind the flag.
std::string TypeOf(const Setting& setting) {
  if (const auto* word = std::get_if<WordSetting>(&setting.type)) {
    return fmt::format("{}", fmt::join(word->words, "|"));
  }
  return setting.IsList()                                      ? "ENTRY, may be repeated"
         : std::holds_alternative<NumberSetting>(setting.type) ? "NUMBER"
                                                               : "TEXT";
}

// --fsync and, as help need not repeat it, --no-fsync.
void AddSwitch(CLI::App& app, const Setting& setting, std::vector<std::string>& values) {
  const std::string flag = setting.Flag();
  const std::string opposite = "--no-" + flag.substr(2);
  app.add_flag_function(
      flag, [&values](std::int64_t) { values = {"true"}; },
      HelpOf(setting) + "; " + opposite + " for the opposite");
  app.add_flag_function(opposite, [&values](std::int64_t) { values = {"false"}; })->group("");
}

// Every flag of the table, as text; the table judges it.
void AddSettings(CLI::App& app, std::map<std::string, std::vector<std::string>>& given) {
  for (const auto& setting : SettingTable()) {
    auto& values = given[setting.key];
    if (setting.IsSwitch()) {
      AddSwitch(app, setting, values);
    } else {
      auto* option = app.add_option(setting.Flag(), values, HelpOf(setting));
      option->expected(1)->type_name(TypeOf(setting));
      option->multi_option_policy(setting.IsList() ? CLI::MultiOptionPolicy::TakeAll
                                                   : CLI::MultiOptionPolicy::TakeLast);
    }
  }
}

std::vector<std::string> Variables() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

Effective EffectiveOf(const std::map<std::string, std::vector<std::string>>& given,
                      const Commands& commands) {
  Source flags;
  for (const auto& [key, values] : given) {
    if (!values.empty()) {
      flags.given[key] = {values, FindSetting(key)->Flag()};
    }
  }
  const auto variables = Variables();
  const Source file = commands.config.empty() ? Source{} : FromFile(commands.config);
  return Merge(flags, FromVariables(variables), file, FromFleet(variables));
}

// CMB-SEC-007.
void LogAddress(const std::string& name, const std::string& address, bool has_curve,
                const char* danger = "pretend to be any module and read its messages") {
  spdlog::info("{} listens on {}", name, address);
  if (IsOpenToOthers(address) && !has_curve) {
    spdlog::warn(
        "{} CAN BE REACHED FROM OTHER MACHINES WITHOUT CURVE: anybody who reaches it can {}. Bind "
        "a loopback address, or set curve_key and curve_allow.",
        name, danger);
  }
}

// What they tell is no secret that CURVE would keep; who reads them cannot act.
void LogMetrics(const std::string& address, const std::string& url) {
  spdlog::info("metrics are at {}", url);
  if (IsOpenToOthers("tcp://" + address)) {
    spdlog::warn(
        "metrics CAN BE READ FROM OTHER MACHINES, by anybody who reaches them: they name modules "
        "and tell how busy they are. Set metrics to a loopback address, or let a proxy ask who "
        "is there.");
  }
}

// The sinks that the setup names.
class Sinks {
 public:
  // With CURVE the watchers of events need a key that the router's list allows.
  Sinks(const RouterSetup& setup, const std::optional<CurveRouter>& curve) {
    auto log = std::make_unique<LogSink>(
        clock_, spdlog::get_level(),
        [](auto level, const auto& line) { spdlog::log(level, "{}", line); });
    log_ = log.get();
    Own(std::move(log));
    if (!setup.events.empty()) {
      const Rotation rotation{setup.events_max_bytes,
                              static_cast<std::uint32_t>(setup.events_keep)};
      Own(std::make_unique<JsonlEventSink>(setup.events, rotation));
    }
    if (!setup.events_db.empty()) {
      Own(std::make_unique<SqliteEventSink>(setup.events_db));
    }
    if (!setup.events_pub.empty()) {
      Publish(setup.events_pub, curve);
    }
  }
  // For as long as the sinks are there.
  RouterShell::AnswerListener Answers() const {
    return [log = log_](const auto& answer, const auto& target) { log->Answered(answer, target); };
  }
  std::vector<EventSink*> All() const {
    std::vector<EventSink*> all;
    for (const auto& sink : owned_) {
      all.push_back(sink.get());
    }
    return all;
  }

 private:
  void Own(std::unique_ptr<EventSink> sink) { owned_.push_back(std::move(sink)); }
  void Publish(const std::string& address, const std::optional<CurveRouter>& curve) {
    std::optional<PubCurve> keys;  // CMB-SEC-015.
    if (curve) {
      const std::vector<std::string> unmonitored;
      guard_ = std::make_unique<CurveGuard>(context_, curve->allowed, unmonitored);
      keys = PubCurve{curve->own.secret_key, kCurveDomain};
    }
    auto pub = std::make_unique<PubEventSink>(context_, address, keys);
    LogAddress("event PUB", pub->address(), curve.has_value(), "see every event");
    Own(std::move(pub));
  }

  RealClock clock_;
  LogSink* log_ = nullptr;
  zmq::context_t context_{1};          // Outlives the sinks and the guard.
  std::unique_ptr<CurveGuard> guard_;  // Null: no CURVE, or nothing is published.
  std::vector<std::unique_ptr<EventSink>> owned_;
};

void Serve(const RouterSetup& setup) {
  StopSignals stop;  // Before the contexts' threads, which inherit its mask.
  RouterOptions options = OptionsOf(setup);
  const Sinks sinks(setup, options.curve);
  options.on_answer = sinks.Answers();
  RouterProgram router(std::move(options), sinks.All());
  for (const auto& channel : router.channels()) {
    LogAddress(fmt::format("channel {}", channel.name), channel.address, router.has_curve());
  }
  LogAddress("ACK ingress", router.ack_ingress(), router.has_curve());
  LogAddress("ACK egress", router.ack_egress(), router.has_curve());
  if (!setup.metrics.empty()) {
    LogMetrics(setup.metrics, router.metrics_url());
  }
  router.Run({stop.fd()});
  spdlog::info("stopped by {}", strsignal(stop.Take()));
}

int MakeKeys(const std::string& path) {
  const CurveKeys keys = NewCurveKeys();
  WriteCurveKeys(path, keys);
  fmt::print("{}\n", keys.public_key);
  return 0;
}

int Run(const Effective& effective, const Commands& commands) {
  if (!commands.new_curve_key.empty()) {
    return MakeKeys(commands.new_curve_key);
  }
  for (const auto& fault : effective.faults) {
    fmt::print(stderr, "cmb-router: {}\n", fault);
  }
  if (!effective.faults.empty()) {
    return kWrongUse;
  }
  if (commands.show_config) {
    fmt::print("{}", ShownConfig(effective));
    return 0;
  }
  spdlog::set_default_logger(spdlog::stderr_color_mt("cmb-router"));
  spdlog::set_level(spdlog::level::from_str(effective.setup.log_level));
  for (const auto& warning : effective.warnings) {
    spdlog::warn("{}", warning);
  }
  Serve(effective.setup);
  return 0;
}

}  // namespace

int RouterMain(int argc, char** argv) {
  CLI::App app{
      "The CMB-ACK reference router. Stops cleanly on SIGTERM and SIGINT.\n"
      "Flags win over variables (CMB_ROUTER_…), these over --config FILE, that over "
      "FLEET_ACK_TIMEOUT_S and FLEET_ACK_MAX_RETRIES."};
  Commands commands;
  std::map<std::string, std::vector<std::string>> given;
  app.add_option("--config", commands.config, "YAML file of settings; keys are the flags with _")
      ->type_name("FILE");
  app.add_flag("--show-config", commands.show_config,
               "Print every setting and its origin, and end");
  app.add_option("--new-curve-key", commands.new_curve_key,
                 "Write a new pair of keys to this file, print the public one, and end")
      ->type_name("FILE");
  AddSettings(app, given);
  if (const auto code = ParseCommandLine(app, argc, argv)) {
    return *code;
  }
  try {
    return Run(EffectiveOf(given, commands), commands);
    // A store that takes no more ends the program too (CMB-DUR-016).
  } catch (const std::exception& error) {
    fmt::print(stderr, "cmb-router: {}\n", error.what());
    return kCannotRun;
  }
}

}  // namespace cmb::reference
