// Loads scenario files: inheritance, matrix, every check of the scenario
// language, and the cases that come out. Called by the runner (run, list,
// lint). Reads files, keeps no state, may be called from any thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/scenario/model.h"

namespace cmb::conformance::scenario {

// One change of state that a role's table has.
struct Move {
  words::Role role{};
  words::State old_state{};
  words::State new_state{};
  words::Reason reason{};
  bool operator==(const Move&) const = default;
};

// What the documents are checked against and that is not the protocol's
// vocabulary (that comes from the .proto).
struct Knowledge {
  // Requirement id and the level of its sentence.
  std::map<std::string, Level> requirements;
  // Whom each binds, as the spec writes it. An id that is not here may stand in any scenario.
  std::map<std::string, std::vector<std::string>> bound;
  // The profile or feature of each.
  std::map<std::string, std::string> declared_by;
  // Those that no test can see.
  std::set<std::string> by_inspection;
  // Choice id and the labels of its branches; empty: any label.
  std::map<std::string, std::vector<std::string>> choices;
  // Of a role without any, no move is judged.
  std::vector<Move> moves;
};

// One thing that is to be said about a file.
struct Diagnostic {
  Where where;
  // Number of the loader's error list, 1 to 11. For lint findings 0.
  int number = 0;
  std::string sentence;
  bool operator==(const Diagnostic&) const = default;
};

// "FILE:LINE:COLUMN: sentence".
std::string ToString(const Diagnostic& diagnostic);

// One document, whatever became of it.
struct DocumentInfo {
  std::string id;
  std::string title;
  std::vector<std::string> requirements;
  Where where;
};

struct LoadResult {
  // Only those of documents without error and without refusal, in the order of
  // paths, documents and matrix.
  std::vector<Case> cases;
  std::vector<DocumentInfo> documents;
  // What is wrong: `run` and `list` exit 64, `lint` 1.
  std::vector<Diagnostic> errors;
  // Correct, and of a part of the language that this build does not execute:
  // "not yet supported: role system". `run` exits 64 for these too.
  std::vector<Diagnostic> refusals;
  // Only what `lint` says besides.
  std::vector<Diagnostic> findings;
};

struct LoadRequest {
  // Files, or directories that are searched for *.yaml in the order of names.
  std::vector<std::string> paths;
  // Directory from which ids are paths, and at which the search for
  // defaults.yaml begins. Empty: the directory in `paths`, or the file's own.
  std::string root;
  Knowledge knowledge;
};

LoadResult Load(const LoadRequest& request);

// One text as if it were a file of that name, without any defaults.yaml.
LoadResult LoadText(const std::string& text, const std::string& file, const Knowledge& knowledge);

// The case with this id as a document of its own: merged, expanded, every
// default of the language written out. It loads to the same case. Empty: no
// such case among `request`.
std::string Effective(const LoadRequest& request, const std::string& case_id);

// The same for every case, by id.
std::map<std::string, std::string> AllEffective(const LoadRequest& request);

// Reads spec/requirements.json, machines.json beside it, and spec/choices.yaml. A file that cannot
// be read or understood leaves a diagnostic in `errors`.
Knowledge ReadKnowledge(const std::string& requirements_json, const std::string& choices_yaml,
                        std::vector<Diagnostic>* errors);

}  // namespace cmb::conformance::scenario
