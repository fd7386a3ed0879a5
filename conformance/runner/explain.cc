// The explain command: a requirement with all that checks it, or a choice with its branches.
#include <algorithm>
#include <cctype>
#include <ostream>

#include "conformance/oracle/oracle.h"
#include "conformance/report/run_report.h"
#include "conformance/runner/catalog.h"
#include "conformance/runner/commands.h"
#include "conformance/runner/exit_code.h"
#include "conformance/runner/explain_rows.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/node.h"
#include "conformance/scenario/report.h"
#include "conformance/scenario/scenario_files.h"
#include "conformance/scenario/yaml_reader.h"

namespace cmb::conformance::runner {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

template <typename Word>
bool Contains(const std::vector<Word>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// As the spec writes it: cmb-tgt-001 and TGT-001 are CMB-TGT-001.
std::string FullId(std::string id) {
  std::transform(id.begin(), id.end(), id.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return id.starts_with("CMB-") || id.starts_with("CHO-") ? id : "CMB-" + id;
}

std::size_t CasesOf(const std::string& document, const Catalog& catalog) {
  const auto& cases = catalog.loaded.cases;
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(),
      [&document](const scenario::Case& one) { return one.document_id == document; }));
}

// The cases in which a harness is asked for what this sentence of chapter 10 says.
std::string CasesOfHarness(const std::string& profile) {
  return profile == "BASIC"           ? "in which a handler works"
         : profile == "DURABLE"       ? "that starts a DURABLE implementation again"
         : profile == "curve"         ? "with keys"
         : profile == "inline_frames" ? "of --binding frames and headers"
                                      : "of who claims " + profile;
}

// What is said of a requirement that no scenario names.
std::string WithoutScenario(const report::Requirement& requirement) {
  if (requirement.verification == "upper tester" && requirement.id.starts_with("CMB-CTL-")) {
    return "no scenario of its own: a breach shows in every case " +
           CasesOfHarness(requirement.profile);
  }
  if (requirement.verification == "smoke") {
    return "no scenario of its own: with a breach no case gets under way or to its end";
  }
  if (requirement.verification == "inspection") {
    return "no scenario: it is verified by reading the implementation" +
           (requirement.why.empty() ? "" : ", since " + requirement.why);
  }
  if (requirement.verification == "model") {
    return "no scenario: it is verified on the model of the specification";
  }
  return requirement.verification == "every case" ? "" : "no scenario names it";
}

void ExplainRequirement(const report::Requirement& requirement, const Catalog& catalog,
                        const std::string& machines_json, std::ostream& out) {
  out << requirement.id << "  " << requirement.LevelWord() << "  (" << Joined(requirement.roles)
      << "; " << requirement.profile << "; verified by " << requirement.verification << ")\n  "
      << requirement.sentence << "\n  " << requirement.Place() << '\n';
  for (const std::string& row : RowsOf(requirement.id, machines_json)) {
    out << "  row of the tables: " << row << '\n';
  }
  bool by_rule = false;
  for (const oracle::Rule& rule : oracle::AllRules()) {
    if (Contains(rule.requirements, requirement.id)) {
      out << "  checked in every case by the oracle's rule " << rule.name << '\n';
      by_rule = true;
    }
  }
  if (!by_rule && requirement.verification == "every case") {
    out << "  checked in every case by the oracle's tables\n";
  }
  bool any = false;
  for (const scenario::DocumentInfo& document : catalog.loaded.documents) {
    if (Contains(document.requirements, requirement.id)) {
      out << "  " << document.id << "  (" << document.title << ")  "
          << report::Counted(CasesOf(document.id, catalog), "case") << "  "
          << scenario::ToString(document.where) << '\n';
      any = true;
    }
  }
  if (const std::string words = WithoutScenario(requirement); !any && !words.empty()) {
    out << "  " << words << '\n';
  }
}

// The sentence of a choice; the loader keeps only its branches.
std::string TextOfChoice(const std::string& id, const std::string& file) {
  scenario::Report report;
  const std::string text = scenario::ReadWholeFile(file).value_or("");
  for (const scenario::Node& document : scenario::ReadYaml(text, file, report)) {
    const scenario::Node* list = document.IsMapping() ? document.Find("choices") : &document;
    for (const scenario::Node& item :
         list == nullptr ? std::vector<scenario::Node>() : list->items) {
      if (item.TextOf("id") == id) {
        return item.TextOf("text") + "\n  " + scenario::ToString(item.where);
      }
    }
  }
  return file;
}

void ExplainChoice(const std::string& id, const Catalog& catalog, const Places& places,
                   std::ostream& out) {
  out << id << "  choice of the implementation  (branches: "
      << Joined(catalog.request.knowledge.choices.at(id)) << ")\n  "
      << TextOfChoice(id, places.spec + "/choices.yaml") << '\n';
}

std::string Unknown(const std::string& id, const Catalog& catalog) {
  std::vector<std::string> known;
  for (const auto& entry : catalog.requirements.all()) {
    known.push_back(entry.first);
  }
  for (const auto& entry : catalog.request.knowledge.choices) {
    known.push_back(entry.first);
  }
  const std::string nearest = scenario::Suggestion(FullId(id), known);
  return "the specification has no requirement or choice " + id +
         (nearest.find("did you mean") == std::string::npos
              ? "; ids have the form CMB-SND-001 (SND-001 will do) or CHO-001"
              : nearest);
}

}  // namespace

int ExplainCommand(const Options& options, Console& console) {
  const auto loaded = LoadCatalog(options);
  if (const auto* complaints = std::get_if<Complaints>(&loaded)) {
    return Complain(*complaints, console);
  }
  const auto& catalog = std::get<Catalog>(loaded);
  const auto& choices = catalog.request.knowledge.choices;
  Complaints unknown;
  for (const std::string& id : options.explain) {
    if (catalog.requirements.Find(FullId(id)) == nullptr && !choices.contains(FullId(id))) {
      unknown.push_back(Unknown(id, catalog));
    }
  }
  if (!unknown.empty()) {
    return Complain(unknown, console);
  }
  for (const std::string& id : options.explain) {
    if (const auto* requirement = catalog.requirements.Find(FullId(id))) {
      ExplainRequirement(*requirement, catalog, FindPlaces(options).spec + "/machines.json",
                         console.out);
    } else {
      ExplainChoice(FullId(id), catalog, FindPlaces(options), console.out);
    }
  }
  return kAllPassed;
}

}  // namespace cmb::conformance::runner
