// The tables of verbs: acts, moves of the clock, observations, faults.
#include "conformance/scenario/language_tables.h"

namespace cmb::conformance::scenario::tables {
namespace {

// ---------------------------------------------------------------- beside every verb

constexpr Key kStep[] = {
    {"req", Type::kRequirement, "whom a failure blames"},
    {"when", Type::kWhen, "AXIS: label or list, pics: FEATURE, lacks: FEATURE; all must hold"},
    {"note", Type::kText, "for people"},
    {"with", Type::kWith, "spreads a matrix value's keys into the step"},
};

constexpr Key kActKeys[] = {
    {"repeat", Type::kCount, "as often"},
};

constexpr Key kObservationKeys[] = {
    {"level", Type::kLevel, "SHOULD or MAY, as the req it needs: a miss is advice"},
};

constexpr Section kStepSections[] = {
    {"step", "Beside every verb", kStep},
    {"act", "Beside every act", kActKeys},
    {"observation", "Beside every observation", kObservationKeys},
};

// ---------------------------------------------------------------- acts

constexpr Key kResend[] = {
    {"attempt", Type::kCount, "default: the last one plus 1"},
    {"work", Type::kSection, "target: its script from now on", false, "work"},
    {"set", Type::kSet, "as of a message"},
    {"corrupt", Type::kHarm, "as of a message"},
    {"on", Type::kSocket, "as of a message"},
};

constexpr Key kAck[] = {
    {"of", Type::kAliases, "the message; needed where several are declared"},
    {"by", Type::kModule, "over whose connection and with whose source; default: the rightful"},
    {"attempt", Type::kCount, "default: the latest seen"},
    {"percent", Type::kCount, "of a PROGRESS_ACK"},
    {"hold", Type::kDuration, "of an IN_PROGRESS, from now"},
    {"payload", Type::kPayload, "as of a message; default empty"},
    {"set", Type::kSet, "as of a message"},
    {"corrupt", Type::kHarm, "as of a message"},
    {"on", Type::kSocket, "as of a message"},
};

constexpr Key kRaw[] = {
    {"by", Type::kModule, "over whose connection", true},
    {"on", Type::kSocket, "on which socket", true},
};

constexpr Key kPing[] = {
    {"by", Type::kModule, "who pings", true},
    {"on", Type::kSocket, "on which socket", true},
    {"as", Type::kName, "names it for of"},
    {"payload", Type::kPayload, "as of a message; default empty"},
    {"set", Type::kSet, "as of a message"},
};

constexpr Key kAsk[] = {
    {"by", Type::kModule, "who asks; default sender"},
    {"of", Type::kAliases,
     "about which message: transaction and redrive; purge: absent means all of them"},
    {"as", Type::kName, "names the new message of a redrive, else the question for of"},
    {"set", Type::kSet, "as of a message"},
    {"corrupt", Type::kHarm, "as of a message"},
    {"on", Type::kSocket, "as of a message"},
};

constexpr Key kWallJump[] = {
    {"at", Type::kPart, "in role system: whose clock; default sender"},
};

constexpr Key kBatch[] = {
    {"by", Type::kModule, "as of an ack, for all of them; default: who sends the first"},
    {"set", Type::kSet, "as of a message; beside a member only paths below ack"},
    {"corrupt", Type::kHarm, "as of a message"},
    {"on", Type::kSocket, "as of a message"},
};

constexpr Key kAdvance[] = {
    {"before_timers", Type::kActs, "acts at the last instant, before its timers"},
    {"after_timers", Type::kActs,
     "acts at the last instant; its timers fire in the Advance that brings the first, before it"},
};

// ---------------------------------------------------------------- observations

#define CMB_FIELDS_OF_AN_EXPECTATION                                                           \
  {"of", Type::kAliases, "the message, a family or list: one for each, in any order"},         \
      {"to", Type::kModule, "the receiver; default: where the spec sends that kind"},          \
      {"link", Type::kModule, "in role system: which link"},                                   \
      {"on", Type::kSocket, "main, ack_ingress, ack_egress, a channel"},                       \
      {"attempt", Type::kMatchCount, "the attempt it answers or is"},                          \
      {"ttl", Type::kMatchDuration, "remaining life"},                                         \
      {"percent", Type::kMatchCount, "of a PROGRESS_ACK"},                                     \
      {"hold", Type::kMatchDuration, "of an IN_PROGRESS"},                                     \
      {"payload", Type::kPayloadMatch, "text, {size: N}, or same: as the message was sent"},   \
      {"text", Type::kMatchText, "of an alert, or the note of an ACK"},                        \
      {"batched", Type::kBool, "whether it came in an ack_batch"},                             \
      {"fields", Type::kFields, "PATH: matcher, for anything else"},                           \
      {"same_as", Type::kName, "decoded equal to a kept frame"},                               \
      {"except", Type::kPaths, "with same_as: paths that may differ"},                         \
      {"same_bytes_as", Type::kName, "equal in bytes to a kept frame or a message as sent"}, { \
    "as", Type::kName, "keeps the frame under this name"                                       \
  }

constexpr Key kExpect[] = {
    CMB_FIELDS_OF_AN_EXPECTATION,
    {"in", Type::kDurationRange, "moves the clock: seen at exactly T, or within A..B"},
    {"for", Type::kDuration, "only with nothing: also the next T"},
};

constexpr Key kNever[] = {
    CMB_FIELDS_OF_AN_EXPECTATION,
    {"for", Type::kDuration, "only during the next T, and the clock runs T"},
};

#undef CMB_FIELDS_OF_AN_EXPECTATION

constexpr Key kOneOf[] = {
    {"branches", Type::kBranches, "LABEL: list of observations", true},
};

constexpr Key kCheck[] = {
    {"state", Type::kMatchState, "message"},
    {"certainty", Type::kMatchCertainty, "message"},
    {"reason", Type::kMatchReason, "message: of its last transition"},
    {"error", Type::kMatchCode, "message"},
    {"attempts", Type::kMatchCount, "message: sends so far"},
    {"retries", Type::kMatchCount, "message: re-sends so far"},
    {"executions", Type::kMatchCount, "message: starts of the handler"},
    {"alerts", Type::kMatchCount, "message: alerts raised"},
    {"anomalies", Type::kAnomalies, "message or role: KIND: count, or one count of all"},
    {"dead_letter", Type::kBool, "message"},
    {"timers", Type::kTimers, "message: KIND: remaining time; or none"},
    {"views", Type::kViews, "message: cmb_v0, sw4rm, fleet"},
    {"fields", Type::kFields, "kept frame, or record of a message: PATH: matcher"},
    {"next_deadline", Type::kDurationOrNone, "role: remaining time of the next timer, or none"},
    {"in_flight", Type::kMatchCount, "role: records that are not terminal"},
    {"even_jitter", Type::kBool,
     "role, true: its first waits of each message so far, 200 of them, were drawn evenly (7.5)"},
};

constexpr Verb kVerbs[] = {
    {"send", VerbGroup::kAct, Type::kAliases, "declares the message and sends it", {}, true},
    {"resend", VerbGroup::kAct, Type::kAliases, "the lower tester sends the same ids again",
     kResend},
    {"cancel", VerbGroup::kAct, Type::kAliases, "the application of a sender cancels", {}},
    {"ack", VerbGroup::kAct, Type::kActTerm, "the lower tester puts an ACK on the wire", kAck},
    {"batch", VerbGroup::kAct, Type::kActs, "those ACKs in one ack_batch", kBatch},
    {"encoded",
     VerbGroup::kAct,
     Type::kHexList,
     "in a batch, behind the first ack: these bytes in the place of ACKs",
     {}},
    {"raw", VerbGroup::kAct, Type::kHexList, "these frames as they are", kRaw},
    {"ping", VerbGroup::kAct, Type::kModule, "pings a module", kPing},
    {"ask", VerbGroup::kAct, Type::kQuery, "inspection query to @router", kAsk},
    {"together", VerbGroup::kAct, Type::kActs, "the acts wait for the implementation at once", {}},
    {"crash", VerbGroup::kAct, Type::kPart, "kill -9 of the implementation, at this instant", {}},
    {"start",
     VerbGroup::kAct,
     Type::kPart,
     "starts it again with the same store, at the present time",
     {}},
    {"disconnect",
     VerbGroup::kAct,
     Type::kModule,
     "closes the connections of a module, until the router says NO_ROUTE of it; role router",
     {}},
    {"connect", VerbGroup::kAct, Type::kModule, "opens them again, until a PING is answered", {}},
    {"fill",
     VerbGroup::kAct,
     Type::kModule,
     "nothing more can be sent to a module: its queue in ZeroMQ is full; role router, and only "
     "where "
     "there are no data sockets",
     {}},
    {"drain", VerbGroup::kAct, Type::kModule, "that queue has room again", {}},
    {"wall_jump", VerbGroup::kAct, Type::kJump,
     "the wall clock jumps, the monotonic one does not; a process that starts later finds it so",
     kWallJump},
    {"advance", VerbGroup::kMove, Type::kDurationOrQuiet, "moves the clock", kAdvance},
    {"expect", VerbGroup::kObservation, Type::kExpectTerm,
     "takes the first of that kind in the window; it must agree in all the rest", kExpect},
    {"never", VerbGroup::kObservation, Type::kNeverTerm,
     "nothing agrees with all of it from here on", kNever},
    {"in_order",
     VerbGroup::kObservation,
     Type::kObservations,
     "a list of expect, seen in order",
     {}},
    {"one_of", VerbGroup::kObservation, Type::kChoice,
     "the first branch that holds is the choice made", kOneOf},
    {"check", VerbGroup::kObservation, Type::kAliases,
     "a fact now, of a message, a kept frame or a role", kCheck},
};

// ---------------------------------------------------------------- faults

#define CMB_SELECTORS                                                                       \
  {"of", Type::kAliases, "only these messages"},                                            \
      {"attempt", Type::kCountRange, "only these attempts"},                                \
      {"nth", Type::kCountRange,                                                            \
       "which of them, counted for each message, kind, link and direction; default every"}, \
      {"link", Type::kModule, "the link of this module with the router"},                   \
      {"toward", Type::kModule, "only frames to router, or to this module"},                \
      {"router", Type::kModule, "of a system with two: only the links of this one"},        \
      {"during", Type::kDurationRange, "time since the case began"},                        \
      {"note", Type::kText, "for people"}, {                                                \
    "with", Type::kWith, "spreads a matrix value's keys into the fault"                     \
  }

constexpr Key kDrop[] = {CMB_SELECTORS};
constexpr Key kDelay[] = {
    {"by", Type::kDurationRange, "how much later; a range is drawn from the case's seed", true},
    CMB_SELECTORS,
};
constexpr Key kDuplicate[] = {
    {"copies", Type::kCount, "in all; default 2"},
    {"by", Type::kDuration, "each copy that long after the one before; default 0s"},
    CMB_SELECTORS,
};
constexpr Key kReorder[] = {CMB_SELECTORS};
constexpr Key kCorrupt[] = {
    {"how", Type::kHarm, "a mutilation of the codec, {truncate: N} or {flip_bit: N}", true},
    CMB_SELECTORS,
};
constexpr Key kSlow[] = {
    {"each", Type::kDuration, "one of a link and direction in that time; absent: none at all"},
    CMB_SELECTORS,
};

#undef CMB_SELECTORS

constexpr Verb kFaultVerbs[] = {
    {"drop", VerbGroup::kFault, Type::kFrames, "never arrives", kDrop},
    {"delay", VerbGroup::kFault, Type::kFrames, "arrives later", kDelay},
    {"duplicate", VerbGroup::kFault, Type::kFrames, "arrives more than once", kDuplicate},
    {"reorder", VerbGroup::kFault, Type::kFramePair,
     "[FIRST, SECOND]: SECOND is held until FIRST has passed", kReorder},
    {"corrupt", VerbGroup::kFault, Type::kFrames, "arrives broken", kCorrupt},
    {"slow", VerbGroup::kFault, Type::kFrames,
     "a reader that falls behind: they wait in their order until it takes them; when during ends, "
     "it has taken all",
     kSlow},
};

}  // namespace

std::span<const Section> StepSections() { return kStepSections; }
std::span<const Verb> StepVerbTable() { return kVerbs; }
std::span<const Verb> FaultVerbTable() { return kFaultVerbs; }

}  // namespace cmb::conformance::scenario::tables
