#include "conformance/explore/explorer.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "conformance/explore/acts.h"
#include "conformance/explore/shrink.h"
#include "conformance/oracle/tables/interpreter.h"
#include "proto/wire/words.h"

namespace cmb::conformance::explore {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::string Lowered(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

std::vector<Claims> ClaimsOf(const control::v1::Pics& pics, const std::vector<std::string>& roles) {
  std::vector<Claims> all;
  for (const control::v1::RoleClaim& claim : pics.roles()) {
    Claims claims;
    claims.role = Lowered(wire::Word(claim.role()));
    claims.profile = wire::Word(claim.profile());
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
      explored_.stopped_because = claims.trouble().sentence;
      explored_.interrupted = stop_;
      return std::move(explored_);
    }
    pics_ = std::move(claims).value();
    explored_.iut_name = pics_.name();
    claims_ = ClaimsOf(pics_, settings_.roles);
    if (claims_.empty()) {
      explored_.stopped_because = "the implementation claims no role that is to be explored";
    } else {
      RunWorkers(std::move(first));
    }
    explored_.interrupted = stop_;
    std::sort(explored_.found.begin(), explored_.found.end(),
              [](const Found& a, const Found& b) { return a.number < b.number; });
    return std::move(explored_);
  }

 private:
  void RunWorkers(std::unique_ptr<Bench> first) {
    std::vector<std::thread> others;
    for (unsigned i = 1; i < settings_.jobs; ++i) {
      others.emplace_back([this] { Work(settings_.make_bench()); });
    }
    Work(std::move(first));
    for (std::thread& other : others) {
      other.join();
    }
  }

  bool IsOver() const { return stop_ || done_ || SteadyClock::now() >= ends_; }

  void Work(std::unique_ptr<Bench> bench) {
    for (std::uint64_t i = next_++; i < settings_.cases && !IsOver(); i = next_++) {
      const Claims& claims = claims_[i % claims_.size()];
      const auto drawn = Draw(claims, i + 1);
      if (!drawn) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++explored_.refused;
        continue;
      }
      RunOne(*bench, claims, *drawn, i + 1);
    }
  }

  // The same number and seed give the same scenario, whoever draws it.
  std::optional<Loaded> Draw(const Claims& claims, std::uint64_t number) const {
    const std::string id = fmt::format("explore/{}-{}-{}", claims.role, settings_.seed, number);
    return Mended(Drawn(claims, id, number), settings_.knowledge);
  }

  // RapidCheck keeps what it is about in a variable of the whole process: one draws at a time.
  scenario::Node Drawn(const Claims& claims, const std::string& id, std::uint64_t number) const {
    static std::mutex drawing;
    const std::lock_guard<std::mutex> lock(drawing);
    const auto source = rc::gen::exec([&claims, &id] { return DrawScenario(claims, id); });
    const rc::Random random(settings_.seed * 1'000'003 + number);
    return source(random).value();
  }

  void RunOne(Bench& bench, const Claims& claims, const Loaded& drawn, std::uint64_t number) {
    std::set<std::string> reached;
    const Outcome outcome = Try(bench, drawn.one, pics_, &reached);
    if (stop_) {
      return;  // Its waits were ended: nobody is to blame.
    }
    if (outcome.IsFailure() && IsNew(outcome)) {
      Keep(bench, drawn, outcome, number);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    explored_.reached[claims.role].merge(reached);
    Count(outcome);
    if (settings_.progress) {
      settings_.progress(explored_);
    }
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
          return !stop_ && Try(bench, one, pics_, nullptr).Signature() == signature;
        },
        settings_.shrink_tries);
    for (int i = 0; i < kConfirmations && !stop_; ++i) {
      bench.Discard();
      const Outcome again = Try(bench, found.small.one, pics_, nullptr);
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
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> done_{false};
  std::mutex mutex_;
};

}  // namespace

std::string Explored::Coverage() const {
  std::string text;
  for (const auto& [role, rows] : reached) {
    const auto word = wire::ParseWord<ack::v1::Role>(role == "sender"   ? "SENDER"
                                                     : role == "router" ? "ROUTER"
                                                                        : "TARGET");
    const auto cells = oracle::tables::CellsOf(word.value_or(ack::v1::ROLE_UNSPECIFIED));
    const auto hit = std::count_if(
        rows.begin(), rows.end(), [&cells](const std::string& row) { return cells.contains(row); });
    text += fmt::format("{}{} {} of {} cells", text.empty() ? "" : ", ", role, hit, cells.size());
  }
  return text;
}

Explored Explore(const ExploreSettings& settings, const std::atomic<bool>& stop) {
  return Exploration(settings, stop).Run();
}

}  // namespace cmb::conformance::explore
