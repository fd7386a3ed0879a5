// Turns one expanded document into a case. Private to the loader: builder.cc
// is its entry, builder_*.cc hold one part of the language each and share what
// stands here. Not thread-safe; one Builder for each case.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/scenario/matrix.h"
#include "conformance/scenario/model.h"
#include "conformance/scenario/names.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"

namespace cmb::conformance::scenario {

class Builder {
 public:
  Builder(const Knowledge& knowledge, Report& report) : knowledge_(knowledge), report_(report) {}

  // `document` has the right shape and no matrix. What is wrong is reported;
  // the case is then good for nothing.
  Case Build(const Node& document, const std::vector<Axis>& axes);

 private:
  static constexpr std::uint64_t kMostAttempts = 4'294'967'295;

  // What a step stands in decides what it may be.
  enum class Place { kTop, kActsOnly, kTogether, kBatch, kBranch };

  // builder_header.cc: everything before the steps.
  void BuildHeader(const Node& document);
  void BuildFeatures(const Node& document);
  void BuildConfig(const Node& config);
  void BuildLimits(const Node& limits);
  void BuildSecondRouter(const Node& channels);
  void BuildCircuit(const Node& circuit);
  void BuildPeers(const Node& peers);
  void CheckKey(const Node& key, const Peer& peer);
  void CheckPeersUsed();
  void CheckReqs(const Node& document);

  // builder_messages.cc
  void ApplyPolicy(const Node& node, Policy& policy);
  void LeavePolicyOut(const Node& node, Message& message);
  void ApplyMessageFields(const Node& node, Message& message);
  std::vector<SetField> Changes(const Node& set);
  void DeclareMessage(const std::string& alias, const Node& fields, const Where& where);
  void BuildGiven(const Node& given);
  void BuildGivenMessage(const std::string& alias, const Entry& entry);
  void FitToState(const Node& fields, words::State state, Message& message);
  void NumberStream(Message& message);

  // builder_work.cc
  Work BuildWork(const Node& node);
  void SetWorkEnd(const std::string& text, const Where& where, Work& work);
  Milliseconds StartOf(const Work& work) const;
  void CheckProgress(const Node& node, const Work& work);

  // builder.cc: steps and outcome.
  std::vector<Step> BuildSteps(const Node& list, Place place);
  std::optional<Step> BuildStep(const Node& node, Place place);
  void BuildCommon(const Node& node, bool is_act, Step& step);
  void BuildLevel(const Node& node, Step& step);
  bool IsAboveCore(const Step& step) const;
  void BuildOutcome(const Node& outcome);
  void SendFromOutcome(const Node& outcome);
  Step PlainStep(const Node& node, Step::Action action);

  // builder_acts.cc
  std::optional<Step::Action> BuildAct(const std::string& verb, const Node& node);
  std::optional<Step::Action> BuildSend(const Node& node);
  std::optional<Step::Action> BuildResend(const Node& node);
  std::optional<Step::Action> BuildAck(const Node& node);
  std::optional<Step::Action> BuildRaw(const Node& node, const std::string& verb);
  std::optional<Step::Action> BuildPing(const Node& node);
  std::optional<Step::Action> BuildAdvance(const Node& node);
  std::optional<Step::Action> BuildTogether(const Node& node);
  std::optional<Step::Action> BuildBatch(const Node& node);
  void CheckAuthor(const Node& node, const AckAct& ack);
  void CheckSender(const Node& node, const Message& message);

  // builder_life.cc: ask, crash, start, disconnect, connect, fill, drain, wall_jump.
  std::optional<Step::Action> BuildAsk(const Node& node);
  void DeclareAsked(const Node& node, const Ask& ask);
  std::optional<Step::Action> BuildCrashOrStart(const std::string& verb, const Node& node);
  std::optional<Step::Action> BuildWallJump(const Node& node);
  std::optional<Step::Action> BuildConnection(const std::string& verb, const Node& node);
  void CheckOnce(const Node& node, const std::string& why);
  void CheckCancel(const Node& node);

  // builder_observations.cc
  std::optional<Step::Action> BuildObservation(const std::string& verb, const Node& node,
                                               Place place);
  std::optional<Step::Action> BuildExpect(const Node& node, Place place);
  std::optional<Step::Action> BuildNever(const Node& node, Place place);
  std::optional<Step::Action> BuildInOrder(const Node& node);
  std::optional<Step::Action> BuildOneOf(const Node& node);
  std::optional<Expectation> BuildExpectation(const Node& node, const Node& term, bool is_never);
  void BuildExpectationFields(const Node& node, bool is_never, Expectation& what);
  void BuildSameness(const Node& node, Expectation& what);
  void KeepFrame(const Node& node, Expectation& what);
  void CheckOneSocket(const Node& node, const InOrder& order);

  // builder_checks.cc
  std::optional<Step::Action> BuildCheck(const Node& node);
  CheckRole BuildCheckRole(const Node& node, const Node& subject);
  CheckMessage BuildCheckMessage(const Node& node, std::vector<std::string> aliases);
  void CheckKeysFit(const Node& node, const std::set<std::string>& keys, const std::string& what);

  // builder_faults.cc
  void BuildFaults(const Node& faults);
  std::optional<Fault> BuildFault(const Node& node);
  void BuildSelectors(const Node& node, Fault& fault);
  void BuildPace(const Node& node, Fault& fault);
  void CheckLink(const Node& node, const Fault& fault);

  // builder_roles.cc: what the role under test has.
  void CheckMove(const Where& where, const Term& term);
  void CheckReason(const Node& node, const Matcher& matcher);
  void CheckOwnKeys(const Node& node);
  void CheckTimers(const Node& timers);
  void CheckAnomalies(const Node& anomalies);
  void CheckWay(const Node& node, const Expectation& what);
  void CheckAttempt(const Node& node, const Expectation& what);
  void CheckBudget(const Node& node, std::uint64_t attempts,
                   const std::vector<std::string>& aliases);
  void CheckCounts(const Node& node, const CheckMessage& check);

  // builder_names.cc: what names mean.
  std::vector<std::string> Declared(const Node& node);
  std::vector<std::string> OfOrOnly(const Node& node);
  std::string Module(const Node& node, const std::string& key, const std::string& fallback);
  std::string LowerTesterModule(const Node& node, const std::string& key);
  std::string Socket(const Node& node);
  bool IsIut(const std::string& module) const;
  bool CheckRequirement(const Node& node);
  bool CheckBinds(const Node& id);
  void CheckReferences(const Node& node);
  bool CheckState(const Where& where, words::State state);
  void CheckStates(const Where& where, const Matcher& matcher);
  void Error(const Where& where, ErrorNumber number, const std::string& sentence) {
    report_.Error(where, number, sentence);
  }

  const Knowledge& knowledge_;
  Report& report_;
  Case case_;
  Names names_;
  Policy policy_;  // Of the document, over the base.
  std::set<std::string> used_modules_;
  std::set<std::string> being_sent_;  // By the step at hand: their ids exist already.
  std::set<std::string> numbered_;    // Their sequence is written.
  std::set<std::string> unsent_;      // Given as UNSENT and not sent yet.
  std::map<std::string, std::uint64_t> streams_;
  std::map<std::string, Term::Kind> frame_kinds_;  // Of kept frames.
  std::set<std::string> later_names_;              // Declared somewhere in the document.
  bool unread_send_ = false;  // Any name may be what a `send` that cannot be read declares.
};

// Whether it is a frame; the other terms are events.
bool IsFrame(const Term& term);

// Whether what the role sends of that kind leaves by this socket.
bool LeavesBy(words::Role role, Term::Kind kind, const std::string& socket);

// What the tables of the machines have for one role alone.
bool CountsAnomaly(words::Role role, words::AnomalyKind kind);

// What can be judged of a message.
const std::set<std::string>& OutcomeKeys();

// The socket and receiver that carry what `member` expects, or "transitions": what
// `in_order` may not mix. Only for comparing and for sentences.
std::string PathOf(words::Role role, const Expectation& member, const Message& message);

// Fills Step::after_plain_acts. Called by Builder::Build.
void MarkPlain(Case& built);

// After the whole case stands: what proves nothing, what needs virtual time. Called by
// Builder::Build.
void CheckSense(Case& built, Report& report);

// That somebody can meet each expectation. Called by CheckSense.
void CheckPossible(const Case& built, Report& report);

// That nobody acts who is not there: toward a crashed IUT, by a disconnected module. Called by
// CheckSense.
void CheckOutages(const Case& built, Report& report);

}  // namespace cmb::conformance::scenario
