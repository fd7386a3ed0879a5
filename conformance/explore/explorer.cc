#include "conformance/explore/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <cctype>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "conformance/control/caught.h"
#include "conformance/explore/acts.h"
#include "conformance/explore/shrink.h"
#include "proto/wire/words.h"

namespace cmb::conformance::explore {
namespace {

using SteadyClock = std::chrono::steady_clock;

// So many draws learn nothing of each other.
constexpr std::uint64_t kGeneration = 240;

std::string Lowered(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

std::vector<Claims> ClaimsOf(const control::v1::Pics& pics, const ExploreSettings& settings) {
  const std::vector<std::string>& roles = settings.roles;
  std::vector<Claims> all;
  for (const control::v1::RoleClaim& claim : pics.roles()) {
    Claims claims;
    claims.role = Lowered(wire::Word(claim.role()));
    claims.profile = wire::Word(claim.profile());
    claims.fills = settings.fills;
    for (const int feature : pics.features()) {
      claims.features.insert(Lowered(wire::Word(static_cast<ack::v1::Feature>(feature))));
    }
    if (roles.empty() || std::find(roles.begin(), roles.end(), claims.role) != roles.end()) {
      all.push_back(std::move(claims));
    }
  }
  return all;
}

class Exploration {
 public:
  Exploration(const ExploreSettings& settings, const std::atomic<bool>& stop)
      : settings_(settings), stop_(stop), ends_(SteadyClock::now() + settings.time) {}

  Explored Run() {
    std::unique_ptr<Bench> first = settings_.make_bench();
    Result<control::v1::Pics> claims = first->Claims();
    if (!claims) {
      explored_.stopped_because = WithRequirement(claims.trouble());
      explored_.interrupted = stop_;
      return std::move(explored_);
    }
    pics_ = std::move(claims).value();
    explored_.iut_name = pics_.name();
    claims_ = ClaimsOf(pics_, settings_);
    if (claims_.empty()) {
      explored_.stopped_because = "the implementation claims no role that is to be explored";
    } else {
      for (const Claims& claims : claims_) {
        explored_.coverage.emplace(claims.role, Coverage(claims, settings_.knowledge));
        pools_[claims.role];
      }
      RunWorkers(std::move(first));
    }
    explored_.interrupted = stop_;
    std::sort(explored_.found.begin(), explored_.found.end(),
              [](const Found& a, const Found& b) { return a.number < b.number; });
    return std::move(explored_);
  }

 private:
  // One draw of a generation and what it reached.
  struct Slot {
    Genome genome;
    Features features;
  };

  void RunWorkers(std::unique_ptr<Bench> first) {
    const auto jobs = std::max(settings_.jobs, 1U);
    std::barrier<std::function<void()>> all_done(jobs, [this] {
      NoteThrown(Caught([this] { NextGeneration(); }), 0);
      over_ = over_ || done_;
    });
    NextGeneration();
    std::vector<std::thread> others;
    for (unsigned i = 1; i < jobs; ++i) {
      others.emplace_back([&] { Work(nullptr, all_done); });
    }
    Work(std::move(first), all_done);
    for (std::thread& other : others) {
      other.join();
    }
  }

  bool IsOver() const { return stop_ || done_ || SteadyClock::now() >= ends_; }

  // Nobody else is at work. What the generation before reached decides what is drawn in the next,
  // in the order of the draws: so the same seed draws the same with however many workers.
  void NextGeneration() {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      pools_[RoleOf(i).role].Learn(slots_[i].genome, slots_[i].features);
    }
    first_ += slots_.size();
    slots_.clear();
    slots_.resize(std::min(kGeneration, settings_.cases - first_));
    next_ = 0;
    over_ = slots_.empty() || IsOver();
  }

  // One role after the other, since each needs a process of its own.
  const Claims& RoleOf(std::size_t slot) const {
    return claims_[slot * claims_.size() / slots_.size()];
  }

  // Without a bench it makes one.
  void Work(std::unique_ptr<Bench> bench, std::barrier<std::function<void()>>& all_done) {
    while (!over_) {
      std::uint64_t in_hand = 0;
      const std::string thrown = Caught([&] {
        bench = bench != nullptr ? std::move(bench) : settings_.make_bench();
        for (std::size_t i = next_++; i < slots_.size() && !IsOver(); i = next_++) {
          in_hand = first_ + i + 1;
          RunSlot(*bench, RoleOf(i), in_hand, slots_[i]);
        }
      });
      NoteThrown(thrown, in_hand);
      all_done.arrive_and_wait();
    }
  }

  // Nothing more is drawn. `thrown` empty: nothing was.
  void NoteThrown(const std::string& thrown, std::uint64_t in_hand) {
    if (thrown.empty()) {
      return;
    }
    done_ = true;
    const std::lock_guard<std::mutex> lock(mutex_);
    explored_.stopped_because = thrown + (in_hand == 0 ? "" : fmt::format(", in draw {}", in_hand));
  }

  void RunSlot(Bench& bench, const Claims& claims, std::uint64_t number, Slot& slot) {
    const std::string id = fmt::format("explore/{}-{}-{}", claims.role, settings_.seed, number);
    const Drawing drawing(settings_.seed * 1'000'003 + number);
    slot.genome = pools_.at(claims.role).Next();
    const auto drawn = Mended(DrawScenario(claims, id, slot.genome), settings_.knowledge);
    if (drawn) {
      slot.features = RunOne(bench, claims, *drawn, number);
      return;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    ++explored_.refused;
  }

  Features RunOne(Bench& bench, const Claims& claims, const Loaded& drawn, std::uint64_t number) {
    std::vector<oracle::tables::Applied> applied;
    const Outcome outcome = Try(bench, drawn.one, pics_, &applied);
    if (stop_) {
      return {};  // Its waits were ended: nobody is to blame.
    }
    if (outcome.IsFailure()) {
      if (IsNew(outcome)) {
        Keep(bench, drawn, outcome, number);
      }
      bench.Discard();
    }
    Features features = explored_.coverage.at(claims.role).Of(applied);
    const std::lock_guard<std::mutex> lock(mutex_);
    explored_.reached[claims.role].insert(features.begin(), features.end());
    Count(outcome);
    if (settings_.progress) {
      settings_.progress(explored_);
    }
    return features;
  }

  void Count(const Outcome& outcome) {
    if (outcome.IsFailure()) {
      ++explored_.failed;
    } else if (outcome.verdict == Verdict::kPass) {
      ++explored_.passed;
    } else if (outcome.verdict == Verdict::kInconclusive || outcome.verdict == Verdict::kNoAnswer) {
      ++explored_.inconclusive;
    } else {
      ++explored_.refused;
    }
  }

  // Whoever finds a failure first makes it small.
  bool IsNew(const Outcome& outcome) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool is_new = ++signatures_[outcome.Signature()] == 1;
    done_ = done_ || signatures_.size() >= kMostFound;
    return is_new;
  }

  void Keep(Bench& bench, const Loaded& drawn, const Outcome& outcome, std::uint64_t number) {
    const std::string signature = outcome.Signature();
    Found found;
    found.id = drawn.one.id;
    found.number = number;
    found.outcome = outcome;
    found.steps_before = StepsOf(drawn.document);
    found.small = Shrunk(
        drawn, settings_.knowledge,
        [&](const scenario::Case& one) {
          return !stop_ && Try(bench, one, pics_).Signature() == signature;
        },
        settings_.shrink_tries);
    for (int i = 0; i < kConfirmations && !stop_; ++i) {
      bench.Discard();
      const Outcome again = Try(bench, found.small.one, pics_);
      if (again.Signature() == signature) {
        ++found.confirmed;
        found.outcome = again;
      }
    }
    if (stop_) {
      return;  // Unconfirmed.
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (settings_.found) {
      settings_.found(found);
    }
    explored_.found.push_back(std::move(found));
  }

  const ExploreSettings& settings_;
  const std::atomic<bool>& stop_;
  const SteadyClock::time_point ends_;
  control::v1::Pics pics_;
  std::vector<Claims> claims_;
  Explored explored_;
  std::map<std::string, std::uint64_t> signatures_;
  std::map<std::string, Pool> pools_;  // By role.
  std::vector<Slot> slots_;            // Of this generation.
  std::uint64_t first_ = 0;            // How many were drawn before it.
  std::atomic<std::size_t> next_{0};
  bool over_ = false;
  std::atomic<bool> done_{false};
  std::mutex mutex_;
};

}  // namespace

std::string Explored::CoverageText() const {
  std::string text;
  for (const auto& [role, features] : reached) {
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : "; ", role, coverage.at(role).Text(features));
  }
  return text;
}

Explored Explore(const ExploreSettings& settings, const std::atomic<bool>& stop) {
  return Exploration(settings, stop).Run();
}

}  // namespace cmb::conformance::explore
