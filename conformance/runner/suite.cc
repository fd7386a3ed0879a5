#include "conformance/runner/suite.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "conformance/control/caught.h"
#include "conformance/oracle/oracle.h"
#include "conformance/report/entry_text.h"
#include "conformance/runner/running_order.h"
#include "conformance/wall/run_on_wall.h"
#include "proto/wire/words.h"

namespace cmb::conformance::runner {
namespace {

using report::CaseRecord;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kLastEntries = 12;
constexpr int kTries = 2;

double MillisecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

// As far as it is known before the case is run.
CaseRecord Blank(const scenario::Case& one, const SuiteSettings& settings) {
  CaseRecord record;
  record.scenario_id = one.document_id;
  record.role = report::RoleWord(one.role);
  record.profile = wire::Word(one.profile);
  record.place = {one.where.file, one.where.line, one.where.column};
  record.result.case_id = one.id;
  record.result.title = one.title;
  record.result.requirements = one.requirements;
  record.rerun = settings.rerun ? settings.rerun(one.id) : "";
  return record;
}

// The last entries up to what is to blame.
std::vector<std::string> Evidence(Transcript transcript, const CaseRecord& record) {
  if (!record.causes.empty() && record.causes.front().moment.entry < transcript.entries.size()) {
    transcript.entries.resize(record.causes.front().moment.entry + 1);
  }
  return report::LastEntries(transcript, kLastEntries);
}

bool WasCutShort(Verdict verdict) {
  return verdict == Verdict::kIutCrashed || verdict == Verdict::kNoAnswer ||
         verdict == Verdict::kHarnessError;
}

// One run of the suite. Workers take cases in the running order; each record has its place.
class Suite {
 public:
  Suite(const std::vector<scenario::Case>& cases, const SuiteSettings& settings,
        const std::atomic<bool>& stop)
      : cases_(cases), settings_(settings), stop_(stop), order_(RunningOrder(cases)) {
    for (const scenario::Case& one : cases) {
      report_.cases.push_back(Blank(one, settings));
    }
  }

  report::RunReport Run() {
    const auto start = SteadyClock::now();
    report_.seed = settings_.seed;
    NoteThrown(Caught([&] { Begin(); }), nullptr);
    report_.interrupted = stop_;
    report_.wall_ms = MillisecondsSince(start);
    return std::move(report_);
  }

 private:
  void Begin() {
    std::unique_ptr<Bench> first = settings_.make_bench();
    Result<control::v1::Pics> claims = first->Claims();
    if (claims) {
      pics_ = std::move(claims).value();
      report_.pics = pics_;
      report_.jobs = Workers();
      if (Waits()) {
        settings_.is_waiting();
      }
      RunWorkers(report_.jobs, std::move(first));
    } else if (!stop_) {
      report_.stopped_because = WithRequirement(claims.trouble());
      report_.stopped_stderr = claims.trouble().iut_stderr;
    }
  }

  bool Waits() const { return settings_.wall_jobs != 0 && !wall::HasVirtualClock(pics_); }

  unsigned Workers() const {
    return static_cast<unsigned>(
        std::clamp<std::size_t>(Waits() ? settings_.wall_jobs : settings_.jobs, 1,
                                std::max<std::size_t>(cases_.size(), 1)));
  }

  void RunWorkers(unsigned workers, std::unique_ptr<Bench> first) {
    std::vector<std::thread> others;
    for (unsigned i = 1; i < workers; ++i) {
      others.emplace_back([this] { Work(nullptr); });
    }
    Work(std::move(first));
    for (std::thread& other : others) {
      other.join();
    }
  }

  // How a process ends is judged once for each worker.
  void Leave(Bench& bench) {
    const auto lost = settings_.lost_time();
    const auto left = bench.Leave();
    if (left.ok() || stop_ || settings_.lost_time() != lost) {
      return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    const Trouble& trouble = left.trouble();
    report_.stopped_because +=
        (report_.stopped_because.empty() ? "" : "; ") + ("at its end " + WithRequirement(trouble));
  }

  // Without a bench it makes one.
  void Work(std::unique_ptr<Bench> bench) {
    CaseRecord* in_hand = nullptr;
    const std::string thrown = Caught([&] {
      bench = bench != nullptr ? std::move(bench) : settings_.make_bench();
      WorkOff(*bench, in_hand);
      Leave(*bench);
    });
    NoteThrown(thrown, in_hand);
  }

  // No further case begins. `thrown` empty: nothing was.
  void NoteThrown(const std::string& thrown, CaseRecord* in_hand) {
    if (thrown.empty()) {
      return;
    }
    given_up_ = true;
    if (in_hand != nullptr) {
      in_hand->was_run = true;
      in_hand->causes.clear();
      in_hand->result.verdict = Verdict::kHarnessError;
      in_hand->result.reason = thrown;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    report_.stopped_because += (report_.stopped_because.empty() ? "" : "; ") + thrown +
                               (in_hand == nullptr ? "" : ", in case " + in_hand->result.case_id);
  }

  void WorkOff(Bench& bench, CaseRecord*& in_hand) {
    for (std::size_t at = next_++; at < order_.size() && !stop_ && !given_up_; at = next_++) {
      const std::size_t i = order_[at];
      CaseRecord& record = report_.cases[i];
      if (IsHopeless(record)) {
        continue;
      }
      in_hand = &record;
      const auto start = SteadyClock::now();
      RunUndisturbed(bench, cases_[i], record);
      if (stop_ && WasCutShort(record.result.verdict)) {
        record = Blank(cases_[i], settings_);  // Its waits were ended: the IUT is not to blame.
        return;
      }
      record.was_run = true;
      record.wall_ms = MillisecondsSince(start);
      WatchRole(record);
      EndIfFailed(record);
      if (settings_.case_done) {
        settings_.case_done(record);
      }
      in_hand = nullptr;
    }
  }

  // What the case met while the suite or the machine stood still says nothing of the IUT: once
  // more.
  void RunUndisturbed(Bench& bench, const scenario::Case& one, CaseRecord& record) {
    for (int tries = 1;; ++tries) {
      const auto lost = settings_.lost_time();
      RunOne(bench, one, record);
      if (stop_ || settings_.lost_time() == lost || !WasCutShort(record.result.verdict)) {
        return;
      }
      if (tries == kTries) {
        record.result.verdict = Verdict::kInconclusive;
        record.result.reason = "the machine or the suite stood still for " +
                               std::to_string((settings_.lost_time() - lost).count()) +
                               " ms; and " + record.result.reason;
        record.causes.clear();
        return;
      }
      record = Blank(one, settings_);
    }
  }

  void RunOne(Bench& bench, const scenario::Case& one, CaseRecord& record) {
    const Result<control::v1::Pics> alive = bench.Claims();
    if (!alive) {
      record.result.verdict = Verdict::kHarnessError;
      record.result.reason = WithRequirement(alive.trouble());
      record.result.iut_stderr = alive.trouble().iut_stderr;
      CountVainStart(record.result.reason);
      return;
    }
    vain_starts_ = 0;
    Transcript transcript;
    record.result = settings_.run_case(bench, one, pics_, RunOptions{settings_.seed}, transcript);
    Merge(MayJudge(record.result) ? oracle::Judge(transcript) : std::vector<oracle::Finding>(),
          transcript, record);
    if (record.result.verdict == Verdict::kFail) {
      std::string& own = record.result.iut_stderr;
      own = own.empty() ? bench.IutStderr() : own;
      bench.Discard();  // The next case begins with a process that has done nothing wrong.
    }
    if (record.result.verdict != Verdict::kPass) {
      record.last_entries = Evidence(transcript, record);
    }
    if (settings_.keep_transcript && !transcript.entries.empty()) {
      settings_.keep_transcript(record, transcript);
    }
  }

  // Of one role: whether all its cases so far ended with the same harness error.
  struct RoleWatch {
    std::string reason;
    int count = 0;
    bool hopeful = false;   // Some case went otherwise.
    bool given_up = false;  // Some case was not tried.
    bool Hopeless() const { return !hopeful && count >= kVainCases; }
  };

  bool IsHopeless(CaseRecord& record) {
    const std::lock_guard<std::mutex> lock(mutex_);
    RoleWatch& role = roles_[record.role];
    if (!role.Hopeless()) {
      return false;
    }
    record.result.reason = "not tried, as every case before: " + role.reason;
    if (!std::exchange(role.given_up, true)) {
      report_.stopped_because += (report_.stopped_because.empty() ? "" : "; ") +
                                 ("every case of the " + record.role) +
                                 " ended alike, so its other cases were not tried: " + role.reason;
    }
    return true;
  }

  void WatchRole(const CaseRecord& record) {
    if (record.result.verdict == Verdict::kUnsupported) {
      return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    RoleWatch& role = roles_[record.role];
    const bool alike = role.count == 0 || role.reason == record.result.reason;
    role.hopeful |= record.result.verdict != Verdict::kHarnessError || !alike;
    role.reason = record.result.reason;
    ++role.count;
  }

  void EndIfFailed(const CaseRecord& record) {
    if (settings_.fail_fast && report::NeedsWords(record) && !given_up_.exchange(true)) {
      const std::lock_guard<std::mutex> lock(mutex_);
      report_.stopped_because = "--fail-fast: " + record.result.case_id + " did not pass";
    }
  }

  void CountVainStart(const std::string& sentence) {
    if (++vain_starts_ < kVainStarts || given_up_.exchange(true)) {
      return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    report_.stopped_because = "the IUT can no longer be started: " + sentence;
  }

  const std::vector<scenario::Case>& cases_;
  const SuiteSettings& settings_;
  const std::atomic<bool>& stop_;
  const std::vector<std::size_t> order_;
  control::v1::Pics pics_;
  report::RunReport report_;
  std::atomic<std::size_t> next_{0};
  std::atomic<int> vain_starts_{0};
  std::atomic<bool> given_up_{false};
  std::map<std::string, RoleWatch> roles_;
  std::mutex mutex_;
};

}  // namespace

report::RunReport RunSuite(const std::vector<scenario::Case>& cases, const SuiteSettings& settings,
                           const std::atomic<bool>& stop) {
  return Suite(cases, settings, stop).Run();
}

}  // namespace cmb::conformance::runner
