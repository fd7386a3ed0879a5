#include "reference/endpoint/endpoint_thread.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>

#include "reference/endpoint/endpoint_sockets.h"
#include "reference/shell/clock_memory.h"
#include "reference/shell/drain_loop.h"
#include "reference/shell/jitter.h"

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdleWait{60'000};
// While a frame waits for a connection.
constexpr milliseconds kBusyWait{5};

ack::v1::Profile ProfileOf(const EndpointOptions& options) {
  const bool durable = options.store != nullptr && options.store->IsDurable();
  if (!options.profile) {
    return durable ? ack::v1::PROFILE_DURABLE : ack::v1::PROFILE_TRACKED;
  }
  if (*options.profile == ack::v1::PROFILE_DURABLE && !durable) {
    throw std::invalid_argument("profile DURABLE needs a store that outlives the process");
  }
  if (*options.profile == ack::v1::PROFILE_CORE) {
    throw std::invalid_argument("an endpoint is BASIC at least");  // CMB-VER-019.
  }
  return *options.profile;
}

// CMB-VER-012: what the profile and the features leave out the cores do not say.
EndpointSettings Settings(const EndpointOptions& options) {
  EndpointSettings settings;
  settings.module_id = options.module_id;
  const auto profile = static_cast<lifecycle::Profile>(ProfileOf(options));
  settings.sender = options.sender;
  settings.sender.profile = profile;
  settings.sender.fallback = options.features.fallback;
  settings.sender.circuit_breaker = options.features.circuit_breaker;
  settings.batch_ack = options.features.batch_ack;
  settings.target = options.target;
  settings.target.profile = profile;
  settings.target.conditional_ack = options.features.conditional_ack;
  settings.target.ordered = options.features.ordered;
  settings.id_prefix = RandomIdPrefix();
  return settings;
}

std::vector<EventSink*> SinksOf(const EndpointOptions& options, EventSink* another) {
  auto sinks = options.sinks;
  sinks.push_back(another);
  if (options.metrics != nullptr) {
    sinks.push_back(options.metrics);
  }
  return sinks;
}

// As patient as the heartbeats, which prove the connection and not that the router knows it.
PathPatience PatienceOf(const EndpointOptions& options) {
  const auto all = static_cast<std::uint64_t>(options.heartbeat_timeout.count());
  return {.quiet_ms = all / 3, .answer_ms = all - all / 3};
}

}  // namespace

EndpointThread::EndpointThread(EndpointOptions options)
    : options_(std::move(options)),
      store_(options_.store ? *options_.store : memory_),
      continued_(store_),
      clock_(continued_.clock),
      stalls_(SocketMapOf(options_).size(), options_.target.max_latency,
              lifecycle::AtMs(static_cast<std::int64_t>(clock_.NowMs()))),
      metrics_(options_.metrics, clock_),
      transport_(context_, SocketMapOf(options_), SocketOptionsOf(options_)),
      outbox_(transport_, clock_, kOutboxFrames, metrics_.meter()),
      journal_(clock_, SinksOf(options_, &events_)),
      shell_(Settings(options_), SocketMapOf(options_),
             EndpointParts{outbox_, journal_, store_, *this, metrics_.meter()},
             DrawnJitter(std::random_device{}())),
      probe_(options_.module_id, transport_.sockets(), transport_, clock_,
             options_.features.batch_ack),
      watch_(
          options_.module_id, transport_.sockets(), transport_, clock_,
          [this](std::size_t socket) { return transport_.received_by(socket); },
          PatienceOf(options_), options_.features.batch_ack) {
  if (options_.on_event) {
    journal_.AddListener(options_.on_event);
  }
  journal_.SetTroubleListener([this](const std::string& sentence) { Say(sentence); });
  shell_.SetPongListener([this](const auto& header) { probe_.OnPong(header); });
  transport_.Connect(AddressesOf(options_));
  shell_.Recover(continued_.away);
  thread_ = std::thread([this] { Loop(); });
}

EndpointThread::~EndpointThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  commands_.Wake();
  thread_.join();
}

void EndpointThread::Loop() {
  try {
    while (!failed_ && !IsStopping()) {
      Turn();
    }
  } catch (const std::exception& error) {
    failed_ = true;  // Whoever asks from now on is not answered by what was never recorded.
    Say(std::string("it stops: ") + error.what());
  }
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  works_.Close();
  events_.Close();
  commands_.Close();
}

void EndpointThread::Say(const std::string& sentence) const {
  std::fprintf(stderr, "endpoint %s: %s\n", options_.module_id.c_str(), sentence.c_str());
}

bool EndpointThread::IsStopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void EndpointThread::Turn() {
  // CMB-DUR-013: what a caller is told has been committed.
  commands_.RunAll([this] {
    if (!failed_) {
      shell_.Commit();
    }
  });
  if (failed_) {
    return;
  }
  Probe();
  Watch();
  outbox_.Flush();
  metrics_.Publish(shell_, outbox_);  // Before it waits.
  DrainOnce(transport_, shell_, clock_, stalls_, {commands_.fd()}, LongestWait());
  journal_.Flush();
}

// A router that has not answered yet does not keep messages from the others.
void EndpointThread::Probe() {
  if (ready_) {
    return;
  }
  probe_.Tick();
  const SocketMap& sockets = transport_.sockets();
  for (std::size_t socket = 0; socket < sockets.size(); ++socket) {
    if (probe_.done(sockets.RouterOf(socket))) {
      outbox_.Release(socket);
    }
  }
  if (probe_.done()) {
    const std::lock_guard lock(mutex_);
    ready_ = true;
    changed_.notify_all();
  }
}

// A stranger cannot cause it without connecting, so a line each time is bounded by the patience.
void EndpointThread::Watch() {
  const auto silent = watch_.Tick();
  for (const std::size_t socket : silent) {
    transport_.Reconnect(socket);
  }
  if (!silent.empty()) {
    Say("the router does not answer on a connection that stands, so it is made anew; another "
        "program may have taken this module's id");
  }
}

milliseconds EndpointThread::LongestWait() const {
  if (!outbox_.empty()) {
    return kBusyWait;
  }
  const std::uint64_t next_ms =
      probe_.done() ? watch_.next_ms() : std::min(probe_.next_ms(), watch_.next_ms());
  const std::uint64_t now_ms = clock_.NowMs();
  return std::min(kIdleWait, milliseconds(std::max(next_ms, now_ms) - now_ms));
}

bool EndpointThread::WaitUntilReady(milliseconds at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [&] { return ready_ || stopped_; });
  if (stopped_) {
    throw std::runtime_error(kStopped);
  }
  return ready_;
}

std::string EndpointThread::Send(const std::string& channel, const std::string& target,
                                 const OutgoingMessage& message,
                                 const ack::v1::DeliveryPolicy& policy) {
  auto merged = options_.policy;
  if (policy.retryable_size() > 0) {
    merged.clear_retryable();  // A list goes as a whole.
  }
  if (policy.channels_size() > 0) {
    merged.clear_channels();
  }
  merged.MergeFrom(policy);
  const auto result =
      Ask([&](EndpointShell& shell) { return shell.Send(channel, target, message, merged); });
  if (const auto* refusal = std::get_if<lifecycle::SendRefusal>(&result)) {
    throw SendRefused(static_cast<ack::v1::ErrorCode>(refusal->code), refusal->sentence);
  }
  return std::get<lifecycle::MessageId>(result).str();
}

}  // namespace cmb::reference
