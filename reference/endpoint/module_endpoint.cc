#include "reference/endpoint/module_endpoint.h"

#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "reference/endpoint/endpoint_shell.h"
#include "reference/endpoint/outbox.h"
#include "reference/endpoint/path_probe.h"
#include "reference/endpoint/work_queue.h"
#include "reference/shell/command_queue.h"
#include "reference/shell/drain_loop.h"
#include "reference/shell/jitter.h"
#include "reference/shell/zmq_transport.h"
#include "reference/sinks/memory_event_sink.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr milliseconds kIdleWait{60'000};
// While a PING is unanswered or a frame waits for a connection.
constexpr milliseconds kBusyWait{5};
constexpr std::size_t kLongestModuleId = 255;

// Events for PollEvents, which any thread may call.
class SharedEventSink : public EventSink {
 public:
  void Write(const ack::v1::Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.Write(event);
  }
  void Flush() override {}
  std::vector<ack::v1::Event> Take() {
    const std::lock_guard lock(mutex_);
    return events_.Take();
  }

 private:
  std::mutex mutex_;
  MemoryEventSink events_;
};

std::vector<std::string> Names(const EndpointOptions& options) {
  std::vector<std::string> names;
  for (const auto& channel : options.channels) {
    names.push_back(channel.name);
  }
  return names;
}

std::vector<std::string> Addresses(const EndpointOptions& options) {
  std::vector<std::string> addresses;
  for (const auto& channel : options.channels) {
    addresses.push_back(channel.address);
  }
  addresses.push_back(options.ack_ingress);
  addresses.push_back(options.ack_egress);
  return addresses;
}

SocketOptions Sockets(const EndpointOptions& options) {
  const std::string& id = options.module_id;
  if (id.empty() || id.size() > kLongestModuleId || id.front() == '\0' || id.front() == '@') {
    throw std::invalid_argument("\"" + id + "\" is no module id");
  }
  if (options.channels.empty()) {
    throw std::invalid_argument("an endpoint needs a channel");
  }
  SocketOptions sockets;
  sockets.routing_id = id;
  return sockets;
}

EndpointSettings Settings(const EndpointOptions& options) {
  EndpointSettings settings;
  settings.module_id = options.module_id;
  settings.sender = options.sender;
  settings.target = options.target;
  settings.id_prefix = RandomIdPrefix();
  return settings;
}

std::vector<EventSink*> With(std::vector<EventSink*> sinks, EventSink* another) {
  sinks.push_back(another);
  return sinks;
}

Received ReceivedOf(const Work& work) {
  const auto& header = work.frames->header;
  return {work.key.source.str(), work.key.id.str(), work.idempotency_key.str(),
          header.channel(),      work.attempt,      std::string(work.frames->Payload())};
}

lifecycle::MessageKey KeyOf(const Received& work) {
  return {lifecycle::ModuleId(work.source), lifecycle::MessageId(work.message_id)};
}

}  // namespace

class ModuleEndpoint::Impl : public WorkHandler {
 public:
  explicit Impl(EndpointOptions options);
  ~Impl() override;

  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override { works_.Drop(key); }

  bool WaitUntilReady(milliseconds at_most);
  std::optional<Received> Recv(milliseconds at_most);
  void End(const Received& work, lifecycle::HandlerEnd end);

  // Calls `function` with the shell, in the thread that owns it.
  template <class Function>
  auto Ask(Function function) {
    return commands_.Call([&] { return function(shell_); });
  }
  SharedEventSink& events() { return events_; }

 private:
  void Loop();
  void Turn();
  std::optional<Received> Start();

  EndpointOptions options_;
  RealClock clock_;
  zmq::context_t context_{1};
  ZmqTransport transport_;
  Outbox outbox_;
  SharedEventSink events_;
  MemoryTxStore memory_;
  Journal journal_;
  WorkQueue works_;
  EndpointShell shell_;
  PathProbe probe_;
  CommandQueue commands_;
  std::mutex mutex_;  // Guards the two below.
  std::condition_variable changed_;
  bool ready_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

ModuleEndpoint::Impl::Impl(EndpointOptions options)
    : options_(std::move(options)),
      transport_(context_, SocketMap(Names(options_)), Sockets(options_)),
      outbox_(transport_, clock_),
      journal_(clock_, With(options_.sinks, &events_)),
      shell_(Settings(options_), SocketMap(Names(options_)),
             EndpointParts{outbox_, journal_, options_.store ? *options_.store : memory_, *this},
             DrawnJitter(std::random_device{}())),
      probe_(options_.module_id, transport_.sockets(), transport_, clock_) {
  if (options_.on_event) {
    journal_.AddListener(options_.on_event);
  }
  shell_.SetPongListener([this](const auto& header) { probe_.OnPong(header); });
  transport_.Connect(Addresses(options_));
  thread_ = std::thread([this] { Loop(); });
}

ModuleEndpoint::Impl::~Impl() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  commands_.Wake();
  thread_.join();
}

void ModuleEndpoint::Impl::Loop() {
  try {
    for (;;) {
      {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
          break;
        }
      }
      Turn();
    }
  } catch (const std::exception& error) {
    // A sink or a store refused: what is not recorded must not go on.
    std::fprintf(stderr, "endpoint %s stops: %s\n", options_.module_id.c_str(), error.what());
  }
  works_.Close();
  commands_.Close();
}

void ModuleEndpoint::Impl::Turn() {
  commands_.RunAll();
  probe_.Tick();
  if (probe_.done() && !ready_) {
    outbox_.Release();
    const std::lock_guard lock(mutex_);
    ready_ = true;
    changed_.notify_all();
  }
  outbox_.Flush();
  const bool busy = !probe_.done() || !outbox_.empty();
  DrainOnce(transport_, shell_, clock_, {commands_.fd()}, busy ? kBusyWait : kIdleWait);
  journal_.Flush();
}

bool ModuleEndpoint::Impl::WaitUntilReady(milliseconds at_most) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, at_most, [&] { return ready_; });
}

void ModuleEndpoint::Impl::Offer(Work work) {
  if (options_.admit) {
    if (const auto code = options_.admit(ReceivedOf(work))) {
      lifecycle::HandlerEnd refusal;
      refusal.status = lifecycle::Status::kRejected;
      refusal.code = static_cast<lifecycle::ErrorCode>(*code);
      shell_.WorkEnded(work.key, refusal);
      return;
    }
  }
  works_.Offer(std::move(work));
}

// In the endpoint's thread, so that nothing comes between taking and starting.
std::optional<Received> ModuleEndpoint::Impl::Start() {
  auto work = works_.Pop();
  if (!work) {
    return std::nullopt;
  }
  shell_.WorkStarted(work->key);
  const auto record = shell_.Find(work->key.source.str(), work->key.id.str());
  if (!record || record->state() != ack::v1::STATE_EXECUTING) {
    return std::nullopt;  // Its life ended while it waited.
  }
  return ReceivedOf(*work);
}

std::optional<Received> ModuleEndpoint::Impl::Recv(milliseconds at_most) {
  const auto deadline = Steady::now() + at_most;
  while (works_.WaitUntil(deadline)) {
    if (auto work = commands_.Call([this] { return Start(); })) {
      return work;
    }
  }
  return std::nullopt;
}

void ModuleEndpoint::Impl::End(const Received& work, lifecycle::HandlerEnd end) {
  commands_.Call([&] { shell_.WorkEnded(KeyOf(work), end); });
}

ModuleEndpoint::ModuleEndpoint(EndpointOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

ModuleEndpoint::~ModuleEndpoint() = default;

bool ModuleEndpoint::WaitUntilReady(milliseconds at_most) { return impl_->WaitUntilReady(at_most); }

std::string ModuleEndpoint::Send(const std::string& channel, const std::string& target,
                                 const OutgoingMessage& message,
                                 const ack::v1::DeliveryPolicy& policy) {
  const auto result = impl_->Ask(
      [&](EndpointShell& shell) { return shell.Send(channel, target, message, policy); });
  if (const auto* refusal = std::get_if<lifecycle::SendRefusal>(&result)) {
    throw SendRefused(static_cast<ack::v1::ErrorCode>(refusal->code), refusal->sentence);
  }
  return std::get<lifecycle::MessageId>(result).str();
}

void ModuleEndpoint::Cancel(const std::string& message_id) {
  impl_->Ask([&](EndpointShell& shell) { shell.Cancel(lifecycle::MessageId(message_id)); });
}

std::optional<Received> ModuleEndpoint::Recv(milliseconds at_most) { return impl_->Recv(at_most); }

void ModuleEndpoint::Succeed(const Received& work, const std::string& payload) {
  lifecycle::HandlerEnd end;
  end.parcel = payload.empty() ? nullptr : PayloadParcel(payload);
  impl_->End(work, std::move(end));
}

void ModuleEndpoint::Fail(const Received& work, ack::v1::ErrorCode code, const std::string& note) {
  lifecycle::HandlerEnd end;
  end.status = lifecycle::Status::kFailure;
  end.code = static_cast<lifecycle::ErrorCode>(code);
  end.note = note;
  impl_->End(work, std::move(end));
}

std::vector<ack::v1::Event> ModuleEndpoint::PollEvents() { return impl_->events().Take(); }

std::optional<ack::v1::TransactionRecord> ModuleEndpoint::GetTransaction(
    const std::string& message_id) {
  return impl_->Ask(
      [&](EndpointShell& shell) { return shell.Find(shell.module_id(), message_id); });
}

std::optional<ack::v1::TransactionRecord> ModuleEndpoint::GetTransaction(
    const std::string& source, const std::string& message_id) {
  return impl_->Ask([&](EndpointShell& shell) { return shell.Find(source, message_id); });
}

}  // namespace cmb::reference
