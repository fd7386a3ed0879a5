#include "reference/endurance/kill_run.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;

// Below the ports that the system gives to clients: one of those that tries to
// reconnect while nobody listens could take the port for itself.
constexpr int kLowestPort = 12'000;
constexpr int kHighestPort = 31'000;
constexpr milliseconds kStart{10'000};

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
std::vector<int> FreePorts(std::size_t count) {
  std::random_device device;  // Not the run's seed: two runs must not meet.
  std::uniform_int_distribution<int> any(kLowestPort, kHighestPort);
  std::vector<int> ports;
  for (int tries = 0; tries < 10'000 && ports.size() < count; ++tries) {
    const int port = any(device);
    if (std::find(ports.begin(), ports.end(), port) == ports.end() && IsFree(port)) {
      ports.push_back(port);
    }
  }
  if (ports.size() < count) {
    throw std::runtime_error("no free ports");
  }
  return ports;
}

std::string AddressOf(int port) { return fmt::format("tcp://127.0.0.1:{}", port); }

// Short waits, so that much happens between two kills; enough retries that none
// is given up while one of the two is away.
ack::v1::DeliveryPolicy Policy() {
  ack::v1::DeliveryPolicy policy;
  policy.set_router_ack_ms(200);
  policy.set_delivery_ack_ms(500);
  policy.set_execution_ms(1000);
  policy.set_max_retries(100);
  policy.set_backoff_first_ms(20);
  policy.set_backoff_factor(1.5);
  policy.set_backoff_max_ms(200);
  for (const auto code : {ack::v1::ERROR_CODE_NO_ROUTE, ack::v1::ERROR_CODE_BUFFER_FULL,
                          ack::v1::ERROR_CODE_ACK_TIMEOUT, ack::v1::ERROR_CODE_AGENT_UNAVAILABLE,
                          ack::v1::ERROR_CODE_INTERNAL_ERROR}) {
    policy.add_retryable(code);
  }
  return policy;
}

}  // namespace

KillRun::KillRun(KillRunOptions options) : options_(std::move(options)), random_(options_.seed) {
  const auto ports = FreePorts(3);
  router_ = std::make_unique<Child>(
      std::vector<std::string>{options_.router_program, "--channel",
                               fmt::format("main={}", ports[0]), "--ack-ingress",
                               std::to_string(ports[1]), "--ack-egress", std::to_string(ports[2]),
                               "--store", File("router.db"), "--no-fsync", "--log-level", "error"},
      File("router.log"));
  target_ = std::make_unique<Child>(
      std::vector<std::string>{options_.target_program, "--main", AddressOf(ports[0]),
                               "--ack-ingress", AddressOf(ports[1]), "--ack-egress",
                               AddressOf(ports[2]), "--store", File("target.db"), "--executions",
                               File("executions")},
      File("target.log"));
  EndpointOptions sender;
  sender.module_id = "sender";
  sender.channels = {{"main", AddressOf(ports[0])}};
  sender.ack_ingress = AddressOf(ports[1]);
  sender.ack_egress = AddressOf(ports[2]);
  sender.policy = Policy();
  sender.features.circuit_breaker =
      false;  // What fails again and again shall be sent all the same.
  sender_ = std::make_unique<ModuleEndpoint>(std::move(sender));
}

KillRun::~KillRun() = default;

KillReport KillRun::Run() {
  const auto began = Steady::now();
  Begin();
  std::uniform_int_distribution<milliseconds::rep> life(options_.shortest_life.count(),
                                                        options_.longest_life.count());
  while (router_kills_ + target_kills_ < options_.kills && faults_.empty()) {
    const auto until = Steady::now() + milliseconds(life(random_));
    while (Steady::now() < until) {
      TopUp();
      Listen(until);
    }
    CheckChildren();
    KillOneOrBoth();
  }
  const auto deadline = Steady::now() + options_.settle;
  while (ledger_.open() > 0 && Steady::now() < deadline) {
    Listen(deadline);
  }
  CheckChildren();
  return Report(began);
}

void KillRun::Begin() {
  router_->Start();
  target_->Start();
  if (!sender_->WaitUntilReady(kStart)) {
    throw std::runtime_error(fmt::format("the router does not answer; see {}", router_->log()));
  }
}

void KillRun::KillOneOrBoth() {
  const auto draw = std::uniform_int_distribution<int>(0, 4)(random_);
  const bool router = draw != 1 && draw != 2;
  const bool target = draw != 3 && draw != 4;
  if (router) {
    router_->Kill();
    ++router_kills_;
  }
  if (target) {
    target_->Kill();
    ++target_kills_;
  }
  if (router) {
    router_->Start();
  }
  if (target) {
    target_->Start();
  }
}

void KillRun::TopUp() {
  while (ledger_.open() < options_.in_flight) {
    ledger_.Sent(sender_->Send("main", "target", {.payload = "work"}));
  }
}

void KillRun::Listen(Steady::time_point until) {
  const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
  for (const auto& event : sender_->WaitForEvents(std::max(left, milliseconds(0)))) {
    ledger_.Take(event);
  }
}

void KillRun::CheckChildren() {
  for (const auto* child : {&router_, &target_}) {
    if ((*child)->HasEnded()) {
      faults_.push_back(fmt::format("a program ended by itself; see {}", (*child)->log()));
    }
  }
}

KillReport KillRun::Report(Steady::time_point began) {
  const auto executions = ReadExecutions(File("executions"));
  KillReport report;
  report.router_kills = router_kills_;
  report.target_kills = target_kills_;
  report.totals = ledger_.totals();
  report.started = executions.size();
  report.faults = faults_;
  for (auto& fault : ledger_.Faults(executions)) {
    report.faults.push_back(std::move(fault));
  }
  report.took = std::chrono::duration_cast<milliseconds>(Steady::now() - began);
  return report;
}

}  // namespace cmb::reference
