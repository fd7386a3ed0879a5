// What a harness must refuse, and how that is provoked.
#include <algorithm>

#include "conformance/smoke/step_tools.h"
#include "conformance/smoke/steps.h"

namespace cmb::conformance::smoke {

using control::v1::Request;

Finding RefusesToGoBack(Probe& probe) {
  return Begun(probe, [&] {
    return probe.Refused(AdvanceTo(probe, kFirstMs - 1), control::v1::ERROR_KIND_BACKWARDS,
                         "CMB-CTL-013");
  });
}

Finding RefusesToStepOver(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    const auto next = probe.session().next_deadline();
    if (!next || next->housekeeping) {
      return NotTried("no timer of the protocol is armed yet; tried again when there is one");
    }
    return probe.Refused(AdvanceTo(probe, ToMs(next->at) + 1), control::v1::ERROR_KIND_OVERSTEP,
                         "CMB-CTL-035");
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
                            return AdvanceTo(of, ToMs(of.session().now()),
                                             control::v1::FIRE_UNSPECIFIED);
                          }}) {
    Finding finding = Begun(probe, [&] {
      return probe.Refused(make(probe), control::v1::ERROR_KIND_BAD_REQUEST, "CMB-CTL-005");
    });
    if (finding.outcome != Outcome::kThere) {
      return finding;
    }
  }
  return {};
}

namespace {

// What `try_one` finds of each, until one is not there.
template <typename List, typename TryOne>
Finding Each(Probe& probe, const List& list, TryOne try_one) {
  for (const auto& one : list) {
    Finding finding = Begun(probe, [&] { return try_one(one); });
    if (finding.outcome != Outcome::kThere) {
      return finding;
    }
  }
  return {};
}

struct Forged {
  const char* name;
  void (*forge)(Request& request);
};

}  // namespace

Finding RefusesWhatIsNoRequest(Probe& probe) {
  const auto bytes = probe.Stdio() ? std::vector<std::string>{"no JSON", "[1]", "null"}
                                   : std::vector<std::string>{"\xff"};
  return Each(probe, bytes, [&](const std::string& one) { return probe.RefusedBytes(one); });
}

Finding RefusesWhatIsOutOfOrder(Probe& probe) {
  constexpr Forged kForged[] = {
      {"a request of another epoch", [](Request& of) { of.set_epoch(of.epoch() + 7); }},
      {"a request of another incarnation", [](Request& of) { of.set_incarnation("another"); }},
      {"a request that leaves a seq out", [](Request& of) { of.set_seq(of.seq() + 1); }},
      {"a request with the seq of the last", [](Request& of) { of.set_seq(of.seq() - 1); }},
  };
  return Each(probe, kForged,
              [&](const Forged& one) { return probe.RefusedForged(one.name, one.forge); });
}

namespace {

ack::v1::Profile ProfileOf(Probe& probe) {
  for (const control::v1::RoleClaim& claim : probe.session().claims().roles()) {
    if (claim.role() == probe.role()) {
      return claim.profile();
    }
  }
  return ack::v1::PROFILE_UNSPECIFIED;
}

// What only another role does, or another profile.
std::vector<Request> OfOtherRoles(Probe& probe) {
  std::vector<Request> requests;
  if (probe.role() != ack::v1::ROLE_SENDER) {
    control::v1::Send& send = *requests.emplace_back().mutable_send();
    send.set_channel("main");
    send.set_target("target");
  }
  if (probe.role() != ack::v1::ROLE_SENDER || ProfileOf(probe) == ack::v1::PROFILE_BASIC) {
    requests.emplace_back().mutable_cancel()->set_message_id(std::string(kFirstPrefix) + "1");
  }
  if (probe.role() != ack::v1::ROLE_TARGET) {
    control::v1::ScriptExecution& script = *requests.emplace_back().mutable_script_execution();
    script.set_source("sender");
    script.set_message_id("smoke-m2");
    script.set_end(control::v1::SCRIPT_END_SUCCESS);
  }
  return requests;
}

}  // namespace

Finding RefusesOtherRoles(Probe& probe) {
  return Begun(probe, [&] {
    return Each(probe, OfOtherRoles(probe), [&](const Request& request) {
      // Who does not even know the request says BAD_REQUEST: what and when comes first.
      return probe.Refused(request, control::v1::ERROR_KIND_UNSUPPORTED, "CMB-CTL-005",
                           control::v1::ERROR_KIND_BAD_REQUEST);
    });
  });
}

namespace {

bool Claims(Probe& probe, ack::v1::Feature feature) {
  const auto& features = probe.session().claims().features();
  return std::find(features.begin(), features.end(), feature) != features.end();
}

// A Configure that this harness cannot meet, by what is not declared.
std::vector<Forged> NotDeclared(Probe& probe) {
  std::vector<Forged> list;
  const auto& roles = probe.session().claims().roles();
  if (roles.size() == 1) {
    list.push_back({"a Configure with another role", [](Request& of) {
                      of.mutable_configure()->set_role(of.configure().role() == ack::v1::ROLE_ROUTER
                                                           ? ack::v1::ROLE_TARGET
                                                           : ack::v1::ROLE_ROUTER);
                    }});
  }
  if (ProfileOf(probe) != ack::v1::PROFILE_DURABLE) {
    list.push_back({"a Configure with a store",
                    [](Request& of) { of.mutable_configure()->set_store("/nonexistent"); }});
  }
  if (!Claims(probe, ack::v1::FEATURE_CURVE)) {
    list.push_back(
        {"a Configure with curve", [](Request& of) { of.mutable_configure()->mutable_curve(); }});
  }
  return list;
}

Finding RefusesEachConfigure(Probe& probe) {
  Finding finding = probe.RefusedConfigure("a Configure of another incarnation",
                                           control::v1::ERROR_KIND_BAD_REQUEST,
                                           [](Request& of) { of.set_incarnation("another"); });
  if (finding.outcome != Outcome::kThere) {
    return finding;
  }
  for (const Forged& one : NotDeclared(probe)) {
    finding = probe.RefusedConfigure(one.name, control::v1::ERROR_KIND_UNSUPPORTED, one.forge);
    if (finding.outcome != Outcome::kThere) {
      return finding;
    }
  }
  return {};
}

}  // namespace

Finding RefusesToBeConfiguredSo(Probe& probe) {
  probe.Drop();  // Only a process that is not configured can be asked.
  if (!probe.Start()) {
    return NotTried("it does not say Hello again");
  }
  Finding finding = RefusesEachConfigure(probe);
  if (finding.outcome != Outcome::kThere) {
    probe.Drop();
    return finding;
  }
  auto begun = probe.Begin();
  return begun ? Finding{}
               : Missing("after it has refused a Configure: " + begun.trouble().sentence,
                         "CMB-CTL-024");
}

Finding WaitsForFrames(Probe& probe) {
  if (probe.Inline()) {
    return NotTried("there are no data sockets");
  }
  return Begun(probe, [&] {
    Request request = AdvanceTo(probe, kFirstMs);
    request.mutable_advance()->set_after_received(probe.session().injected() + 1);
    return probe.Refused(request, control::v1::ERROR_KIND_WAIT_TIMEOUT, "CMB-CTL-006");
  });
}

}  // namespace cmb::conformance::smoke
