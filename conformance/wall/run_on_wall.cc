#include "conformance/wall/run_on_wall.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <utility>
#include <variant>

#include "conformance/engine/pics_gate.h"
#include "conformance/wall/black_box.h"
#include "conformance/wall/durations.h"
#include "conformance/wall/ties.h"

namespace cmb::conformance::wall {
namespace {

// Each twice as slow as the one before.
constexpr int kMostSlowings = 3;

// Of a run that is late in more than one of five cases.
constexpr int kStrainOfLate = 4;
constexpr int kMostStrain = 32;

// Without a control channel nobody says when a timer has fired: it is waited for.
constexpr std::uint64_t kBlackBoxTickMs = 2 * kTickMs;

// What was missed counts when it was missed so often.
constexpr int kMisses = 3;

constexpr char kTie[] =
    "what it compares ends at one instant exactly, and so it needs a virtual clock";

std::optional<std::string> NeedsVirtualClock(const scenario::Case& one) {
  if (Needs(one, "virtual_clock")) {
    return "the IUT does not claim virtual_clock";
  }
  if (one.config.jitter.empty()) {
    return "the IUT draws its own waits, whose instants need a virtual clock";
  }
  const bool orders_an_instant =
      std::any_of(one.steps.begin(), one.steps.end(), [](const auto& step) {
        const auto* advance = std::get_if<scenario::Advance>(&step.action);
        return advance != nullptr && scenario::HasActs(*advance);
      });
  if (orders_an_instant) {
    return "it orders what happens at one instant, which needs a virtual clock";
  }
  if (one.config.header) {
    return "a time that is scaled has another number of bytes, which its bound of headers counts";
  }
  return std::nullopt;
}

// One case, from its first attempt to the one that counts.
class Attempts {
 public:
  Attempts(Bench& bench, const scenario::Case& one, const control::v1::Pics& pics,
           const RunOptions& options, const WallSettings& settings, Slack& slack,
           Transcript& transcript)
      : bench_(bench),
        one_(one),
        pics_(pics),
        options_(options),
        settings_(settings),
        slack_(slack),
        transcript_(transcript),
        unit_ms_(CommonUnitMs(one)),
        slowings_(slack.IsTight() ? 1 : 0) {
    pics_.add_features(ack::v1::FEATURE_VIRTUAL_CLOCK);  // As the bench makes it seem.
  }

  CaseResult Run() {
    if (auto why = NeedsVirtualClock(one_)) {
      return Without(Verdict::kUnsupported, *why);
    }
    if (auto why = IsRefused()) {
      return Without(Verdict::kUnsupported, *why);
    }
    while (true) {
      const auto scale = Scale();
      if (!scale) {
        return Without(
            Verdict::kUnsupported,
            fmt::format("its times are {} ms apart, which needs a virtual clock", unit_ms_));
      }
      // The second try of what was missed; the third is as the first, and slower.
      bench_.SetPace(
          {*scale, settings_.longest * (slowings_ == 0 ? 1 : 2), misses_ == 1, Settle(*scale)});
      CaseResult result = RunCase(bench_, one_, pics_, OptionsOfTry(), transcript_);
      const WallFindings findings = bench_.TakeFindings();
      if (auto end = Judge(std::move(result), findings)) {
        return *std::move(end);
      }
    }
  }

 private:
  // What is not claimed is told first.
  std::optional<std::string> IsRefused() const {
    if (!settings_.black_box || engine::PicsGate(pics_, one_.role).Refusal(one_)) {
      return std::nullopt;
    }
    auto why = NeedsHarness(one_, *settings_.black_box);
    return why || IsShortAt(0) ? why
                               : fmt::format(
                                     "it lasts longer than {} s on the wall clock, which "
                                     "--longest allows",
                                     settings_.longest.count() / 1000);
  }

  // Whether it is over in time, so often slowed down.
  bool IsShortAt(int slowings) const {
    const auto longest_ms = static_cast<std::uint64_t>(settings_.longest.count());
    return (LengthMs(one_) / unit_ms_ * TickMs()) << slowings <=
           longest_ms * (slowings == 0 ? 1 : 2);
  }

  std::uint64_t TickMs() const {
    const std::uint64_t wished =
        settings_.time_scale == 0 ? 0 : (unit_ms_ - 1) / settings_.time_scale + 1;
    return std::max(settings_.black_box ? kBlackBoxTickMs : kTickMs, wished);
  }

  // A router that runs on has seen the ids of every try before.
  RunOptions OptionsOfTry() {
    RunOptions options = options_;
    if (settings_.black_box) {
      options.frames_only = true;
      options.salt = fmt::format("#{:x}-{}", std::random_device{}(), ++tries_);
    }
    return options;
  }

  // What was missed may be on its way: more time for each try.
  std::chrono::milliseconds Settle(const WallScale& scale) const {
    const std::uint64_t tries = settings_.black_box ? static_cast<std::uint64_t>(misses_) : 0;
    return std::chrono::milliseconds(tries * scale.grace_ms() / 8);
  }

  // Absent: it would go slower than it is written.
  std::optional<WallScale> Scale() const {
    const std::uint64_t tick_ms = TickMs();
    // Without a harness to be asked so often it may still be short enough.
    if (tick_ms > unit_ms_ && !settings_.black_box) {
      return std::nullopt;
    }
    return WallScale{unit_ms_, tick_ms << slowings_};
  }

  // Absent: once more.
  std::optional<CaseResult> Judge(CaseResult result, const WallFindings& findings) {
    if (findings.misfit_ms) {
      const std::uint64_t before_ms =
          std::exchange(unit_ms_, std::gcd(unit_ms_, *findings.misfit_ms));
      return unit_ms_ < before_ms
                 ? std::nullopt
                 : std::optional(Without(Verdict::kUnsupported,
                                         fmt::format("its time of {} ms is out of range, which no "
                                                     "scale keeps",
                                                     *findings.misfit_ms)));
    }
    slack_.Note(findings.late_by_ms.has_value());
    if (findings.late_by_ms) {
      return Slower(*findings.late_by_ms,
                    Without(Verdict::kInconclusive,
                            fmt::format("too slow here: something was {} ms late, also at a scale "
                                        "{} times slower",
                                        *findings.late_by_ms, 1 << slowings_)));
    }
    if (findings.too_long && slowings_ > 0) {
      return Without(Verdict::kInconclusive,
                     "too slow here: at a slower scale " + findings.refused);
    }
    if (!findings.refused.empty()) {
      return Without(Verdict::kUnsupported, findings.refused);
    }
    slack_.Add(findings);
    if (auto why = SaysNothing(result)) {
      return Without(Verdict::kUnsupported, *why);
    }
    const std::string blamed = settings_.blamed(result, transcript_);
    if (blamed.empty() || ++misses_ == kMisses) {
      return result;
    }
    return Slower(0, std::move(result));
  }

  std::optional<std::string> SaysNothing(const CaseResult& result) const {
    if (settings_.black_box) {
      return RestsOnUnset(result, transcript_);
    }
    return HasTie(one_, transcript_) ? std::optional<std::string>(kTie) : std::nullopt;
  }

  // Absent: there is a scale slow enough. Else what counts.
  std::optional<CaseResult> Slower(std::uint64_t late_by_ms, CaseResult otherwise) {
    if (slowings_ == kMostSlowings || repeats_ == kMostSlowings) {
      return otherwise;
    }
    if (settings_.black_box && !IsShortAt(slowings_ + 1)) {
      ++repeats_;  // It may be luck.
      slack_.AddRepeat();
      return std::nullopt;
    }
    do {
      ++slowings_;
    } while (slowings_ < kMostSlowings && (kGraceMs << slowings_) < 2 * late_by_ms);
    slack_.AddRepeat();
    return std::nullopt;
  }

  CaseResult Without(Verdict verdict, std::string reason) {
    CaseResult result;
    result.case_id = one_.id;
    result.title = one_.title;
    result.requirements = one_.requirements;
    result.verdict = verdict;
    result.reason = std::move(reason);
    transcript_.entries.clear();
    return result;
  }

  Bench& bench_;
  const scenario::Case& one_;
  control::v1::Pics pics_;
  const RunOptions& options_;
  const WallSettings& settings_;
  Slack& slack_;
  Transcript& transcript_;
  std::uint64_t unit_ms_;
  int slowings_;
  int misses_ = 0;
  int tries_ = 0;
  int repeats_ = 0;  // At a scale that cannot be slower.
};

}  // namespace

void Slack::Add(const WallFindings& findings) {
  const std::lock_guard<std::mutex> lock(mutex_);
  lateness_ms_.insert(lateness_ms_.end(), findings.lateness_ms.begin(), findings.lateness_ms.end());
}

void Slack::Note(bool late) {
  const std::lock_guard<std::mutex> lock(mutex_);
  strain_ = late ? std::min(strain_ + kStrainOfLate, kMostStrain) : std::max(strain_ - 1, 0);
}

bool Slack::IsTight() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return strain_ > kMostStrain / 2;
}

void Slack::AddRepeat() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++repeats_;
}

std::vector<std::uint64_t> Slack::LatenessMs() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::uint64_t> sorted = lateness_ms_;
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

std::uint64_t Slack::repeats() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return repeats_;
}

bool HasVirtualClock(const control::v1::Pics& pics) {
  return std::find(pics.features().begin(), pics.features().end(),
                   ack::v1::FEATURE_VIRTUAL_CLOCK) != pics.features().end();
}

CaseResult RunOnWall(Bench& bench, const scenario::Case& scenario, const control::v1::Pics& pics,
                     const RunOptions& options, const WallSettings& settings, Slack& slack,
                     Transcript& transcript) {
  return Attempts(bench, scenario, pics, options, settings, slack, transcript).Run();
}

}  // namespace cmb::conformance::wall
