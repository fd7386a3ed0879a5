#include "reference/shell/id_source.h"

#include <fmt/format.h>

#include <random>

namespace cmb::reference {

std::string RandomIdPrefix() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}-", device(), device());
}

}  // namespace cmb::reference
