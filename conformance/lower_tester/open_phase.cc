#include "conformance/lower_tester/open_phase.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/control/control_client.h"
#include "conformance/control/wait.h"
#include "conformance/lower_tester/closing_check.h"
#include "conformance/lower_tester/ping.h"

namespace cmb::conformance {
namespace {

// PINGs that find no connection are repeated after this time, then after twice this time, and so
// on: quick where the IUT is quick, and never faster than a slow one can answer.
constexpr std::chrono::milliseconds kFirstRound{1};
constexpr std::chrono::milliseconds kLongestRound{500};

constexpr std::size_t kMostVain = 4;

class OpenPhase {
 public:
  OpenPhase(WireSockets& sockets, const std::vector<std::string>& absent, ChildProcess& child)
      : sockets_(sockets), absent_(absent), child_(child) {
    for (const Path& path : sockets.paths()) {
      probes_.push_back({path, "", false, false});
    }
    for (SocketNumber socket = 0; socket < sockets.layout().size(); ++socket) {
      const auto handles = sockets.Handles(socket);
      handles_.insert(handles_.end(), handles.begin(), handles.end());
    }
  }

  Result<Done> Run(std::chrono::milliseconds guard) {
    const Deadline deadline = Deadline::OfGuard(guard);
    auto round = kFirstRound;
    while (!Finished()) {
      if (deadline.Passed()) {
        return MakeTrouble(TroubleKind::kHarnessError, Fault{Unanswered(guard), Requirement()},
                           child_);
      }
      PingAgain();
      if (!Listen(Earlier(deadline, Deadline::In(round)))) {
        return MakeTrouble(TroubleKind::kIutCrashed,
                           fmt::format("the IUT {} in the open phase", child_.Kill().Sentence()),
                           child_);
      }
      round = std::min(2 * round, kLongestRound);
    }
    return Done{};
  }

 private:
  struct Probe {
    Path path;
    std::string nonce;  // The last one sent.
    bool answered = false;
    bool ever_sent = false;  // A connection has been there.
  };

  bool Finished() const {
    return std::all_of(probes_.begin(), probes_.end(), [](const Probe& p) { return p.answered; });
  }

  void PingAgain() {
    ++round_;
    for (std::size_t i = 0; i < probes_.size(); ++i) {
      Probe& probe = probes_[i];
      if (probe.answered) {
        continue;
      }
      const std::string nonce = fmt::format("@open-{}-{}", i + 1, round_);
      if (sockets_.Send(MakePing(probe.path, nonce))) {
        probe.nonce = nonce;
        probe.ever_sent = true;
      }
    }
  }

  // Reads until every path is answered or the deadline. False: the IUT has ended.
  bool Listen(Deadline deadline) {
    while (!Finished()) {
      ReadAll();
      if (Finished()) {
        return true;
      }
      switch (WaitReadable(handles_, child_, deadline)) {
        case Wake::kReadable:
          break;
        case Wake::kChildEnded:
          return false;
        case Wake::kDeadline:
          return true;
      }
    }
    return true;
  }

  void ReadAll() {
    WireMessage message;
    for (SocketNumber socket = 0; socket < sockets_.layout().size(); ++socket) {
      while (sockets_.Receive(socket, message)) {
        Take(message);
      }
    }
  }

  void Take(const WireMessage& message) {
    if (const auto nonce = NonceOfPong(message.frames)) {
      bool answers = false;
      for (Probe& probe : probes_) {
        const bool hit = probe.nonce == *nonce && probe.path.in == message.socket &&
                         probe.path.peer == message.peer;
        probe.answered |= hit;
        answers |= hit;
      }
      if (!answers) {
        NoteVain("a PONG that answers no open PING of that path", message);
      }
    } else if (const auto answer = AnswerToPing(message, sockets_.layout(), absent_)) {
      sockets_.Send(*answer);
      // Our PONG is on its way now. Only a later PING, answered, proves that it was read before
      // Begin, from which on it would be counted.
      for (Probe& probe : probes_) {
        const bool same = probe.path.out == answer->socket && probe.path.peer == answer->peer;
        probe.answered &= !same;
      }
    } else {
      NoteVain(Describe(message.frames), message);
    }
  }

  // Each kind once and no counts: how often it came depends on the machine.
  void NoteVain(const std::string& what, const WireMessage& message) {
    const std::string line =
        fmt::format("{} came by {}", what, sockets_.layout().Name(message.socket));
    if (vain_.size() < kMostVain && std::find(vain_.begin(), vain_.end(), line) == vain_.end()) {
      vain_.push_back(line);
    }
  }

  std::string Requirement() const {
    const bool any = std::any_of(vain_.begin(), vain_.end(), [](const std::string& line) {
      return line.starts_with("a PONG");
    });
    return any ? kPongs : "CMB-CTL-007";
  }

  std::string Unanswered(std::chrono::milliseconds guard) const {
    std::vector<std::string> missing;
    for (const Probe& probe : probes_) {
      if (probe.answered) {
        continue;
      }
      const std::string name = sockets_.layout().Name(probe.path.out);
      const std::string who = fmt::format("{} of {}", name, probe.path.peer);
      missing.push_back(probe.ever_sent
                            ? fmt::format("no PONG by {} to a PING on {}",
                                          sockets_.layout().Name(probe.path.in), who)
                            : fmt::format("no connection of {} on {}", probe.path.module, who));
    }
    return fmt::format("the open phase did not end within {} ms: {}{}{}", guard.count(),
                       fmt::join(missing, ", "), vain_.empty() ? "" : "; but ",
                       fmt::join(vain_, ", "));
  }

  WireSockets& sockets_;
  const std::vector<std::string>& absent_;
  ChildProcess& child_;
  std::vector<Probe> probes_;
  std::vector<void*> handles_;
  std::vector<std::string> vain_;  // What came and answered nothing.
  int round_ = 0;
};

}  // namespace

Result<Done> RunOpenPhase(WireSockets& sockets, const std::vector<std::string>& absent,
                          ChildProcess& child, std::chrono::milliseconds guard) {
  return OpenPhase(sockets, absent, child).Run(guard);
}

}  // namespace cmb::conformance
