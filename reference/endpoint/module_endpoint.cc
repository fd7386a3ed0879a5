#include "reference/endpoint/module_endpoint.h"

#include <utility>

#include "proto/wire/words.h"
#include "reference/endpoint/endpoint_thread.h"
#include "reference/endpoint/handler_codes.h"

namespace cmb::reference {

using std::chrono::milliseconds;

namespace {

constexpr std::uint32_t kAll = 100;  // Percent.

lifecycle::HandlerEnd Unhappy(lifecycle::Status status, ack::v1::ErrorCode code,
                              const std::string& note) {
  if (!MayHandlerSay(code)) {
    throw std::invalid_argument("a handler does not end with " + wire::Word(code));
  }
  lifecycle::HandlerEnd end;
  end.status = status;
  end.code = static_cast<lifecycle::ErrorCode>(code);
  end.note = note;
  return end;
}

}  // namespace

ModuleEndpoint::ModuleEndpoint(EndpointOptions options)
    : thread_(std::make_unique<EndpointThread>(std::move(options))) {}

ModuleEndpoint::~ModuleEndpoint() = default;

bool ModuleEndpoint::WaitUntilReady(milliseconds at_most) {
  return thread_->WaitUntilReady(at_most);
}

std::string ModuleEndpoint::Send(const std::string& channel, const std::string& target,
                                 const OutgoingMessage& message,
                                 const ack::v1::DeliveryPolicy& policy) {
  return thread_->Send(channel, target, message, policy);
}

void ModuleEndpoint::Cancel(const std::string& message_id) {
  if (!thread_->Cancels()) {
    throw std::invalid_argument("profile BASIC cancels nothing");
  }
  thread_->Ask([&](EndpointShell& shell) { shell.Cancel(lifecycle::MessageId(message_id)); });
}

std::optional<Received> ModuleEndpoint::Recv(milliseconds at_most) {
  return thread_->Recv(at_most);
}

std::optional<Received> ModuleEndpoint::Take(milliseconds at_most) {
  return thread_->Take(at_most);
}

void ModuleEndpoint::Hold(const Received& work, milliseconds at_most) {
  thread_->Ask([&](EndpointShell& shell) { shell.WorkHeld(KeyOf(work), at_most); });
}

bool ModuleEndpoint::Start(const Received& work, bool announce) {
  return thread_->Start(work, announce);
}

void ModuleEndpoint::Refuse(const Received& work, ack::v1::ErrorCode code, const std::string& note,
                            bool retryable) {
  auto end = Unhappy(lifecycle::Status::kRejected, code, note);
  end.retryable = retryable;
  thread_->End(work, std::move(end));
}

void ModuleEndpoint::Report(const Received& work, const Progress& progress) {
  if (progress.percent.value_or(0) > kAll) {
    throw std::invalid_argument("percent is above 100");
  }
  lifecycle::HandlerProgress said;
  said.percent = progress.percent;
  said.done = progress.done;
  said.total = progress.total;
  said.eta = progress.eta;
  thread_->Ask([&](EndpointShell& shell) { shell.WorkProgressed(KeyOf(work), said); });
}

bool ModuleEndpoint::IsCancelled(const Received& work) { return thread_->IsCancelled(work); }

void ModuleEndpoint::Stopped(const Received& work) { thread_->Stopped(work); }

void ModuleEndpoint::Succeed(const Received& work, const std::string& payload) {
  lifecycle::HandlerEnd end;
  end.parcel = payload.empty() ? nullptr : PayloadParcel(payload);
  thread_->End(work, std::move(end));
}

void ModuleEndpoint::Fail(const Received& work, ack::v1::ErrorCode code, const std::string& note) {
  thread_->End(work, Unhappy(lifecycle::Status::kFailure, code, note));
}

void ModuleEndpoint::FailPartly(const Received& work, std::uint64_t done, std::uint64_t total,
                                const std::string& note) {
  auto end = Unhappy(lifecycle::Status::kFailure, ack::v1::ERROR_CODE_PARTIAL_DELIVERY, note);
  end.done = done;
  end.total = total;
  thread_->End(work, std::move(end));
}

std::vector<ack::v1::Event> ModuleEndpoint::PollEvents() { return thread_->events().Take(); }

std::vector<ack::v1::Event> ModuleEndpoint::WaitForEvents(milliseconds at_most) {
  return thread_->events().WaitAndTake(at_most);
}

std::optional<ack::v1::TransactionRecord> ModuleEndpoint::GetTransaction(
    const std::string& message_id) {
  return thread_->Ask(
      [&](EndpointShell& shell) { return shell.Find(shell.module_id(), message_id); });
}

std::optional<ack::v1::TransactionRecord> ModuleEndpoint::GetTransaction(
    const std::string& source, const std::string& message_id) {
  return thread_->Ask([&](EndpointShell& shell) { return shell.Find(source, message_id); });
}

}  // namespace cmb::reference
