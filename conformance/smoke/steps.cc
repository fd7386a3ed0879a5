// How each thing that a harness must do is provoked.
#include "conformance/smoke/steps.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/ping.h"
#include "conformance/smoke/probe.h"
#include "conformance/smoke/step_tools.h"

namespace cmb::conformance::smoke {
namespace {

using control::v1::Request;

constexpr std::chrono::milliseconds kEndGuard{2'000};

}  // namespace

Finding SaysHello(Probe& probe) {
  auto started = probe.Start();
  if (!started) {
    return Missing(started.trouble(), "CMB-CTL-001");
  }
  const auto& roles = probe.session().claims().roles();
  const bool claimed = std::any_of(roles.begin(), roles.end(),
                                   [&](const auto& claim) { return claim.role() == probe.role(); });
  if (claimed) {
    return {};
  }
  Finding finding = Missing("its PICS does not claim this role", "CMB-CTL-001");
  finding.remedy = "claim the role in the PICS of Hello, or name one that is there by --role";
  return finding;
}

Finding Begins(Probe& probe) {
  auto begun = probe.Begin();
  return begun ? Finding{} : Missing(begun.trouble(), "CMB-CTL-003");
}

Finding MovesItsClock(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    auto moved = probe.session().Advance(FromMs(kFirstMs + 10), control::v1::FIRE_AFTER_FRAMES);
    return Checked(probe, moved, "CMB-CTL-012");
  });
}

Finding AnswersPings(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    auto answered = probe.Ping();
    if (!answered) {
      return Checked(probe, answered, "CMB-CTL-012");
    }
    const auto pongs = std::count_if(
        answered->received.begin(), answered->received.end(),
        [](const WireMessage& message) { return NonceOfPong(message.frames).has_value(); });
    const auto pings = static_cast<long>(answered->injected.size());
    return pongs == pings ? Finding{}
                          : Missing(fmt::format("{} PINGs were answered by {} PONGs", pings, pongs),
                                    "CMB-WIRE-011");
  });
}

namespace {

Finding Acts(Probe& probe, Request request, std::string_view requirement) {
  return Begun(probe, [&]() -> Finding {
    auto done = probe.session().Perform(request);
    return Checked(probe, done, requirement);
  });
}

Finding SendsOne(Probe& probe, const std::string& wanted) {
  Request request;
  request.mutable_send()->set_channel("main");
  request.mutable_send()->set_target("target");
  request.mutable_send()->set_payload("payload");
  request.mutable_send()->set_ttl_ms(60'000);
  auto sent = probe.session().Perform(request);
  if (!sent) {
    return Checked(probe, sent, "CMB-CTL-015");
  }
  const std::string& id = sent->reply.sent_message().message_id();
  return id == wanted
             ? Finding{}
             : Missing("the message_id is not id_prefix and a counter from 1: expected " + wanted,
                       "CMB-CTL-010");
}

}  // namespace

Finding HearsOfWork(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    switch (probe.role()) {
      case ack::v1::ROLE_SENDER:
        return SendsOne(probe, std::string(kFirstPrefix) + "1");
      case ack::v1::ROLE_TARGET: {
        Request script;
        script.mutable_script_execution()->set_source("sender");
        script.mutable_script_execution()->set_message_id("smoke-m1");
        script.mutable_script_execution()->set_end(control::v1::SCRIPT_END_SUCCESS);
        script.mutable_script_execution()->set_after_ms(50);
        auto heard = probe.session().Perform(script);
        if (!heard) {
          return Checked(probe, heard, "CMB-CTL-017");
        }
        break;
      }
      default:  // open enum
        break;
    }
    auto handled = probe.Message();
    return Checked(probe, handled, "CMB-CTL-012");
  });
}

Finding TellsRecords(Probe& probe) {
  Request request;
  request.mutable_get_transaction()->set_source("nobody");
  request.mutable_get_transaction()->set_message_id("none");
  return Begun(probe, [&]() -> Finding {
    auto told = probe.session().Perform(request);
    if (told && told->reply.transaction().has_record()) {
      return Missing("there is a record of a message that never was", "CMB-CTL-015");
    }
    return Checked(probe, told, "CMB-CTL-015");
  });
}

Finding ListsTimers(Probe& probe) {
  Request request;
  request.mutable_timers();
  return Begun(probe, [&]() -> Finding {
    auto told = probe.session().Perform(request);
    if (!told) {
      return Checked(probe, told, "CMB-CTL-015");
    }
    const auto& timers = told->reply.timers().timers();
    const auto& next = told->reply.next_deadline();
    const bool listed = std::any_of(timers.begin(), timers.end(), [&](const auto& timer) {
      return timer.deadline_ms() == next.ms();
    });
    return !told->reply.has_next_deadline() || listed
               ? Finding{}
               : Missing("next_deadline is that of no timer in the list", "CMB-CTL-014");
  });
}

Finding JumpsItsWall(Probe& probe) {
  Request request;
  request.mutable_wall_jump()->set_by_ms(3'600'000);
  return Acts(probe, request, "CMB-CTL-020");
}

namespace {

// A request that only another role can meet.

}  // namespace

Finding StartsOver(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    CaseSettings settings = probe.session().settings();
    settings.settings.set_now_ms(kAgainMs);
    settings.settings.set_id_prefix(kAgainPrefix);
    if (auto checked = probe.session().CheckClosing(); !checked) {
      return Checked(probe, checked, "CMB-CTL-018");
    }
    const VirtualTime before = probe.session().now();
    auto begun = probe.session().BeginNext(settings);
    if (!begun) {
      return Checked(probe, begun, "CMB-CTL-009");
    }
    if (begun->reply.now_ms() != ToMs(before)) {
      return Missing("the reply to Reset is not of the case that ended", "CMB-CTL-030");
    }
    Request timers;
    timers.mutable_timers();
    auto fresh = probe.session().Perform(timers);
    if (!fresh) {
      return Missing(fresh.trouble().sentence, "CMB-CTL-031");
    }
    if (fresh->reply.events_size() != 0 || fresh->reply.timers().timers_size() != 0) {
      return Missing("events or timers of the case before are left after a Reset", "CMB-CTL-031");
    }
    return probe.role() == ack::v1::ROLE_SENDER ? SendsOne(probe, std::string(kAgainPrefix) + "1")
                                                : Finding{};
  });
}

namespace {

// How the process ends where it is expected to end by itself.

Finding EndOf(Probe& probe, std::string_view why, std::string_view requirement) {
  ChildProcess& child = probe.session().child();
  const bool ended = WaitReadable({}, child, Deadline::In(kEndGuard)) == Wake::kChildEnded;
  const auto end = child.Ended();
  Finding finding;
  if (!ended || !end) {
    finding = Missing(fmt::format("it has not ended {} ms after {}", kEndGuard.count(), why),
                      requirement);
  } else if (end->by_signal || end->number != 0) {
    finding = Missing(fmt::format("it {} after {}", end->Sentence(), why), requirement);
  }
  probe.Drop();
  return finding;
}

}  // namespace

Finding ShutsDown(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    Request request;
    request.mutable_shutdown();
    auto answered = probe.session().Transact(request);
    if (!answered) {
      return Checked(probe, answered, "CMB-CTL-023");
    }
    return EndOf(probe, "its reply to Shutdown", "CMB-CTL-023");
  });
}

Finding EndsWithItsInput(Probe& probe) {
  return Begun(probe, [&] {
    probe.session().child().CloseInput();
    return EndOf(probe, "its standard input closed", "CMB-CTL-004");
  });
}

}  // namespace cmb::conformance::smoke
