// One function for each thing that a harness must do. Used by the list of steps. One thread.
#pragma once

#include "conformance/smoke/probe.h"

namespace cmb::conformance::smoke {

Finding SaysHello(Probe& probe);
Finding Begins(Probe& probe);
Finding MovesItsClock(Probe& probe);
Finding AnswersPings(Probe& probe);
Finding HearsOfWork(Probe& probe);
Finding TellsRecords(Probe& probe);
Finding ListsTimers(Probe& probe);
Finding JumpsItsWall(Probe& probe);
Finding RefusesToGoBack(Probe& probe);
Finding RefusesToStepOver(Probe& probe);
Finding RefusesWhatMakesNoSense(Probe& probe);
Finding RefusesWhatIsNoRequest(Probe& probe);
Finding RefusesWhatIsOutOfOrder(Probe& probe);
Finding RefusesOtherRoles(Probe& probe);
Finding RefusesToBeConfiguredSo(Probe& probe);
Finding WaitsForFrames(Probe& probe);
Finding StartsOver(Probe& probe);
Finding ShutsDown(Probe& probe);
Finding EndsWithItsInput(Probe& probe);

}  // namespace cmb::conformance::smoke
