// Data sockets toward a router, whose modules have other names out there. Everybody on this side
// sees the names of the case. Owned by BlackBoxBench; one thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "conformance/lower_tester/renaming.h"
#include "conformance/lower_tester/wire_sockets.h"

namespace cmb::conformance {

class RenamedSockets final : public WireSockets {
 public:
  // `inner` knows the modules by their other names.
  RenamedSockets(std::unique_ptr<WireSockets> inner, Renaming names)
      : WireSockets(inner->layout(), {}), inner_(std::move(inner)), names_(std::move(names)) {
    PathsChanged();
  }

  void FillAddresses(control::v1::Configure& configure) const override {
    inner_->FillAddresses(configure);
  }
  std::optional<std::string> Connect(const control::v1::Configured& configured) override {
    return inner_->Connect(configured);
  }
  bool Disconnect(const std::string& peer) override {
    const bool done = inner_->Disconnect(names_.Out(peer));
    PathsChanged();
    return done;
  }
  bool Reconnect(const std::string& peer) override {
    const bool done = inner_->Reconnect(names_.Out(peer));
    PathsChanged();
    return done;
  }
  bool Reaches(const WireMessage& message) const override { return inner_->Reaches(Out(message)); }
  bool Knows(const std::string& peer) const override { return inner_->Knows(names_.Out(peer)); }
  bool Send(const WireMessage& message) override { return inner_->Send(Out(message)); }
  bool Receive(SocketNumber socket, WireMessage& message) override {
    if (!inner_->Receive(socket, message)) {
      return false;
    }
    message.peer = names_.Back(message.peer);
    names_.HeaderBack(message.frames.front());
    return true;
  }
  std::span<void* const> Handles(SocketNumber socket) const override {
    return inner_->Handles(socket);
  }

 private:
  WireMessage Out(WireMessage message) const {
    message.peer = names_.Out(message.peer);
    if (!message.frames.empty()) {
      names_.HeaderOut(message.frames.front());
    }
    return message;
  }
  void PathsChanged() {
    std::vector<Path> paths = inner_->paths();
    for (Path& path : paths) {
      path.peer = names_.Back(path.peer);
    }
    SetPaths(std::move(paths));
  }

  std::unique_ptr<WireSockets> inner_;
  Renaming names_;
};

}  // namespace cmb::conformance
