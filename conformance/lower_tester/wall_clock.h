// Makes of a harness without virtual_clock one that goes in lock-step, as far as its clock allows:
// waits for each instant, hands over what belongs to it, asks until that and what is expected then
// is done, and gives one reply in protocol time. What the implementation under test (IUT) does at
// another instant than it was asked for shows in the instants of its events. Where order within a
// tick matters, or something is late, it says so in the findings and the case says nothing.
// Owned by IutSession, between this and the control client; one thread. Spec: chapter control
// channel.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/control/control_client.h"
#include "conformance/lower_tester/wall_sockets.h"
#include "conformance/lower_tester/wall_words.h"

namespace cmb::conformance {

inline constexpr char kWallOrder[] = "it needs an order within one instant, and so a virtual clock";

// The clock of this machine, in milliseconds.
std::int64_t WallNow();

class WallClock {
 public:
  // All outlive it.
  WallClock(WallPace pace, WallFindings& findings, ControlClient& control, ChildProcess& child)
      : pace_(pace), findings_(findings), control_(control), child_(child) {}

  // Of the next case.
  void SetPace(const WallPace& pace) { pace_ = pace; }

  // The sockets that Configure made; after that all requests go this way. `role`: of the IUT.
  void Serve(WallSockets& sockets, ack::v1::Role role);

  // As ControlClient::Call, in protocol time. kUnsupported: see the findings.
  Result<control::v1::Reply> Call(control::v1::Request request);

 private:
  using Reply = control::v1::Reply;
  using Request = control::v1::Request;

  Result<Reply> Configure(Request request);
  Result<Reply> Begin(const Request& request);
  Result<Reply> Reset(Request request);
  Result<Reply> Advance(const Request& request);
  Result<Reply> Act(Request request);
  Result<Reply> Look(const Request& request);

  void BeginCase(const control::v1::Settings& settings);
  // Asked as it stands, the clocks compared, and its events kept.
  Result<Reply> Ask(const Request& request);
  Result<Reply> AskReport();
  Result<Done> Play(std::uint64_t to, control::v1::Fire fire, std::vector<WireMessage> messages);
  // What the IUT says of its timers is asked before they fire.
  Result<Done> RefuseOrder(std::uint64_t to, control::v1::Fire fire, bool messages);
  Result<Done> HandOver(std::vector<WireMessage> messages);
  // Until the IUT has what was handed over.
  Result<Done> Read();
  // Until no timer of the instant is left.
  Result<Done> FireAll(std::uint64_t to);
  // Asks for reports until it is so, or what was expected at `at` is late.
  Result<Done> AskUntil(std::uint64_t at, const std::function<bool()>& is_done);
  bool IsTimerLeft(std::uint64_t to) const;
  Result<Done> WaitUntil(std::uint64_t real_ms);
  Result<Done> Pause(std::chrono::milliseconds wait);
  std::optional<Trouble> LateAt(std::uint64_t to);

  // In protocol time, as of now, with every event that was not told; or as if nothing had happened.
  Result<Reply> Tell(Reply reply);
  Reply AsBefore(Reply reply) const;

  Trouble Late(std::uint64_t by_ms);
  Trouble Refuse(std::string sentence);
  Trouble Misfit(std::uint64_t ms);

  std::uint64_t Real(std::uint64_t ms) const;
  // When it is for the suite to act at that instant.
  std::uint64_t TimeOf(std::uint64_t ms);
  std::int64_t IutNow() const;  // At the least.

  WallPace pace_;
  WallFindings& findings_;
  ControlClient& control_;
  ChildProcess& child_;
  WallSockets* sockets_ = nullptr;
  ack::v1::Role role_ = ack::v1::ROLE_UNSPECIFIED;
  WallWords words_;
  std::optional<std::int64_t> ahead_ms_;  // The IUT's clock, of ours, at the least.
  std::uint64_t begin_ms_ = 0;            // Of the case or its process, in protocol time.
  std::uint64_t now_ms_ = 0;              // The same.
  std::uint64_t drift_ms_ = 0;            // By so much the suite is early, or late.
  bool due_at_begin_ = false;             // A timer fires before anything is asked for.
  bool house_at_now_ = false;             // What ends a millisecond behind now has ended already.
  std::uint64_t handed_ = 0;              // Messages since Begin.
  Reply last_;                            // As it came, without events.
  std::vector<ack::v1::Event> unasked_;   // Events that no reply has told yet.
  Reply told_;                            // The last that was given.
};

}  // namespace cmb::conformance
