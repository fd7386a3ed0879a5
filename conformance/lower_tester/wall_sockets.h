// The suite's data sockets toward an implementation under test (IUT) on a real clock: around those
// of sockets.h or without sockets. From Begin on what is sent is held back until the instant of
// its Advance, and every header is translated, both ways. Called by session and WallClock only.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "conformance/lower_tester/wall_words.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

class WallSockets final : public WireSockets {
 public:
  // `findings` outlives it.
  WallSockets(std::unique_ptr<WireSockets> inner, WallFindings& findings);

  // A case begins, whose words these are. They may go.
  void Begin(const WallWords& words);
  // What waits for its Advance, in the order of chapter 10.3.
  std::vector<WireMessage> TakePending();
  // How many were not held back since this was last asked.
  std::uint64_t TakeAtOnce() { return std::exchange(at_once_, 0); }
  // What belongs to the IUT's process: no words are changed.
  WireSockets& inner() { return *inner_; }

  bool Inline() const override { return inner_->Inline(); }
  std::optional<std::string> CannotCarry(const WireMessage& message) const override;
  void FillAddresses(control::v1::Configure& configure) const override {
    inner_->FillAddresses(configure);
  }
  std::optional<std::string> Connect(const control::v1::Configured& configured) override;
  void LetStrangersKnock(ChildProcess& child, Deadline deadline) override {
    inner_->LetStrangersKnock(child, deadline);
  }
  bool Disconnect(const std::string& peer) override;
  bool Reconnect(const std::string& peer) override;
  bool Fill(const std::string& peer, bool full) override { return inner_->Fill(peer, full); }
  bool Reaches(const WireMessage& message) const override { return inner_->Reaches(message); }
  bool Knows(const std::string& peer) const override { return inner_->Knows(peer); }
  bool Send(const WireMessage& message) override;
  bool Receive(SocketNumber socket, WireMessage& message) override;
  std::span<void* const> Handles(SocketNumber socket) const override {
    return inner_->Handles(socket);
  }

 private:
  std::unique_ptr<WireSockets> inner_;
  WallFindings& findings_;
  std::optional<WallWords> words_;  // Absent: no case has begun.
  std::vector<WireMessage> pending_;
  std::uint64_t at_once_ = 0;
};

}  // namespace cmb::conformance
