#include "reference/endurance/kill_run.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;

// Below the ports that the system gives to clients: one of those that tries to
// reconnect while nobody listens could take the port for itself.
constexpr int kLowestPort = 12'000;
constexpr int kHighestPort = 31'000;

// Nothing is given up because its target was killed too often.
constexpr const char* kMostDeliveries = "1000";
constexpr milliseconds kLook{20};
constexpr int kMostIdleLives = 4;
constexpr milliseconds kLongestIdle{10'000};

bool IsFree(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool is_free = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return is_free;
}

// A restarted router must be found where it was, so that its ports are chosen
// once, here.
std::array<int, 3> FreePorts() {
  std::random_device device;  // Not the run's seed: two runs must not meet.
  std::uniform_int_distribution<int> any(kLowestPort, kHighestPort);
  std::array<int, 3> ports{};
  std::size_t found = 0;
  for (int tries = 0; tries < 10'000 && found < ports.size(); ++tries) {
    const int port = any(device);
    if (std::find(ports.begin(), ports.end(), port) == ports.end() && IsFree(port)) {
      ports[found++] = port;
    }
  }
  if (found < ports.size()) {
    throw std::runtime_error("no free ports");
  }
  return ports;
}

std::string AddressOf(int port) { return fmt::format("tcp://127.0.0.1:{}", port); }

// Time, in which messages pass.
void Pass(milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  for (auto left = time; left.count() > 0;
       left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now())) {
    poll(nullptr, 0, static_cast<int>(left.count()));
  }
}

}  // namespace

KillRun::KillRun(KillRunOptions options)
    : options_(std::move(options)),
      random_(options_.seed),
      ports_(FreePorts()),
      router_{Child(RouterCommand(), File("router.log"))},
      sender_{Child(ModuleCommand(options_.sender_program, "sender"), File("sender.log"))},
      target_{Child(ModuleCommand(options_.target_program, "target"), File("target.log"))} {}

std::vector<std::string> KillRun::RouterCommand() const {
  std::vector<std::string> command{options_.router_program,
                                   "--channel",
                                   fmt::format("main={}", ports_[0]),
                                   "--ack-ingress",
                                   std::to_string(ports_[1]),
                                   "--ack-egress",
                                   std::to_string(ports_[2]),
                                   "--log-level",
                                   "error",
                                   "--max-deliveries",
                                   kMostDeliveries};
  if (!options_.forgetful_router) {
    command.insert(command.end(), {"--store", File("router.db"), "--no-fsync"});
  }
  return command;
}

std::vector<std::string> KillRun::ModuleCommand(const std::string& program,
                                                const std::string& name) const {
  return {program,
          "--main",
          AddressOf(ports_[0]),
          "--ack-ingress",
          AddressOf(ports_[1]),
          "--ack-egress",
          AddressOf(ports_[2]),
          "--store",
          File(name + ".db"),
          "--notes",
          File(name + ".notes"),
          "--in-flight",
          std::to_string(options_.in_flight)};
}

KillReport KillRun::Run() {
  const auto began = Steady::now();
  router_.child.Start();
  target_.child.Start();
  sender_.child.Start();
  while (kills() < options_.kills && faults_.empty()) {
    Pass(Draw(options_.shortest_life, options_.longest_life));
    AwaitWorkNowAndThen();
    CheckChildren();
    KillSome();
  }
  Settle();
  CheckChildren();
  return Report(began);
}

milliseconds KillRun::Draw(milliseconds least, milliseconds most) {
  return milliseconds(
      std::uniform_int_distribution<milliseconds::rep>(least.count(), most.count())(random_));
}

void KillRun::AwaitWorkNowAndThen() {
  const auto noted = [this] {
    std::error_code none;  // There is no file yet.
    const auto bytes = std::filesystem::file_size(File("target.notes"), none);
    return none ? 0 : bytes;
  };
  const auto deadline = Steady::now() + kLongestIdle;
  while (idle_lives_ >= kMostIdleLives && noted() == noted_by_target_ && Steady::now() < deadline) {
    Pass(kLook);
  }
  idle_lives_ = noted() == noted_by_target_ ? idle_lives_ + 1 : 0;
  noted_by_target_ = noted();
}

// One alone twice as often as it and another at the same time.
void KillRun::KillSome() {
  static const std::vector<std::vector<Victim KillRun::*>> kChoices{
      {&KillRun::router_},
      {&KillRun::router_},
      {&KillRun::sender_},
      {&KillRun::sender_},
      {&KillRun::target_},
      {&KillRun::target_},
      {&KillRun::router_, &KillRun::sender_},
      {&KillRun::router_, &KillRun::target_},
      {&KillRun::sender_, &KillRun::target_},
      {&KillRun::router_, &KillRun::sender_, &KillRun::target_},
  };
  std::uniform_int_distribution<std::size_t> any(0, kChoices.size() - 1);
  const auto& chosen = kChoices[any(random_)];
  if (std::find(chosen.begin(), chosen.end(), &KillRun::target_) != chosen.end()) {
    target_.child.Freeze();
    Pass(Draw(milliseconds(0), options_.longest_freeze));
  }
  for (const auto victim : chosen) {
    (this->*victim).child.Kill();
    ++(this->*victim).kills;
  }
  for (const auto victim : chosen) {
    (this->*victim).child.Start();
  }
}

void KillRun::Settle() {
  if (faults_.empty() && !sender_.child.Stop(Steady::now() + options_.settle)) {
    faults_.push_back(fmt::format("the sender did not end within {} ms; see {}",
                                  options_.settle.count(), sender_.child.log()));
  }
  sender_.child.Kill();
  const auto deadline = Steady::now() + options_.settle;
  while (faults_.empty() && !NotedFaults().empty() && Steady::now() < deadline) {
    Pass(kLook);
    CheckChildren();
  }
}

std::vector<std::string> KillRun::NotedFaults() const {
  Ledger ledger;
  ledger.ReadNotes(File("sender.notes"));
  return ledger.Faults(ReadDeeds(File("target.notes")));
}

void KillRun::CheckChildren() {
  for (auto* child : {&router_.child, &sender_.child, &target_.child}) {
    if (child->HasEnded()) {
      faults_.push_back(fmt::format("a program ended by itself; see {}", child->log()));
    }
  }
}

KillReport KillRun::Report(Steady::time_point began) {
  const auto deeds = ReadDeeds(File("target.notes"));
  Ledger ledger;
  ledger.ReadNotes(File("sender.notes"));
  KillReport report;
  report.router_kills = router_.kills;
  report.sender_kills = sender_.kills;
  report.target_kills = target_.kills;
  report.totals = ledger.totals();
  report.started = deeds.starts.size();
  report.faults = faults_;
  for (auto& fault : ledger.Faults(deeds)) {
    report.faults.push_back(std::move(fault));
  }
  if (report.totals.succeeded == 0) {
    report.faults.push_back("no message succeeded, so that nothing was tried");
  }
  report.took = std::chrono::duration_cast<milliseconds>(Steady::now() - began);
  return report;
}

}  // namespace cmb::reference
