#include "reference/endpoint/module_endpoint.h"

#include <utility>

#include "reference/endpoint/endpoint_thread.h"

namespace cmb::reference {

using std::chrono::milliseconds;

ModuleEndpoint::ModuleEndpoint(EndpointOptions options)
    : thread_(std::make_unique<EndpointThread>(std::move(options))) {}

ModuleEndpoint::~ModuleEndpoint() = default;

bool ModuleEndpoint::WaitUntilReady(milliseconds at_most) {
  return thread_->WaitUntilReady(at_most);
}

std::string ModuleEndpoint::Send(const std::string& channel, const std::string& target,
                                 const OutgoingMessage& message,
                                 const ack::v1::DeliveryPolicy& policy) {
  const auto result = thread_->Ask(
      [&](EndpointShell& shell) { return shell.Send(channel, target, message, policy); });
  if (const auto* refusal = std::get_if<lifecycle::SendRefusal>(&result)) {
    throw SendRefused(static_cast<ack::v1::ErrorCode>(refusal->code), refusal->sentence);
  }
  return std::get<lifecycle::MessageId>(result).str();
}

void ModuleEndpoint::Cancel(const std::string& message_id) {
  thread_->Ask([&](EndpointShell& shell) { shell.Cancel(lifecycle::MessageId(message_id)); });
}

std::optional<Received> ModuleEndpoint::Recv(milliseconds at_most) {
  return thread_->Recv(at_most);
}

void ModuleEndpoint::Succeed(const Received& work, const std::string& payload) {
  lifecycle::HandlerEnd end;
  end.parcel = payload.empty() ? nullptr : PayloadParcel(payload);
  thread_->End(work, std::move(end));
}

void ModuleEndpoint::Fail(const Received& work, ack::v1::ErrorCode code, const std::string& note) {
  lifecycle::HandlerEnd end;
  end.status = lifecycle::Status::kFailure;
  end.code = static_cast<lifecycle::ErrorCode>(code);
  end.note = note;
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
