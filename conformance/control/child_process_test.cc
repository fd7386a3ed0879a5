#include "conformance/control/child_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>

#include "conformance/control/wait.h"

namespace cmb::conformance {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<ChildProcess> Shell(const std::string& script) {
  auto spawned = ChildProcess::Spawn({.command = {"/bin/sh", "-c", script}, .environment = {}});
  auto* child = std::get_if<std::unique_ptr<ChildProcess>>(&spawned);
  return child == nullptr ? nullptr : std::move(*child);
}

ChildExit ExitOf(ChildProcess& child) {
  EXPECT_EQ(WaitReadable({}, child, Deadline::In(10s)), Wake::kChildEnded);
  const auto exit = child.Ended();
  return exit.value_or(ChildExit{});
}

// True: this process has no child `pid` any more, not even a dead one.
bool IsReaped(pid_t pid) { return waitpid(pid, nullptr, WNOHANG) == -1 && errno == ECHILD; }

TEST(ChildProcess, ACommandThatDoesNotExistIsOneSentence) {
  const auto spawned = ChildProcess::Spawn({.command = {"/no/such/program"}, .environment = {}});
  const auto* error = std::get_if<SpawnError>(&spawned);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->sentence, "cannot start '/no/such/program': No such file or directory");
}

TEST(ChildProcess, TellsTheExitStatus) {
  const auto child = Shell("exit 3");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(ExitOf(*child).Sentence(), "exited with status 3");
}

TEST(ChildProcess, TellsTheSignal) {
  const auto child = Shell("kill -SEGV $$");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(ExitOf(*child).Sentence(), "was killed by signal 11 (Segmentation fault)");
}

TEST(ChildProcess, HasTheVariablesItWasGiven) {
  auto spawned =
      ChildProcess::Spawn({.command = {"/bin/sh", "-c", "echo $CMB_TEST; echo $HOME >&2"},
                           .environment = {{"CMB_TEST", "here"}, {"HOME", "/replaced"}}});
  auto& child = *std::get<std::unique_ptr<ChildProcess>>(spawned);
  ExitOf(child);
  child.DrainOutput();
  EXPECT_EQ(child.StdoutTail(), "here\n");
  EXPECT_EQ(child.StderrTail(), "/replaced\n");
}

TEST(ChildProcess, KeepsTheEndOfALongOutputAndNeverBlocksTheChild) {
  const auto child = Shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo the end >&2");
  ASSERT_NE(child, nullptr);
  EXPECT_EQ(ExitOf(*child).number, 0);
  child->DrainOutput();
  const std::string tail = child->StderrTail();
  EXPECT_LE(tail.size(), kKeptOutputBytes + 100);
  EXPECT_EQ(tail.substr(0, 30), "[934472 bytes before this were");
  EXPECT_EQ(tail.substr(tail.size() - 8), "the end\n");
}

TEST(ChildProcess, ForgetsOutputWhenAsked) {
  const auto child = Shell("echo before >&2");
  ASSERT_NE(child, nullptr);
  ExitOf(*child);
  child->ClearOutput();
  EXPECT_EQ(child->StderrTail(), "");
}

TEST(ChildProcess, IsGoneAndReapedWhenTheObjectIsGone) {
  auto child = Shell("read line");
  ASSERT_NE(child, nullptr);
  const pid_t pid = child->pid();
  EXPECT_EQ(child->Ended(), std::nullopt);
  child.reset();
  EXPECT_TRUE(IsReaped(pid));
}

TEST(ChildProcess, KillReportsADeathThatCameFirst) {
  const auto child = Shell("exit 7");
  ASSERT_NE(child, nullptr);
  WaitReadable({}, *child, Deadline::In(10s));
  EXPECT_EQ(child->Kill().Sentence(), "exited with status 7");
  EXPECT_TRUE(IsReaped(child->pid()));
}

TEST(ChildProcess, EndsByItselfWhenItsStdinCloses) {
  const auto child = Shell("read line; exit 0");
  ASSERT_NE(child, nullptr);
  EXPECT_TRUE(child->Stop(Deadline::In(10s)));
  EXPECT_EQ(child->Ended()->Sentence(), "exited with status 0");
}

TEST(ChildProcess, IsKilledWhenItDoesNotStop) {
  const auto child = Shell("trap '' TERM HUP; tail -f /dev/null");
  ASSERT_NE(child, nullptr);
  EXPECT_FALSE(child->Stop(Deadline::In(20ms)));
  EXPECT_EQ(child->Ended()->number, SIGKILL);
}

// The last line of stdout, as soon as it is there.
pid_t ReadPid(ChildProcess& child) {
  pollfd readable{.fd = child.stdout_fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&readable, 1, 10'000), 1);
  child.DrainOutput();
  return std::stoi(child.StdoutTail());
}

bool EndsWithin(int pid_fd, std::chrono::milliseconds wait) {
  pollfd ended{.fd = pid_fd, .events = POLLIN, .revents = 0};
  return poll(&ended, 1, static_cast<int>(wait.count())) == 1;
}

TEST(ChildProcess, TakesItsOwnChildrenAlong) {
  const auto child = Shell("tail -f /dev/null & echo $!; read line");
  ASSERT_NE(child, nullptr);
  const int grandchild = static_cast<int>(syscall(SYS_pidfd_open, ReadPid(*child), 0));
  ASSERT_GE(grandchild, 0);
  child->Kill();
  EXPECT_TRUE(EndsWithin(grandchild, 10s));
  close(grandchild);
}

TEST(ChildProcess, WhatItLeftBehindDiesWhenItsOwnDeathIsNoticed) {
  const auto child = Shell("tail -f /dev/null & echo $!; read line");
  ASSERT_NE(child, nullptr);
  const int grandchild = static_cast<int>(syscall(SYS_pidfd_open, ReadPid(*child), 0));
  ASSERT_GE(grandchild, 0);
  kill(child->pid(), SIGKILL);
  ExitOf(*child);
  EXPECT_TRUE(EndsWithin(grandchild, 10s));
  close(grandchild);
}

TEST(Wait, EndsAtItsDeadline) {
  const auto child = Shell("read line");
  ASSERT_NE(child, nullptr);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(WaitReadable({}, *child, Deadline::In(30ms)), Wake::kDeadline);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 30ms);
}

std::unique_ptr<ChildProcess> Liner(const std::string& program) {
  auto spawned =
      ChildProcess::Spawn({.command = {program}, .environment = {}, .lines_on_stdout = true});
  return std::move(std::get<std::unique_ptr<ChildProcess>>(spawned));
}

// The next line that comes; empty: none does.
std::string NextLine(ChildProcess& child) {
  const Deadline deadline = Deadline::In(std::chrono::seconds(10));
  while (true) {
    if (auto line = child.TakeLine()) {
      return *line;
    }
    if (WaitReadable({}, child, deadline) != Wake::kReadable) {
      return "";
    }
  }
}

TEST(ChildProcess, LinesGoInAndComeOutWhole) {
  const auto cat = Liner("cat");
  ASSERT_TRUE(cat->WriteLine("one"));
  ASSERT_TRUE(cat->WriteLine("two"));
  EXPECT_EQ(NextLine(*cat), "one");
  EXPECT_EQ(NextLine(*cat), "two");
  EXPECT_FALSE(cat->TakeLine());
  EXPECT_EQ(cat->StdoutTail(), "");
}

TEST(ChildProcess, ALineLongerThanAllPipesIsNoDeadlock) {
  const auto cat = Liner("cat");
  const std::string line(3'000'000, 'x');
  ASSERT_TRUE(cat->WriteLine(line));
  EXPECT_EQ(NextLine(*cat), line);
}

TEST(ChildProcess, NobodyReadsALineWhereTheChildIsGone) {
  const auto gone = Liner("true");
  ASSERT_EQ(WaitReadable({}, *gone, Deadline::In(std::chrono::seconds(10))), Wake::kChildEnded);
  EXPECT_FALSE(gone->WriteLine("one"));
}

}  // namespace
}  // namespace cmb::conformance
