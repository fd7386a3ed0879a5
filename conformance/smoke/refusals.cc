// What a harness must refuse, and how that is provoked.
#include "conformance/smoke/step_tools.h"
#include "conformance/smoke/steps.h"

namespace cmb::conformance::smoke {

using control::v1::Request;

Finding RefusesToGoBack(Probe& probe) {
  return Begun(probe, [&] {
    return probe.Refused(AdvanceTo(probe, kFirstMs - 1), control::v1::ERROR_KIND_BACKWARDS,
                         control::v1::ERROR_KIND_BACKWARDS, "CMB-CTL-013");
  });
}

Finding RefusesToStepOver(Probe& probe) {
  return Begun(probe, [&]() -> Finding {
    const auto next = probe.session().next_deadline();
    if (!next || next->housekeeping) {
      return NotTried("no timer of the protocol is armed yet; tried again when there is one");
    }
    return probe.Refused(AdvanceTo(probe, ToMs(next->at) + 1), control::v1::ERROR_KIND_OVERSTEP,
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
                            return AdvanceTo(of, ToMs(of.session().now()),
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
    Request request = AdvanceTo(probe, kFirstMs);
    request.mutable_advance()->set_after_received(probe.session().injected() + 1);
    return probe.Refused(request, control::v1::ERROR_KIND_WAIT_TIMEOUT,
                         control::v1::ERROR_KIND_WAIT_TIMEOUT, "CMB-CTL-006");
  });
}

}  // namespace cmb::conformance::smoke
