#include "conformance/explore/genome.h"

#include <algorithm>

#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {
namespace {

constexpr std::uint64_t kMostSteps = 14;  // Of a new one; of an altered one twice as many.
constexpr int kLooks = 4;

std::uint64_t DrawSeed() { return Below(1ULL << 62); }

void Append(std::vector<std::uint64_t>& steps, std::uint64_t count) {
  for (; count > 0; --count) {
    steps.push_back(DrawSeed());
  }
}

// With something else in one place, or another end.
Genome Altered(Genome genome, const Genome& other) {
  std::vector<std::uint64_t>& steps = genome.steps;
  const auto place = static_cast<std::ptrdiff_t>(Below(steps.size()));
  switch (Below(6)) {
    case 0:
      steps[static_cast<std::size_t>(place)] = DrawSeed();
      break;
    case 1:
      steps.erase(steps.begin() + place);
      break;
    case 2:
      steps.insert(steps.begin() + place, DrawSeed());
      break;
    case 3:
      steps.resize(static_cast<std::size_t>(place) + 1);
      steps.insert(steps.end(),
                   other.steps.begin() + static_cast<std::ptrdiff_t>(Below(other.steps.size())),
                   other.steps.end());
      break;
    case 4:
      genome.header = DrawSeed();
      break;
    case 5:
      Append(steps, 1 + Below(4));
  }
  steps.resize(std::min<std::size_t>(steps.size(), 2 * kMostSteps));
  Append(steps, steps.empty() ? 1 : 0);
  return genome;
}

}  // namespace

Genome DrawGenome() {
  Genome genome{DrawSeed(), {}};
  Append(genome.steps, 2 + Below(kMostSteps - 1));
  return genome;
}

void Pool::Learn(const Genome& genome, const Features& features) {
  for (const std::string& feature : features) {
    const auto [found, is_new] = known_.try_emplace(feature);
    Known& known = found->second;
    if (is_new) {
      all_.push_back(&known);
    }
    if (is_new || genome.steps.size() < known.shortest.steps.size()) {
      known.shortest = genome;
    }
    ++known.times;
  }
}

const Genome& Pool::Rare() const {
  const Known* rarest = OneOf(all_);
  for (int looks = 1; looks < kLooks; ++looks) {
    const Known* other = OneOf(all_);
    rarest = other->times < rarest->times ? other : rarest;
  }
  return rarest->shortest;
}

Genome Pool::Next() const {
  return all_.empty() || OneIn(3) ? DrawGenome() : Altered(Rare(), Rare());
}

}  // namespace cmb::conformance::explore
