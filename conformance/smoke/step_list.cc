// What a harness must do, in the order in which one is written.
#include "conformance/smoke/steps.h"

namespace cmb::conformance::smoke {

// long because: it is a table.
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
      {"CMB-CTL-005 CMB-CTL-024", "BAD_REQUEST: what is no request",
       "answer what cannot be decoded with BAD_REQUEST, with seq and epoch 0, and go on",
       RefusesWhatIsNoRequest},
      {"CMB-CTL-003 CMB-CTL-005 CMB-CTL-024", "BAD_REQUEST: what is not the next request",
       "refuse another incarnation or epoch, and a seq that is not one more than the last; one "
       "that "
       "is uses it up, refused or not",
       RefusesWhatIsOutOfOrder},
      {"CMB-CTL-005 CMB-CTL-024", "UNSUPPORTED",
       "refuse requests that are for another role or profile", RefusesOtherRoles},
      {"CMB-CTL-005 CMB-CTL-024", "a Configure that it cannot meet",
       "refuse a Configure of another incarnation with BAD_REQUEST, and with UNSUPPORTED one with "
       "a "
       "role, a store or keys that the PICS does not declare; a right one comes next",
       RefusesToBeConfiguredSo},
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
