#include "conformance/runner/commands.h"

#include <algorithm>
#include <ostream>
#include <set>

#include "conformance/oracle/oracle.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/exit_code.h"

namespace cmb::conformance::runner {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

void Explain(const report::Requirement& requirement, const Catalog& catalog, std::ostream& out) {
  out << requirement.id << "  " << requirement.level << "  (" << Joined(requirement.roles) << "; "
      << requirement.profile << "; verified by " << requirement.verification << ")\n  "
      << requirement.sentence << "\n  " << requirement.Place() << '\n';
  for (const oracle::Rule& rule : oracle::AllRules()) {
    if (std::find(rule.requirements.begin(), rule.requirements.end(), requirement.id) !=
        rule.requirements.end()) {
      out << "  checked in every case by the oracle's rule " << rule.name << '\n';
    }
  }
  bool any = false;
  for (const scenario::DocumentInfo& document : catalog.loaded.documents) {
    const auto& named = document.requirements;
    if (std::find(named.begin(), named.end(), requirement.id) != named.end()) {
      out << "  " << document.id << "  (" << document.title << ")  "
          << scenario::ToString(document.where) << '\n';
      any = true;
    }
  }
  if (!any) {
    out << "  no scenario names it\n";
  }
}

int ListEffective(const Options& options, const Catalog& catalog, Console& console) {
  const std::string document = scenario::Effective(catalog.request, options.effective);
  if (document.empty()) {
    return Complain({"--effective '" + options.effective + "' is no case"}, console);
  }
  console.out << document;
  return kAllPassed;
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
  for (const scenario::Case& one : std::get<0>(selected)) {
    console.out << one.id << '\t' << one.title << '\n';
  }
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
  console.err << catalog.loaded.documents.size() << " scenarios, " << catalog.loaded.cases.size()
              << " cases, " << lines.size() << " findings\n";
  return lines.empty() ? kAllPassed : kFailed;
}

int ExplainCommand(const Options& options, Console& console) {
  const auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const auto& catalog = std::get<Catalog>(loaded);
  Complaints unknown;
  for (const std::string& id : options.explain) {
    if (catalog.requirements.Find(id) == nullptr) {
      unknown.push_back("the specification has no requirement " + id);
    }
  }
  if (!unknown.empty()) {
    return Complain(unknown, console);
  }
  for (const std::string& id : options.explain) {
    Explain(*catalog.requirements.Find(id), catalog, console.out);
  }
  return kAllPassed;
}

}  // namespace cmb::conformance::runner
