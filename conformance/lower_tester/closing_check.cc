#include "conformance/lower_tester/closing_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/lower_tester/ping.h"

namespace cmb::conformance {
namespace {

struct Open {
  const ClosingPing* ping;
  bool answered = false;
};

bool Answers(const WireMessage& message, Open& open) {
  const Path& path = open.ping->path;
  return !open.answered && path.in == message.socket && path.peer == message.peer &&
         NonceOfPong(message.frames) == open.ping->nonce;
}

}  // namespace

std::optional<Fault> JudgeClosing(const std::vector<ClosingPing>& pings,
                                  const std::vector<WireMessage>& received, std::uint64_t counted,
                                  const SocketLayout& layout) {
  std::vector<Open> open;
  for (const ClosingPing& ping : pings) {
    open.push_back({&ping});
  }
  std::uint64_t own_pings = 0;
  const WireMessage* stray = nullptr;
  for (const WireMessage& message : received) {
    const auto answered = std::find_if(open.begin(), open.end(),
                                       [&message](Open& entry) { return Answers(message, entry); });
    if (answered != open.end()) {
      answered->answered = true;
    } else if (IsPing(message.frames)) {
      ++own_pings;
    } else if (stray == nullptr) {
      stray = &message;
    }
  }
  if (stray != nullptr) {
    const bool was_counted = counted > pings.size() + own_pings;
    const std::string what = fmt::format("at the closing check {} came by {}",
                                         Describe(stray->frames), layout.Name(stray->socket));
    const bool wrong_pong = NonceOfPong(stray->frames).has_value();
    if (!was_counted && !wrong_pong) {
      return Fault{what + ", which the IUT had not counted in `sent`", "CMB-CTL-018"};
    }
    return Fault{what + (wrong_pong ? ", which answers no PING of that path"
                                    : ", where only PONGs were expected"),
                 wrong_pong ? kPongs : ""};
  }
  for (const Open& entry : open) {
    if (!entry.answered) {
      const Path& path = entry.ping->path;
      return Fault{fmt::format("at the closing check no PONG came by {} to the PING on {} of {}",
                               layout.Name(path.in), layout.Name(path.out), path.peer),
                   kPongs};
    }
  }
  return std::nullopt;
}

}  // namespace cmb::conformance
