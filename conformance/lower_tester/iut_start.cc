// One process of the IUT, from its command to its Hello.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "conformance/lower_tester/iut_session.h"

namespace cmb::conformance {
namespace {

// Differs for every process of every run on this machine, so that an orphan is told from a child.
std::string NextIncarnation() {
  static std::atomic<std::uint64_t> started{0};
  return fmt::format("{}-{}", getpid(), ++started);
}

// Why it cannot be spoken to by `binding`. Absent: it claims the feature.
std::optional<std::string> MissingFeature(const control::v1::Pics& claims,
                                          control::v1::Binding binding) {
  if (binding == control::v1::BINDING_UNSPECIFIED) {
    return std::nullopt;
  }
  const bool headers = binding == control::v1::BINDING_INLINE_HEADERS;
  const auto feature = headers ? ack::v1::FEATURE_INLINE_HEADERS : ack::v1::FEATURE_INLINE_FRAMES;
  const auto& features = claims.features();
  return std::find(features.begin(), features.end(), feature) != features.end()
             ? std::nullopt
             : std::optional(fmt::format("the IUT does not claim {}, which --binding {} needs",
                                         headers ? "inline_headers" : "inline_frames",
                                         headers ? "headers" : "frames"));
}

}  // namespace

IutSession::IutSession(zmq::context_t& context, std::unique_ptr<ControlClient> control,
                       std::unique_ptr<ChildProcess> child, const LockStepOptions& options)
    : context_(context),
      control_(std::move(control)),
      child_(std::move(child)),
      guards_(options.guards),
      wanted_binding_(options.binding),
      ledger_(SocketLayout({})) {}

// A process that is ours is killed by its ChildProcess.
IutSession::~IutSession() {
  if (!child_->IsOurs()) {
    control_->Dismiss(*child_);
  }
}

namespace {

std::unique_ptr<ControlClient> MakeClient(zmq::context_t& context, const LockStepOptions& options,
                                          std::shared_ptr<ControlLink> attached) {
  if (attached != nullptr) {
    return std::make_unique<ControlClient>(std::move(attached), kAttached, options.guards);
  }
  return std::make_unique<ControlClient>(options.stdio ? MakeStdioLink() : MakeSocketLink(context),
                                         NextIncarnation(), options.guards);
}

std::variant<std::unique_ptr<ChildProcess>, SpawnError> StartProcess(
    const ControlClient& control, const LockStepOptions& options) {
  if (!options.attach.empty()) {
    options.await_harness(control.address());
    return ChildProcess::SomebodyElses();
  }
  return ChildProcess::Spawn({.command = options.command,
                              .environment = {{"CMB_CONTROL", control.address()},
                                              {"CMB_INCARNATION", control.incarnation()}},
                              .lines_on_stdout = options.stdio});
}

// What is the way in is easily forgotten, and then nobody says anything.
Trouble WithAdvice(Trouble trouble, const LockStepOptions& options) {
  const bool said_why = !trouble.timed_out && !trouble.iut_stderr.empty();
  if (trouble.kind != TroubleKind::kCannotStart || !trouble.requirement.empty() || said_why) {
    return trouble;
  }
  if (options.stdio) {
    trouble.sentence += "; one that connects to CMB_CONTROL is run without --stdio";
  } else if (trouble.iut_stdout.starts_with('{')) {
    trouble.sentence += "; it writes lines of JSON to its standard output: run it with --stdio";
  } else {
    trouble.sentence += "; one that speaks by its standard input and output is run with --stdio";
  }
  return trouble;
}

}  // namespace

Result<std::unique_ptr<IutSession>> IutSession::Start(zmq::context_t& context,
                                                      const LockStepOptions& options,
                                                      std::shared_ptr<ControlLink> attached) {
  auto control = MakeClient(context, options, std::move(attached));
  auto spawned = StartProcess(*control, options);
  if (const auto* error = std::get_if<SpawnError>(&spawned)) {
    Trouble trouble;
    trouble.kind = TroubleKind::kCannotStart;
    trouble.sentence = error->sentence;
    trouble.no_process = true;
    return trouble;
  }
  auto child = std::move(std::get<std::unique_ptr<ChildProcess>>(spawned));
  auto claims = control->AwaitHello(*child);
  if (!claims) {
    return WithAdvice(std::move(claims).trouble(), options);
  }
  std::unique_ptr<IutSession> session(
      new IutSession(context, std::move(control), std::move(child), options));
  session->claims_ = *std::move(claims);
  if (auto missing = MissingFeature(session->claims_, options.binding)) {
    return MakeTrouble(TroubleKind::kCannotStart, *std::move(missing), session->child());
  }
  return session;
}

}  // namespace cmb::conformance
