#include "reference/program/router_program.h"

#include <spdlog/spdlog.h>

#include <random>
#include <utility>

#include "reference/shell/clock_memory.h"
#include "reference/shell/drain_loop.h"
#include "reference/shell/id_source.h"
#include "reference/shell/jitter.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

// What the log has counted is told no later than this after its time.
constexpr std::chrono::milliseconds kLongestWait{10'000};
// So old the metrics may be, and so often they are told at most: a thousand queues are
// not copied for every message.
constexpr std::chrono::milliseconds kOldestMetrics{100};
constexpr std::uint64_t kPublishEveryMs = 20;

SocketMap MapOf(const RouterOptions& options) {
  std::vector<std::string> names;
  for (const auto& channel : options.channels) {
    names.push_back(channel.name);
  }
  return SocketMap(std::move(names));
}

SocketOptions SocketsOf(const RouterOptions& options) {
  SocketOptions out;
  out.high_water_mark = options.high_water_mark;
  out.counts_closed = true;
  out.heartbeat_timeout_ms = options.heartbeat_timeout_ms;
  out.largest_frame_bytes = options.largest_frame_bytes;
  if (options.curve) {
    out.curve = *options.curve;
  }
  return out;
}

std::vector<std::string> Addresses(const RouterOptions& options) {
  std::vector<std::string> addresses;
  for (const auto& channel : options.channels) {
    addresses.push_back(channel.address);
  }
  addresses.push_back(options.ack_ingress);
  addresses.push_back(options.ack_egress);
  return addresses;
}

std::unique_ptr<TxStore> StoreOf(const RouterOptions& options) {
  if (options.store.empty()) {
    return std::make_unique<MemoryTxStore>();
  }
  return std::make_unique<SqliteTxStore>(options.store, options.durability);
}

// What forgets at its end is not DURABLE.
RouterSettings SettingsOf(const RouterOptions& options) {
  RouterSettings settings = options.settings;
  auto& profile = settings.core.profile;
  if (options.store.empty() && profile == lifecycle::Profile::kDurable) {
    profile = lifecycle::Profile::kTracked;
  }
  if (settings.id_prefix.empty()) {
    settings.id_prefix = RandomIdPrefix();
  }
  return settings;
}

RouterSettings Measured(RouterSettings settings, TxStore& store, const Clock& clock) {
  settings.measured_since = Began(store, lifecycle::AtMs(static_cast<std::int64_t>(clock.NowMs())));
  return settings;
}

std::unique_ptr<RouterMetrics> MetricsOf(const RouterOptions& options, const Clock& clock) {
  return options.metrics.empty() ? nullptr
                                 : std::make_unique<RouterMetrics>(options.metrics, clock,
                                                                   options.settings.core.records);
}

std::vector<EventSink*> With(RouterMetrics* metrics, std::vector<EventSink*> sinks) {
  if (metrics != nullptr) {
    sinks.push_back(&metrics->sink());
  }
  return sinks;
}

bool AnyReadable(const std::vector<int>& fds) {
  std::vector<zmq::pollitem_t> items;
  for (const int fd : fds) {
    items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  }
  return !items.empty() && Poll(items, 0);
}

}  // namespace

RouterProgram::RouterProgram(RouterOptions options, std::vector<EventSink*> sinks)
    : options_(std::move(options)),
      store_(StoreOf(options_)),
      continued_(*store_),
      clock_(continued_.clock),
      stalls_(MapOf(options_).size(), SettingsOf(options_).core.max_latency,
              lifecycle::AtMs(static_cast<std::int64_t>(clock_.NowMs()))),
      metrics_(MetricsOf(options_, clock_)),
      transport_(context_, MapOf(options_), SocketsOf(options_)),
      journal_(clock_, With(metrics_.get(), std::move(sinks))),
      shell_(Measured(SettingsOf(options_), *store_, clock_), MapOf(options_), transport_, journal_,
             *store_, DrawnJitter(std::random_device{}()),
             metrics_ ? &metrics_->meter() : nullptr) {
  transport_.Bind(Addresses(options_));
  journal_.SetTroubleListener([](const std::string& sentence) { spdlog::error("{}", sentence); });
  shell_.SetAnswerListener(options_.on_answer);
  shell_.Recover(continued_.away);
  Publish();
}

std::vector<ChannelAddress> RouterProgram::channels() const {
  const auto bound = transport_.BoundAddresses();
  std::vector<ChannelAddress> out;
  for (std::size_t i = 0; i < options_.channels.size(); ++i) {
    out.push_back({options_.channels[i].name, bound.at(i)});
  }
  return out;
}

std::string RouterProgram::ack_ingress() const {
  return transport_.BoundAddresses().at(transport_.sockets().ingress());
}

std::string RouterProgram::ack_egress() const {
  return transport_.BoundAddresses().at(transport_.sockets().egress());
}

void RouterProgram::Run(const std::vector<int>& stop_fds) {
  auto fds = stop_fds;
  fds.push_back(wake_up_.fd());
  while (!stopped_ && !AnyReadable(stop_fds)) {
    DrainOnce(transport_, shell_, clock_, stalls_, fds, metrics_ ? kOldestMetrics : kLongestWait);
    journal_.Flush();
    Publish();
    TellExpired();
    TellClosed();
  }
  shell_
      .Commit();  // One that is stopped before its first turn has ended what it could not keep up.
  journal_.Flush();
}

void RouterProgram::Publish() {
  if (metrics_ && clock_.NowMs() >= publish_at_ms_) {
    publish_at_ms_ = clock_.NowMs() + kPublishEveryMs;
    metrics_->Publish(shell_.Counts(), transport_.refused_so_far());
  }
}

void RouterProgram::TellExpired() {
  const std::uint64_t expired = shell_.Counts().expired_letters;
  if (expired > expired_told_) {
    spdlog::warn("{} dead letters that nobody asked for in {} ms are purged",
                 expired - std::exchange(expired_told_, expired),
                 options_.settings.core.dead_letter.count());
  }
}

// Whoever comes and goes costs a line in ten seconds.
void RouterProgram::TellClosed() {
  const std::uint64_t closed = transport_.closed_connections();
  if (closed > closed_told_ && clock_.NowMs() >= tell_closed_at_ms_) {
    tell_closed_at_ms_ = clock_.NowMs() + static_cast<std::uint64_t>(kLongestWait.count());
    spdlog::info(
        "{} connections were closed: modules left, or were silent for heartbeat_timeout_ms ({})",
        closed - std::exchange(closed_told_, closed), options_.heartbeat_timeout_ms);
  }
}

void RouterProgram::Stop() {
  stopped_ = true;
  wake_up_.Ring();
}

bool IsOpenToOthers(const std::string& address) {
  constexpr std::string_view kTcp = "tcp://";
  if (!address.starts_with(kTcp)) {
    return false;  // inproc and ipc stay on this machine.
  }
  const std::string host = address.substr(kTcp.size(), address.rfind(':') - kTcp.size());
  return !(host.starts_with("127.") || host == "localhost" || host == "[::1]");
}

}  // namespace cmb::reference
