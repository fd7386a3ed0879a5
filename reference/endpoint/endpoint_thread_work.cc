// What EndpointThread does with the work of its target: gives it to who waits, and says what
// became of it. The rest of it is in endpoint_thread.cc.
#include <utility>

#include "reference/endpoint/endpoint_thread.h"
#include "reference/endpoint/handler_codes.h"

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

Received ReceivedOf(const Work& work) {
  const auto& header = work.frames->header;
  return {.source = work.key.source.str(),
          .message_id = work.key.id.str(),
          .idempotency_key = work.idempotency_key.str(),
          .channel = header.channel(),
          .attempt = work.attempt,
          .payload = std::string(work.frames->Payload()),
          .resumed = work.runs};
}

}  // namespace

lifecycle::MessageKey KeyOf(const Received& work) {
  return {lifecycle::ModuleId(work.source), lifecycle::MessageId(work.message_id)};
}

void EndpointThread::Offer(Work work) {
  if (options_.admit) {
    if (const auto code = options_.admit(ReceivedOf(work))) {
      lifecycle::HandlerEnd refusal;
      refusal.status = lifecycle::Status::kRejected;
      refusal.code = MayHandlerSay(*code) ? static_cast<lifecycle::ErrorCode>(*code)
                                          : lifecycle::ErrorCode::kInternalError;
      shell_.WorkEnded(work.key, refusal);
      return;
    }
  }
  works_.Offer(std::move(work));
}

void EndpointThread::Cancel(const lifecycle::MessageKey& key) {
  works_.Cancel(key);
  if (options_.on_cancel) {
    options_.on_cancel(key.source.str(), key.id.str());
  }
}

void EndpointThread::LifeEnded(const lifecycle::MessageKey& key) {
  if (options_.on_life_end) {
    options_.on_life_end(key.source.str(), key.id.str());
  }
}

// What waits is asked for in the endpoint's thread, so that nothing comes
// between taking and starting.
template <class Next>
std::optional<Received> EndpointThread::WaitFor(milliseconds at_most, Next next) {
  const auto deadline = Steady::now() + at_most;
  while (works_.WaitUntil(deadline)) {
    if (auto work = Ask([&](EndpointShell&) { return next(); })) {
      return work;  // Else taken by another thread, or its life has ended.
    }
  }
  return std::nullopt;
}

std::optional<Received> EndpointThread::Recv(milliseconds at_most) {
  return WaitFor(at_most, [this] { return TakeAndStart(); });
}

std::optional<Received> EndpointThread::Take(milliseconds at_most) {
  return WaitFor(at_most, [this] {
    const auto work = works_.Pop();
    return work ? std::optional(ReceivedOf(*work)) : std::nullopt;
  });
}

std::optional<Received> EndpointThread::TakeAndStart() {
  const auto work = works_.Pop();
  if (!work || (!work->runs && !StartNow(work->key, options_.announces_starts))) {
    return std::nullopt;
  }
  return ReceivedOf(*work);
}

bool EndpointThread::StartNow(const lifecycle::MessageKey& key, bool announce) {
  const lifecycle::HandlerStart start{.announce = announce, .resumable = options_.resumable};
  const bool started = shell_.WorkStarted(key, start);
  if (!started) {
    works_.Forget(key);
  }
  return started;
}

bool EndpointThread::Start(const Received& work, bool announce) {
  return Ask([&](EndpointShell&) { return StartNow(KeyOf(work), announce); });
}

void EndpointThread::Stopped(const Received& work) {
  Ask([&](EndpointShell& shell) {
    shell.WorkStopped(KeyOf(work));
    works_.Forget(KeyOf(work));
  });
}

void EndpointThread::End(const Received& work, lifecycle::HandlerEnd end) {
  Ask([&](EndpointShell& shell) {
    shell.WorkEnded(KeyOf(work), end);
    works_.Forget(KeyOf(work));
  });
}

}  // namespace cmb::reference
