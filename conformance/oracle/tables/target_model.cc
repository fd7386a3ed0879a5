#include "conformance/oracle/tables/model.h"

namespace cmb::conformance::oracle::tables {

std::unique_ptr<Model> MakeTargetModel(World&) { return nullptr; }

}  // namespace cmb::conformance::oracle::tables
