#include "conformance/report/junit.h"

#include <map>
#include <ostream>
#include <pugixml.hpp>
#include <string>

#include "conformance/report/failure_text.h"
#include "conformance/report/outer_text.h"

namespace cmb::conformance::report {
namespace {

constexpr std::size_t kMostBytesOfMessage = 1'000;

// Whatever it is: names and files too may hold what XML cannot.
void Set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(Bounded(value).c_str());
}

// `besides`: errors that are of no case.
void SetCounts(pugi::xml_node node, const Counts& counts, std::uint64_t besides = 0) {
  Set(node, "tests", std::to_string(counts.all() + besides));
  Set(node, "failures", std::to_string(counts.fail));
  Set(node, "errors",
      std::to_string(counts.iut_crashed + counts.no_answer + counts.harness_error +
                     counts.inconclusive + besides));
}

// A suite alone has it in Jenkins' schema, not the whole.
void SetSkipped(pugi::xml_node suite, const Counts& counts) {
  Set(suite, "skipped", std::to_string(counts.unsupported + counts.not_run + counts.expected));
}

// What Jenkins' schema has no place for, as text.
std::string BesidesText(const CaseRecord& record) {
  std::string text = record.result.title + "\n" + record.place.Text() + "\n";
  for (const std::string& id : record.result.requirements) {
    text += "requirement " + id + "\n";
  }
  for (const ChoiceTaken& taken : record.result.choices) {
    text += "choice " + taken.choice + "=" + taken.label + "\n";
  }
  for (const Miss& miss : record.result.advice) {
    text += "advice " + miss.requirement + ": " + miss.step + "\n";
  }
  for (const MaySeen& may : record.result.may) {
    text += "may " + may.requirement + (may.seen ? ": seen: " : ": not seen: ") + may.what + "\n";
  }
  return text;
}

std::string Message(const CaseRecord& record, const RequirementIndex& requirements) {
  const bool blames = !record.causes.empty() && !record.causes.front().requirement.empty();
  return Cut(
      blames ? SentenceOf(record.causes.front().requirement, requirements) : record.result.reason,
      kMostBytesOfMessage);
}

void AddTrouble(pugi::xml_node node, const char* element, const CaseRecord& record,
                const RequirementIndex& requirements) {
  pugi::xml_node trouble = node.append_child(element);
  Set(trouble, "type", std::string(VerdictWord(record.result.verdict)));
  Set(trouble, "message", Message(record, requirements));
  trouble.text().set(FailureText(record, requirements).c_str());
}

void AddVerdict(pugi::xml_node node, const CaseRecord& record,
                const RequirementIndex& requirements) {
  if (!record.was_run) {
    Set(node.append_child("skipped"), "message", "not run");
    return;
  }
  if (!record.expected.empty()) {
    Set(node.append_child("skipped"), "message", Printable("expected to fail: " + record.expected));
    return;
  }
  switch (record.result.verdict) {
    case Verdict::kPass:
      return;
    case Verdict::kFail:
      AddTrouble(node, "failure", record, requirements);
      return;
    case Verdict::kUnsupported:
      Set(node.append_child("skipped"), "message", Printable(record.result.reason));
      return;
    case Verdict::kIutCrashed:
    case Verdict::kNoAnswer:
    case Verdict::kHarnessError:
    case Verdict::kInconclusive:
      AddTrouble(node, "error", record, requirements);
      return;
  }
}

void AddCase(pugi::xml_node suite, const CaseRecord& record, const RequirementIndex& requirements) {
  pugi::xml_node node = suite.append_child("testcase");
  Set(node, "classname", record.scenario_id);
  Set(node, "name", record.result.case_id);
  AddVerdict(node, record, requirements);
  node.append_child("system-out").text().set(Bounded(BesidesText(record)).c_str());
}

// Why not everything was run, or nothing passed. Empty: there is no such reason.
std::string WhyNotGreen(const RunReport& report) {
  if (report.interrupted) {
    return "interrupted: these results are partial";
  }
  const Counts counts = CountOf(report.cases);
  if (!report.stopped_because.empty() || counts.not_run > 0) {
    return "stopped: " + report.stopped_because;
  }
  return counts.pass + counts.fail == 0 ? "nothing was observed" : "";
}

// A suite with one error, so that a run that ended early is never green.
void AddRunError(pugi::xml_node root, const RunReport& report, const std::string& why) {
  pugi::xml_node suite = root.append_child("testsuite");
  Set(suite, "name", "run");
  SetCounts(suite, {}, 1);
  SetSkipped(suite, {});
  pugi::xml_node node = suite.append_child("testcase");
  Set(node, "classname", "run");
  Set(node, "name", "the whole run");
  pugi::xml_node error = node.append_child("error");
  Set(error, "type", "run");
  Set(error, "message", Cut(why, kMostBytesOfMessage));
  error.text().set((Printable(why) + "\n" + StderrText(report.stopped_stderr)).c_str());
}

}  // namespace

void WriteJUnit(const RunReport& report, std::ostream& out) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  Set(declaration, "version", "1.0");
  Set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  Set(root, "name", "cmb-conformance " + Printable(report.pics.name()));
  const std::string why = WhyNotGreen(report);
  SetCounts(root, CountOf(report.cases), why.empty() ? 0 : 1);
  if (!why.empty()) {
    AddRunError(root, report, why);
  }
  std::map<std::string, std::vector<const CaseRecord*>> by_role;
  for (const CaseRecord& record : report.cases) {
    by_role[record.role].push_back(&record);
  }
  for (const auto& [role, records] : by_role) {
    pugi::xml_node suite = root.append_child("testsuite");
    Set(suite, "name", role);
    Counts counts;
    for (const CaseRecord* record : records) {
      counts.Add(*record);
    }
    SetCounts(suite, counts);
    SetSkipped(suite, counts);
    for (const CaseRecord* record : records) {
      AddCase(suite, *record, report.requirements);
    }
  }
  document.save(out, "  ");
}

}  // namespace cmb::conformance::report
