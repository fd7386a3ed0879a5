// What a harness must do, in the order in which one is written.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/control/wait.h"
#include "conformance/lower_tester/ping.h"
#include "conformance/smoke/probe.h"

namespace cmb::conformance::smoke {
namespace {

using control::v1::Request;

constexpr std::chrono::milliseconds kEndGuard{2'000};

Request AdvanceTo(std::uint64_t to_ms, control::v1::Fire fire = control::v1::FIRE_NONE) {
  Request request;
  request.mutable_advance()->set_to_ms(to_ms);
  request.mutable_advance()->set_fire(fire);
  return request;
}

Finding SaysHello(Probe& probe) {
  auto started = probe.Start();
  if (!started) {
    return Missing(started.trouble(), "CMB-CTL-001");
  }
  const auto& roles = probe.session().claims().roles();
  const bool claimed = std::any_of(roles.begin(), roles.end(),
                                   [&](const auto& claim) { return claim.role() == probe.role(); });
  return claimed ? Finding{} : Missing("its PICS does not claim this role", "CMB-CTL-001");
}

Finding Begins(Probe& probe) {
  auto begun = probe.Begin();
  return begun ? Finding{} : Missing(begun.trouble(), "CMB-CTL-003");
}

// Begins, and what `then` finds; not tried where it cannot begin.
template <typename Then>
Finding Begun(Probe& probe, Then then) {
  if (!probe.Begin()) {
    return NotTried("it does not get through Begin");
  }
  return then();
}

template <typename Value>
Finding Checked(Probe& probe, Result<Value>& result, std::string_view requirement) {
  if (result) {
    return {};
  }
  Finding finding = Missing(result.trouble(), requirement);
  probe.Drop();
  return finding;
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

Finding RefusesToGoBack(Probe& probe) {
  return Begun(probe, [&] {
    return probe.Refused(AdvanceTo(kFirstMs - 1), control::v1::ERROR_KIND_BACKWARDS,
                         control::v1::ERROR_KIND_BACKWARDS, "CMB-CTL-013");
  });
}

Finding RefusesToStepOver(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    const auto next = probe.session().next_deadline();
    if (!next || next->housekeeping) {
      return NotTried("no timer of the protocol is armed yet; tried again when there is one");
    }
    return probe.Refused(AdvanceTo(ToMs(next->at) + 1), control::v1::ERROR_KIND_OVERSTEP,
                         control::v1::ERROR_KIND_OVERSTEP, "CMB-CTL-035");
  });
}

Finding RefusesWhatMakesNoSense(Probe& probe) {
  for (const auto make : {+[](Probe&) { return Request(); },
                          +[](Probe& of) {
                            Request configure;
                            configure.mutable_configure()->set_role(of.role());
                            return configure;
                          },
                          +[](Probe&) {
                            Request begin;
                            begin.mutable_begin();
                            return begin;
                          },
                          +[](Probe& of) {
                            return AdvanceTo(ToMs(of.session().now()),
                                             control::v1::FIRE_UNSPECIFIED);
                          }}) {
    Finding finding = Begun(probe, [&] {
      return probe.Refused(make(probe), control::v1::ERROR_KIND_BAD_REQUEST,
                           control::v1::ERROR_KIND_BAD_REQUEST, "CMB-CTL-005");
    });
    if (finding.outcome != Outcome::kThere) {
      return finding;
    }
  }
  return {};
}

// A request that only another role can meet.
Finding RefusesOtherRoles(Probe& probe) {
  Request request;
  if (probe.role() == ack::v1::ROLE_SENDER) {
    request.mutable_script_execution()->set_source("sender");
    request.mutable_script_execution()->set_message_id("smoke-m2");
    request.mutable_script_execution()->set_end(control::v1::SCRIPT_END_SUCCESS);
  } else {
    request.mutable_send()->set_channel("main");
    request.mutable_send()->set_target("target");
  }
  return Begun(probe, [&] {
    return probe.Refused(request, control::v1::ERROR_KIND_UNSUPPORTED,
                         control::v1::ERROR_KIND_BAD_REQUEST, "CMB-CTL-005");
  });
}

Finding WaitsForFrames(Probe& probe) {
  if (probe.Inline()) {
    return NotTried("there are no data sockets");
  }
  return Begun(probe, [&] {
    Request request = AdvanceTo(kFirstMs);
    request.mutable_advance()->set_after_received(1);
    return probe.Refused(request, control::v1::ERROR_KIND_WAIT_TIMEOUT,
                         control::v1::ERROR_KIND_WAIT_TIMEOUT, "CMB-CTL-006");
  });
}

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
    probe.session().child().CloseStdin();
    return EndOf(probe, "its standard input closed", "CMB-CTL-004");
  });
}

}  // namespace

const std::vector<Step>& Steps() {
  static const std::vector<Step> kSteps{
      {"CMB-CTL-001 CMB-CTL-002 CMB-CTL-022", "Hello with a PICS",
       "connect to CMB_CONTROL (or write to standard output, where it is stdio) and send Hello "
       "with "
       "the PICS and the value of CMB_INCARNATION",
       SaysHello},
      {"CMB-CTL-003 CMB-CTL-007 CMB-CTL-008 CMB-CTL-025 CMB-CTL-027", "Configure to Begin",
       "answer Configure and Begin, each with one Reply of the request's seq and epoch; between "
       "the "
       "two answer each PING on a data socket with a PONG",
       Begins},
      {"CMB-CTL-011 CMB-CTL-012 CMB-CTL-032", "Advance moves the clock",
       "set the clock to to_ms, and give now_ms in every Reply", MovesItsClock},
      {"CMB-CTL-012 CMB-CTL-018 CMB-CTL-034 CMB-CTL-040", "frames come in and go out in an Advance",
       "in an Advance take the frames that it names, give them to your implementation, and count "
       "(or return) what that sends before the Reply leaves; a PING is answered with a PONG",
       AnswersPings},
      {"CMB-CTL-010 CMB-CTL-015 CMB-CTL-017", "the application acts",
       "sender: Send returns id_prefix and a counter from 1; target: ScriptExecution is kept for "
       "the "
       "message that it names; then a first MESSAGE is handled",
       HearsOfWork},
      {"CMB-CTL-015", "GetTransaction",
       "answer with a transaction, without a record where there "
       "is none",
       TellsRecords},
      {"CMB-CTL-014 CMB-CTL-015", "Timers and next_deadline",
       "list every armed timer, and give the earliest in every Reply", ListsTimers},
      {"CMB-CTL-020", "WallJump", "move the wall clock, and nothing else", JumpsItsWall},
      {"CMB-CTL-013 CMB-CTL-024", "BACKWARDS",
       "refuse an Advance to before now, and do nothing of "
       "it",
       RefusesToGoBack},
      {"CMB-CTL-035 CMB-CTL-024", "OVERSTEP",
       "refuse an Advance to after the earliest timer of the "
       "protocol, and do nothing of it",
       RefusesToStepOver},
      {"CMB-CTL-005 CMB-CTL-024", "BAD_REQUEST",
       "refuse a request that you do not know, a second Configure or Begin, and an Advance that "
       "does not say when timers fire",
       RefusesWhatMakesNoSense},
      {"CMB-CTL-005", "UNSUPPORTED", "refuse requests that are for another role",
       RefusesOtherRoles},
      {"CMB-CTL-006", "WAIT_TIMEOUT",
       "answer an Advance whose frames have not come after 3 s with "
       "WAIT_TIMEOUT and the number received",
       WaitsForFrames},
      {"CMB-CTL-009 CMB-CTL-029 CMB-CTL-030 CMB-CTL-031", "Reset begins the next case",
       "answer Reset with the state of the case that ends, then forget everything but connections "
       "and begin with the new settings, the epoch one higher",
       StartsOver},
      {"CMB-CTL-023", "Shutdown", "exit with code 0 once the reply has left", ShutsDown},
      {"CMB-CTL-004", "the end of standard input",
       "watch standard input, and exit with code 0 when "
       "it closes",
       EndsWithItsInput},
  };
  return kSteps;
}

}  // namespace cmb::conformance::smoke
