#include "conformance/runner/commands.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "conformance/report/report_schema.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/exit_code.h"
#include "conformance/scenario/json_schema.h"
#include "proto/wire/words.h"

namespace cmb::conformance::runner {
namespace {

int ListEffective(const Options& options, const Catalog& catalog, Console& console) {
  const std::string document = scenario::Effective(catalog.request, options.effective);
  if (document.empty()) {
    return Complain({"--effective '" + options.effective + "' is no case"}, console);
  }
  console.out << document;
  return kAllPassed;
}

std::string JsonOf(const std::vector<scenario::Case>& cases) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const scenario::Case& one : cases) {
    list.push_back({{"id", one.id},
                    {"scenario", one.document_id},
                    {"title", one.title},
                    {"role", one.is_system ? "SYSTEM" : wire::Word(one.role)},
                    {"profile", wire::Word(one.profile)},
                    {"needs", one.needs},
                    {"lacks", one.lacks},
                    {"requirements", one.requirements},
                    {"file", one.where.file},
                    {"line", one.where.line}});
  }
  return list.dump(2) + "\n";
}

}  // namespace

int Complain(const std::vector<std::string>& complaints, Console& console) {
  for (const std::string& complaint : complaints) {
    console.err << "cmb-conformance: " << complaint << '\n';
  }
  return kWrongUse;
}

int ListCommand(const Options& options, Console& console) {
  const auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const auto& catalog = std::get<Catalog>(loaded);
  if (const Complaints broken = Broken(catalog); !broken.empty()) {
    return Complain(broken, console);
  }
  if (!options.effective.empty()) {
    return ListEffective(options, catalog, console);
  }
  const auto selected = Select(catalog.loaded.cases, options);
  if (const auto* complaints = std::get_if<Complaints>(&selected)) {
    return Complain(*complaints, console);
  }
  if (options.as_json) {
    console.out << JsonOf(std::get<0>(selected));
    return kAllPassed;
  }
  for (const scenario::Case& one : std::get<0>(selected)) {
    console.out << one.id << '\t' << one.title << '\n';
  }
  return kAllPassed;
}

int SchemaCommand(const Options& options, Console& console) {
  console.out << (options.schema == "report" ? report::kReportSchema : scenario::JsonSchema());
  return kAllPassed;
}

int LintCommand(const Options& options, Console& console) {
  const auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const auto& catalog = std::get<Catalog>(loaded);
  Complaints lines = Broken(catalog);
  for (const scenario::Diagnostic& finding : catalog.loaded.findings) {
    lines.push_back(scenario::ToString(finding));
  }
  for (const std::string& line : lines) {
    console.out << line << '\n';
  }
  console.err << report::Counted(catalog.loaded.documents.size(), "scenario") << ", "
              << report::Counted(catalog.loaded.cases.size(), "case") << ", "
              << report::Counted(lines.size(), "finding") << '\n';
  return lines.empty() ? kAllPassed : kFailed;
}

}  // namespace cmb::conformance::runner
