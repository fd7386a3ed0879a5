// The tables of what stands around the steps: documents and their settings.
#include "conformance/scenario/language_tables.h"

namespace cmb::conformance::scenario::tables {
namespace {

constexpr Key kDocument[] = {
    {"id", Type::kId, "unique in the run; the file's path below scenarios/ without .yaml", true},
    {"title", Type::kText, "one sentence: the behaviour", true},
    {"role", Type::kRole, "which role is the implementation under test", true},
    {"requirements", Type::kRequirements,
     "ids; a failure blames the first unless its step has req; each further one needs such a step",
     true},
    {"profile", Type::kProfile,
     "CORE, BASIC (default), TRACKED or DURABLE; not declared: unsupported"},
    {"needs", Type::kFeatures, "features that must all be declared, else unsupported"},
    {"lacks", Type::kFeatures, "features or profiles of which none may be declared"},
    {"clock", Type::kClock, "both (default), virtual or wall"},
    {"config", Type::kSection, "settings of the implementation", false, "config"},
    {"policy", Type::kSection, "default policy of every message", false, "policy"},
    {"peers", Type::kPeers, "NAME: connected, absent, or a mapping with the keys of a peer"},
    {"given", Type::kGiven, "ALIAS: STATE, or a mapping with state and fields of a message"},
    {"faults", Type::kFaultsList,
     "none, or a list: the peers behave well and the list bends their frames. Absent: the peers "
     "are played by the steps"},
    {"steps", Type::kSteps, "what is done and what must be seen"},
    {"outcome", Type::kOutcome,
     "ALIAS: STATE or a mapping of checked fields; runs until quiet, then checks"},
    {"matrix", Type::kMatrix, "AXIS: list, or mapping LABEL: value; one case for each combination"},
    {"exclude", Type::kExclude, "list of mappings AXIS: label or list, combinations to leave out"},
    {"origin", Type::kText, "where the scenario comes from; never interpreted"},
};

constexpr Key kDefaults[] = {
    {"role", Type::kRole, "as in a document"},
    {"profile", Type::kProfile, "as in a document"},
    {"needs", Type::kFeatures, "as in a document"},
    {"lacks", Type::kFeatures, "as in a document"},
    {"clock", Type::kClock, "as in a document"},
    {"config", Type::kSection, "merged with the document's", false, "config"},
    {"policy", Type::kSection, "merged with the document's", false, "policy"},
    {"peers", Type::kPeers, "merged with the document's"},
};

constexpr Key kConfig[] = {
    {"limits", Type::kSection, "bounds of the implementation", false, "limits"},
    {"reconcile_window", Type::kDuration, "how long TIMEOUT_ABORT stays provisional"},
    {"key_window", Type::kDuration, "how long an idempotency key names its work"},
    {"dead_letter", Type::kDuration, "how long a dead letter is kept"},
    {"max_latency", Type::kDuration, "longest a frame may be on its way"},
    {"max_deliveries", Type::kCount, "forwards of one delivery phase"},
    {"id_bytes", Type::kCount,
     "what every id of the case begins with has so many bytes; at most 245"},
    {"max_ttl", Type::kDuration, "largest life a message may have"},
    {"channels", Type::kNames, "message channels; default [main]"},
    {"second_router", Type::kNames,
     "role system: further channels, which lead to a second router; it is the module "
     "second_router, and needs [fallback]"},
    {"jitter", Type::kJitter,
     "factors used in order, the last repeats; default [1.0]; own: the implementation draws"},
    {"circuit", Type::kSection, "circuit_breaker: when a circuit opens", false, "circuit"},
};

constexpr Key kCircuit[] = {
    {"outcomes", Type::kCount, "how many of the last outcomes are looked at; default 10"},
    {"failures", Type::kCount, "how many of them must be failures; default 5"},
    {"window", Type::kDuration, "no outcome that is older counts; default 60s"},
    {"open", Type::kDuration, "how long it stays open; default 30s"},
    {"slow", Type::kDuration, "a success that took longer is a failure; default: none is"},
    {"failure_codes", Type::kErrorCodes, "default: those of chapter 19"},
};

constexpr Key kLimits[] = {
    {"payload", Type::kSize, "bytes of a payload"},
    {"header", Type::kSize, "bytes of a header"},
    {"queue_per_target", Type::kCount, "router: messages of one target in FORWARDING"},
    {"in_flight", Type::kCount, "sender: messages not terminal"},
    {"dedup", Type::kCount, "target: records held"},
    {"batch", Type::kCount, "ACKs in one ack_batch"},
    {"records", Type::kCount, "router: records that are neither refusals nor dead letters"},
    {"marks", Type::kCount, "router: refusals and closed marks"},
    {"dead_letters", Type::kCount, "DURABLE router: dead letters"},
    {"source_shares", Type::kCount, "router, target: one source's share of a table; 8: an eighth"},
};

constexpr Key kPolicy[] = {
    {"router_ack", Type::kDuration, "wait in SEND_PENDING; default 1s"},
    {"delivery_ack", Type::kDuration, "wait in ROUTED; default 10s"},
    {"execution", Type::kDuration, "wait in DELIVERED and EXECUTING; default 60s"},
    {"ttl", Type::kDuration, "life of the message; default 300s"},
    {"max_retries", Type::kCount, "re-sends, all phases together; default 3"},
    {"cancel_on_timeout", Type::kBool, "CANCEL follows the TIMEOUT of giving up; default false"},
    {"backoff", Type::kSection, "waits before re-sends and redeliveries", false, "backoff"},
    {"required_ack", Type::kStage, "the stage that completes the record; default EXECUTION_ACK"},
    {"retryable", Type::kErrorCodes,
     "codes after which the sender tries again; default BUFFER_FULL, ACK_TIMEOUT, "
     "AGENT_UNAVAILABLE, OVERLOADED, INTERNAL_ERROR"},
    {"channels", Type::kNames, "channels of the retries (fallback); default: not said"},
};

constexpr Key kBackoff[] = {
    {"first", Type::kDuration, "before the first; default 1s"},
    {"factor", Type::kPolicyFactor,
     "each further wait is this many times the one before; default 2"},
    {"max", Type::kDuration, "no wait is longer; default 30s"},
};

constexpr Key kMessage[] = {
    {"from", Type::kModule, "its sender; default sender"},
    {"to", Type::kModule, "its target; default target"},
    {"policy", Type::kAbsent, "absent: only the keys of policy beside it are said, or no policy"},
    {"payload", Type::kPayload, "text, {size: N} or {hex: …}; default 16 bytes of the alias"},
    {"key", Type::kKey,
     "equal names are equal idempotency keys; $m1.message_id is that very id; {size: N}: one of N "
     "bytes; default the message's own"},
    {"stream", Type::kName, "conversation; its sequence counts by itself"},
    {"sequence", Type::kCount, "its number in the stream, where that shall not count"},
    {"reconcile_window", Type::kDuration, "how long its TIMEOUT_ABORT stays provisional"},
    {"work", Type::kSection, "what executing it amounts to", false, "work"},
    {"set", Type::kSet,
     "changes header fields: PATH: value, absent; unknown.N, ack.unknown.N: hex"},
    {"corrupt", Type::kHarm, "breaks the encoded frames"},
    {"on", Type::kSocket, "another socket: main, ack_ingress, ack_egress, a channel"},
};

constexpr Key kWork[] = {
    {"starts", Type::kDuration, "when IN_PROGRESS is said; absent: it is not"},
    {"progress", Type::kProgress, "list of {at: T, percent: N}"},
    {"hold", Type::kDuration, "the start waits that long (conditional ACK)"},
    {"ends", Type::kWorkEnd,
     "SUCCESS (default), FAILURE CODE, REJECTED CODE (no code: the handler says none) or never"},
    {"after", Type::kDuration, "when it ends, since the first receipt; default 0s"},
    {"on_cancel", Type::kOnCancel, "stop (default) or ignore"},
    {"retryable", Type::kBool, "with REJECTED: a higher attempt is judged afresh; default false"},
    {"ends_with_life", Type::kBool,
     "it fails with TOOL_TIMEOUT when its life ends while it runs; default false"},
};

constexpr Key kProgress[] = {
    {"at", Type::kDuration, "since the first receipt", true},
    {"percent", Type::kCount, "0 to 100", true},
};

constexpr Key kPeer[] = {
    {"state", Type::kPeerState, "connected (default) or absent"},
    {"accepts_ack_batch", Type::kBool, "names BATCH_ACK in its features"},
    {"key", Type::kKeyKind,
     "the case speaks CURVE, and this module with the right key, a foreign one, another module's "
     "or "
     "none; needs [curve]"},
};

constexpr Key kGiven[] = {
    {"state", Type::kState, "where it begins; fields of a message may stand beside it", true},
};

constexpr Section kDocumentSections[] = {
    {"document", "Document", kDocument},
    {"defaults", "defaults.yaml", kDefaults},
    {"config", "config", kConfig},
    {"limits", "config: limits", kLimits},
    {"circuit", "config: circuit", kCircuit},
    {"policy", "policy", kPolicy},
    {"backoff", "policy: backoff", kBackoff},
    {"message", "Fields of a message (besides every key of policy)", kMessage},
    {"work", "work", kWork},
    {"progress", "work: progress", kProgress},
    {"peer", "peers: NAME", kPeer},
    {"given", "given: ALIAS", kGiven},
};

}  // namespace

std::span<const Section> DocumentSections() { return kDocumentSections; }

}  // namespace cmb::conformance::scenario::tables
