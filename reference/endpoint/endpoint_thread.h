// The thread behind a ModuleEndpoint: owns the sockets, the shell and the queue
// of work, and runs them on the real clock.
//
// Owned by ModuleEndpoint alone. Public functions may be called from any other
// thread. Spec: chapters "Sender" and "Target".
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "reference/endpoint/endpoint_metrics.h"
#include "reference/endpoint/endpoint_shell.h"
#include "reference/endpoint/module_endpoint.h"
#include "reference/endpoint/outbox.h"
#include "reference/endpoint/path_probe.h"
#include "reference/endpoint/path_watch.h"
#include "reference/endpoint/shared_event_sink.h"
#include "reference/endpoint/work_queue.h"
#include "reference/shell/clock_memory.h"
#include "reference/shell/command_queue.h"
#include "reference/shell/stall_watch.h"
#include "reference/shell/zmq_transport.h"
#include "reference/store/memory_tx_store.h"

namespace cmb::reference {

// How work is named in the shell.
lifecycle::MessageKey KeyOf(const Received& work);

class EndpointThread : public WorkHandler {
 public:
  explicit EndpointThread(EndpointOptions options);
  ~EndpointThread() override;

  void Offer(Work work) override;
  void Drop(const lifecycle::MessageKey& key) override { works_.Drop(key); }
  void LifeEnded(const lifecycle::MessageKey& key) override;
  void Cancel(const lifecycle::MessageKey& key) override;
  void Resume(Work work) override { works_.Resume(std::move(work)); }

  // As ModuleEndpoint's.
  bool WaitUntilReady(std::chrono::milliseconds at_most);
  std::string Send(const std::string& channel, const std::string& target,
                   const OutgoingMessage& message, const ack::v1::DeliveryPolicy& policy);
  std::optional<Received> Recv(std::chrono::milliseconds at_most);
  std::optional<Received> Take(std::chrono::milliseconds at_most);
  bool Start(const Received& work, bool announce);
  // What BASIC does not (CMB-CXL-001). Settled when it is made.
  bool Cancels() const { return lifecycle::IsTracked(shell_.settings().sender.profile); }
  bool IsCancelled(const Received& work) {
    ThrowIfStopped();
    return works_.IsUnwanted(KeyOf(work));
  }
  void Stopped(const Received& work);
  void End(const Received& work, lifecycle::HandlerEnd end);

  // Calls `function` with the shell, in the thread that owns it. What it throws
  // comes to the caller, and ends the endpoint: the store refused, and
  // what cannot be recorded must not go on (CMB-DUR-016).
  template <class Function>
  auto Ask(Function function) {
    return commands_.Call([&] {
      if (failed_) {
        throw std::runtime_error(kStopped);
      }
      try {
        return function(shell_);
      } catch (...) {
        failed_ = true;
        throw;
      }
    });
  }
  // Any thread may take events from it.
  SharedEventSink& events() { return events_; }

 private:
  void Loop();
  // To whoever reads the program's stderr.
  void Say(const std::string& sentence) const;
  bool IsStopping();
  void ThrowIfStopped() {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      throw std::runtime_error(kStopped);
    }
  }
  void Turn();
  void Probe();
  void Watch();
  std::chrono::milliseconds LongestWait() const;
  std::optional<Received> TakeAndStart();
  bool StartNow(const lifecycle::MessageKey& key, bool announce);
  template <class Next>
  std::optional<Received> WaitFor(std::chrono::milliseconds at_most, Next next);

  EndpointOptions options_;
  MemoryTxStore memory_;  // Where the options give no store.
  TxStore& store_;
  ContinuedClock continued_;
  RealClock& clock_;
  StallWatch stalls_;
  zmq::context_t context_{1};
  EndpointMetrics metrics_;
  ZmqTransport transport_;
  Outbox outbox_;
  SharedEventSink events_;
  Journal journal_;
  WorkQueue works_;
  EndpointShell shell_;
  PathProbe probe_;
  PathWatch watch_;
  CommandQueue commands_;
  bool failed_ = false;  // The endpoint's thread alone.
  std::mutex mutex_;     // Guards the three below.
  std::condition_variable changed_;
  bool ready_ = false;
  bool stopped_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace cmb::reference
