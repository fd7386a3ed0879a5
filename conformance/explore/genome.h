// Where scenarios come from: a seed for the header and one for each step, so that a scenario can be
// altered in one step and stays one that is drawn. Those that reached what few others did are
// altered more often. Values.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "conformance/explore/coverage.h"

namespace cmb::conformance::explore {

struct Genome {
  std::uint64_t header = 0;
  std::vector<std::uint64_t> steps;
};

// Draws, so only while there is a Drawing.
Genome DrawGenome();

class Pool {
 public:
  // In the order of the draws, whoever ran them: the same seed then draws the same.
  void Learn(const Genome& genome, const Features& features);
  // A new one, or one that was learned with something altered. Draws.
  Genome Next() const;

 private:
  struct Known {
    std::uint64_t times = 0;
    Genome shortest;
  };
  const Genome& Rare() const;

  std::map<std::string, Known> known_;
  std::vector<const Known*> all_;
};

}  // namespace cmb::conformance::explore
