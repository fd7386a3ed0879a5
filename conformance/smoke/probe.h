// One harness under smoke: a process at a time, taken to the instant at which a step can be tried.
// Used by the steps. One thread. Spec: chapter control channel.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "conformance/lower_tester/iut_session.h"
#include "conformance/smoke/smoke.h"

namespace cmb::conformance::smoke {

inline constexpr std::uint64_t kFirstMs = 1'000;  // Instants at which the first case begins,
inline constexpr std::uint64_t kAgainMs = 5'000;  // and the one after Reset.
inline constexpr char kFirstPrefix[] = "smoke-";
inline constexpr char kAgainPrefix[] = "again-";

// The Finding of a trouble: its own requirement, else `requirement`.
Finding Missing(const Trouble& trouble, std::string_view requirement);
Finding Missing(std::string sentence, std::string_view requirement);
Finding NotTried(std::string sentence);

class Probe {
 public:
  Probe(LockStepOptions options, ack::v1::Role role);

  ack::v1::Role role() const { return role_; }
  bool Inline() const { return options_.binding != control::v1::BINDING_UNSPECIFIED; }
  bool Stdio() const { return options_.stdio; }
  const std::string& iut_name() const { return iut_name_; }
  bool no_process() const { return no_process_; }

  // A process that has said Hello; a new one if there is none.
  Result<Done> Start();
  // The same, configured and begun.
  Result<Done> Begin();
  // Forgets the process: the next step gets a new one.
  void Drop();
  // REQUIRES: Start or Begin succeeded.
  IutSession& session() { return *session_; }

  // There, if `request` is refused with this kind, or `other`, and the next one is answered.
  Finding Refused(const control::v1::Request& request, control::v1::ErrorKind kind,
                  std::string_view requirement,
                  control::v1::ErrorKind other = control::v1::ERROR_KIND_UNSPECIFIED);
  // The same with BAD_REQUEST, of a request whose seq, epoch or incarnation is forged, and of what
  // is no request.
  Finding RefusedForged(const std::string& name, const ControlClient::Forge& forge);
  Finding RefusedBytes(const std::string& bytes);
  // Before Configure. There, if this one is refused with this kind.
  Finding RefusedConfigure(const std::string& name, control::v1::ErrorKind kind,
                           const ControlClient::Forge& forge);

  // A PING by every way in; what came back is in `received` of the exchange.
  Result<Exchange> Ping();
  // A MESSAGE to a router or a target, handled at this instant.
  Result<Exchange> Message();

  std::string Stderr();

 private:
  CaseSettings Settings() const;
  // That the request called `name` was `answered` as it must be. Past the session, which would say
  // what is wrong with an answer that is no error.
  Finding Judge(const std::string& name, Result<control::v1::Reply> answered,
                control::v1::ErrorKind kind, std::string_view requirement,
                control::v1::ErrorKind other);
  Finding JudgeForged(const std::string& name, const control::v1::Request& request,
                      const ControlClient::Forge& forge, control::v1::ErrorKind kind,
                      std::string_view requirement, control::v1::ErrorKind other);
  // `finding`, or where that is there what the next request finds.
  Finding GoesOn(const std::string& refused, Finding finding);

  LockStepOptions options_;
  ack::v1::Role role_;
  zmq::context_t context_{1};
  std::unique_ptr<IutSession> session_;
  std::string iut_name_;
  bool no_process_ = false;  // There is no such command.
  std::string stderr_;       // Of the last process that is gone.
  std::uint64_t pings_ = 0;
};

}  // namespace cmb::conformance::smoke
