#include "conformance/oracle/tables/model.h"

namespace cmb::conformance::oracle::tables {

std::unique_ptr<Model> MakeRouterModel(World&) { return nullptr; }

}  // namespace cmb::conformance::oracle::tables
