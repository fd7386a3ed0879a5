#include "conformance/engine/run_case.h"

#include <fmt/format.h>

#include <utility>

#include "conformance/engine/actor.h"
#include "conformance/engine/case_settings.h"
#include "conformance/engine/checker.h"
#include "conformance/engine/describe.h"
#include "conformance/engine/facts.h"
#include "conformance/engine/fault_pipeline.h"
#include "conformance/engine/frame_factory.h"
#include "conformance/engine/given_path.h"
#include "conformance/engine/item_judge.h"
#include "conformance/engine/link.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/observer.h"
#include "conformance/engine/peers.h"
#include "conformance/engine/pics_gate.h"
#include "conformance/engine/random_source.h"
#include "conformance/engine/recorder.h"
#include "conformance/engine/step_runner.h"
#include "conformance/engine/term_match.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/window.h"

namespace cmb::conformance {
namespace engine {
namespace {

// A report lists so many frames that nobody expected, and then their number.
constexpr std::size_t kMostUnconsumed = 50;

constexpr char kCountsWhatItSends[] = "CMB-CTL-018";

// Everything that one case needs, in the order in which it depends on each
// other. Lives as long as the case.
class CaseRun {
 public:
  CaseRun(Bench& bench, const scenario::Case& scenario, const PicsGate& pics,
          const RunOptions& options, Transcript& transcript, CaseResult& result)
      : bench_(bench),
        frames_only_(options.frames_only),
        scenario_(scenario),
        result_(result),
        recorder_(transcript, LayoutOf(scenario)),
        timeline_(bench, recorder_, window_),
        factory_(scenario, book_, IdPrefix(scenario.id + options.salt, scenario.config.id_bytes)),
        pipeline_(scenario, book_, RandomSource(options.seed, scenario.id),
                  [this](NoteKind kind, const std::string& sentence) {
                    recorder_.Note(kind, sentence, timeline_.now_ms());
                  }),
        link_(scenario, factory_, timeline_, pipeline_),
        peers_(scenario, book_, factory_, timeline_, link_),
        actor_(scenario, book_, factory_, timeline_, link_),
        judge_(scenario, book_),
        facts_(scenario, book_, window_, timeline_),
        checker_(book_, judge_, facts_, timeline_),
        observer_(book_, window_, timeline_, judge_, checker_),
        given_(scenario, factory_, actor_, facts_, book_, window_, timeline_, peers_,
               options.frames_only, pics.profile() == ack::v1::PROFILE_CORE),
        steps_(scenario, pics, actor_, observer_, recorder_, timeline_, window_, book_, result,
               options.frames_only) {
    timeline_.OnItem([this](const Item& item) {
      book_.Learn(item);
      link_.Hear(item);
    });
    link_.OnArrival([this](const Item& item) { peers_.React(item); });
  }

  void Run() {
    const std::uint64_t begin_ms = timeline_.now_ms();
    const MaybeHalt halt = RunAll();
    if (halt) {
      Stopped(*halt);
    }
    result_.virtual_ms = timeline_.now_ms() - begin_ms;
    result_.advances = timeline_.advances();
    result_.faults = pipeline_.Counts();
    ListUnconsumed();
    Conclude(halt);
  }

 private:
  MaybeHalt RunAll() {
    recorder_.SetStep(kGivenStep);
    if (auto halt = given_.Walk(result_.misses); halt || !result_.misses.empty()) {
      return halt;
    }
    window_.Close();
    first_ = window_.end();
    link_.Begin();
    return steps_.Run();
  }

  // What stopped the case, or shows at its end.
  void Stopped(const Halt& halt) {
    const scenario::Step* step = steps_.step();
    const scenario::Where& where = step == nullptr ? scenario_.where : step->where;
    const Place place{where.file, where.line, where.column};
    const std::string text = step == nullptr ? "given" : step->source_text;
    result_.transcript_whole = halt.transcript_whole;
    NoteHalt(halt, place, timeline_.here(), text, result_);
    if (result_.stop && halt.requirement == kCountsWhatItSends && !result_.misses.empty()) {
      // What was missed had been sent, and was not waited for.
      result_.stop->moment = result_.misses.front().moment;
      result_.stop->explains_misses = true;
    }
  }

  // Every record that the IUT still holds stands at the end of the transcript, so that the oracle
  // can hold the events against it (CMB-OBS-015).
  MaybeHalt AskRecords() {
    for (const std::string& alias : book_.Aliases()) {
      const Known& known = *book_.Find(alias);
      std::optional<ack::v1::TransactionRecord> record;
      if (known.fields == nullptr || known.message_id.empty() || timeline_.down()) {
        continue;
      }
      if (auto halt = facts_.Record(known, record)) {
        return halt;
      }
    }
    return std::nullopt;
  }

  // CONTROL: the closing check proves that no frame was left uncounted. It is
  // made after a miss too: then the process may serve the next case.
  MaybeHalt Close() {
    recorder_.SetStep(kClosingStep);
    if (auto halt = frames_only_ ? std::nullopt : AskRecords()) {
      result_.process_spoiled = true;
      return halt;
    }
    if (auto closed = bench_.EndCase(); !closed) {
      result_.process_spoiled = true;
      return HaltOf(closed.trouble());
    }
    return std::nullopt;
  }

  static bool IsTrouble(const Halt& halt) {
    return halt.verdict == Verdict::kHarnessError || halt.verdict == Verdict::kIutCrashed ||
           halt.verdict == Verdict::kNoAnswer || halt.verdict == Verdict::kFail;
  }

  // Section 10: fail > IUT crashed > no answer > harness error > inconclusive > pass.
  void Conclude(MaybeHalt halt) {
    if (halt && IsTrouble(*halt)) {
      result_.process_spoiled = true;
    } else if (auto closing = Close()) {
      Stopped(*closing);
      halt = halt ? halt : closing;
    }
    result_.verdict = Verdict::kPass;
    if (halt) {
      Lower(halt->verdict, halt->reason);
      result_.iut_stderr = halt->iut_stderr;
    }
    for (const FaultCount& fault : result_.faults) {
      if (!fault.in_full) {
        Lower(Verdict::kInconclusive, "a fault was not applied in full, " + fault.missing);
      }
    }
    if (!result_.misses.empty()) {
      const Miss& miss = result_.misses.front();
      Lower(Verdict::kFail, fmt::format("want {}, got {}", miss.want, miss.got));
    }
    if (result_.verdict != Verdict::kPass && result_.iut_stderr.empty()) {
      result_.iut_stderr = bench_.IutStderr();
    }
    if (result_.process_spoiled) {
      bench_.Discard();
    }
  }

  // The weightier verdict stands, with its reason; of equal ones the first.
  void Lower(Verdict verdict, const std::string& reason) {
    if (verdict != result_.verdict && Worse(verdict, result_.verdict) == verdict) {
      result_.verdict = verdict;
      result_.reason = reason;
    }
  }

  void ListUnconsumed() {
    std::size_t more = 0;
    for (std::size_t i = first_; i < window_.end(); ++i) {
      const Item& item = window_[i];
      if (!item.IsFrame() || item.consumed || IsBarrier(item.kind)) {
        continue;
      }
      if (result_.unconsumed.size() == kMostUnconsumed) {
        ++more;
      } else {
        result_.unconsumed.push_back(Describe(item, book_));
      }
    }
    if (more > 0) {
      result_.unconsumed.push_back(fmt::format("... and {} more", more));
    }
  }

  Bench& bench_;
  const bool frames_only_;
  const scenario::Case& scenario_;
  CaseResult& result_;
  MessageBook book_;
  Window window_;
  Recorder recorder_;
  Timeline timeline_;
  FrameFactory factory_;
  FaultPipeline pipeline_;
  Link link_;
  Peers peers_;
  Actor actor_;
  ItemJudge judge_;
  Facts facts_;
  Checker checker_;
  Observer observer_;
  GivenPath given_;
  StepRunner steps_;
  std::size_t first_ = 0;  // Items before this came while `given` was reached.
};

CaseResult EmptyResult(const scenario::Case& scenario) {
  CaseResult result;
  result.case_id = scenario.id;
  result.title = scenario.title;
  result.requirements = scenario.requirements;
  return result;
}

void FillHeader(const scenario::Case& scenario, const PicsGate& pics, const CaseSettings& settings,
                const RunOptions& options, Transcript& transcript) {
  transcript.entries.clear();
  TranscriptHeader& header = transcript.header;
  header.case_id = scenario.id;
  header.role = scenario.role;
  header.module_id = settings.module_id;
  header.channels = settings.channels;
  header.profile = pics.profile();
  header.features = pics.features();
  header.settings = settings.settings;
  header.seed = options.seed;
  header.frames_only = options.frames_only;
  if (scenario.role == ack::v1::ROLE_ROUTER) {
    header.connected = settings.connected;
  }
}

}  // namespace
}  // namespace engine

std::string IdPrefix(const std::string& case_id, std::size_t bytes) {
  std::string prefix = fmt::format("{:08x}-", engine::HashOf(case_id) & 0xffffffffU);
  return prefix.size() < bytes ? prefix + std::string(bytes - prefix.size() - 1, 'x') + "-"
                               : prefix;
}

CaseResult RunCase(Bench& bench, const scenario::Case& scenario, const control::v1::Pics& pics,
                   const RunOptions& options, Transcript& transcript) {
  CaseResult result = engine::EmptyResult(scenario);
  const engine::PicsGate gate(pics, scenario.role);
  scenario::Case prepared = scenario;
  engine::PrepareGiven(prepared);
  const CaseSettings settings = engine::SettingsOf(
      prepared, IdPrefix(scenario.id + options.salt, scenario.config.id_bytes), options.seed);
  engine::FillHeader(prepared, gate, settings, options, transcript);
  if (const auto refusal = gate.Refusal(prepared)) {
    result.verdict = Verdict::kUnsupported;
    result.reason = *refusal;
    return result;
  }
  if (auto started = bench.StartCase(settings); !started) {
    const engine::Halt halt = engine::HaltOf(started.trouble());
    const Place place{scenario.where.file, scenario.where.line, scenario.where.column};
    if (halt.verdict != Verdict::kUnsupported) {
      engine::NoteHalt(halt, place, {0, settings.settings.now_ms()}, "the start of the case",
                       result);
    }
    result.verdict = halt.verdict;
    result.reason = halt.reason;
    result.iut_stderr = halt.iut_stderr;
    result.process_spoiled = true;
    return result;
  }
  engine::CaseRun(bench, prepared, gate, options, transcript, result).Run();
  return result;
}

}  // namespace cmb::conformance
