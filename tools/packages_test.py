#!/usr/bin/env python3
"""What others link and install: each way is tried by a project that stands elsewhere."""

import glob
import os
import shutil
import subprocess
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ["CMB_BUILD"]
EXAMPLE = os.path.join(ROOT, "reference", "examples", "example_sender.cc")
SPEAKS = """#include <iostream>
#include "cmb/ack/v1/vocabulary.pb.h"
#include "proto/wire/words.h"
int main() { std::cout << cmb::wire::Word(cmb::ack::v1::STATE_ROUTED) << std::endl; }
"""
METERS = """#include <iostream>
#include "reference/extras/metrics/metrics_event_sink.h"
#include "reference/extras/store/sqlite_tx_store.h"
int main() {
  cmb::reference::SqliteTxStore store("records.db");
  cmb::reference::MetricsEventSink metrics;
  metrics.SetLevels(cmb::ack::v1::ROLE_SENDER, {.records = 1});
  std::cout << metrics.Text() << std::endl;
}
"""
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(consumer CXX)
{find}
add_executable(consumer {source})
target_link_libraries(consumer PRIVATE {library})
"""


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, stdin=subprocess.DEVNULL, **more)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


class Packages(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cmb-packages-")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def install(self, component):
        run("cmake", "--install", BUILD, "--prefix", self.path("installed"), "--component", component)
        return self.path("installed")

    def consume(self, find, source, library, *options, text=SPEAKS):
        """Builds a project of its own; the program."""
        with open(self.path("CMakeLists.txt"), "w", encoding="utf-8") as file:
            file.write(PROJECT.format(find=find, source=os.path.basename(source), library=library))
        if os.path.exists(source):
            shutil.copy(source, self.folder)
        else:
            with open(self.path(source), "w", encoding="utf-8") as file:
                file.write(text)
        run("cmake", "-S", self.folder, "-B", self.path("build"), "-G", "Ninja", *options)
        run("cmake", "--build", self.path("build"), "--target", "consumer")
        return glob.glob(self.path("build", "**", "consumer"), recursive=True)[0]

    def test_find_package_gives_the_endpoint_without_what_it_need_not_have(self):
        prefix = self.install("dev")
        program = self.consume("find_package(cmb_ack 0.1 REQUIRED COMPONENTS endpoint)", EXAMPLE, "cmb_ack::endpoint",
                               f"-DCMAKE_PREFIX_PATH={prefix}")
        self.assertNotRegex(run("ldd", program), "sqlite|spdlog|prometheus|civetweb")

    def test_find_package_gives_the_extras(self):
        prefix = self.install("dev")
        program = self.consume("find_package(cmb_ack 0.1 REQUIRED COMPONENTS extras)", "meters.cc", "cmb_ack::extras",
                               f"-DCMAKE_PREFIX_PATH={prefix}", text=METERS)
        self.assertIn("# HELP", run(program, cwd=self.folder))

    def test_find_package_gives_the_schemas_without_what_the_endpoint_needs(self):
        prefix = self.install("dev")
        program = self.consume("find_package(cmb_ack REQUIRED COMPONENTS wire)", "speaks.cc", "cmb_ack::wire",
                               f"-DCMAKE_PREFIX_PATH={prefix}")
        self.assertEqual(run(program), "ROUTED\n")
        self.assertNotIn("libzmq", run("ldd", program))

    def test_a_component_that_there_is_not_is_named(self):
        prefix = self.install("dev")
        with self.assertRaisesRegex(AssertionError, "metrix"):
            self.consume("find_package(cmb_ack REQUIRED COMPONENTS metrix)", "speaks.cc", "cmb_ack::wire",
                         f"-DCMAKE_PREFIX_PATH={prefix}")

    def test_add_subdirectory_gives_the_same_names(self):
        program = self.consume(f"add_subdirectory({ROOT} cmb_ack EXCLUDE_FROM_ALL)", "speaks.cc", "cmb_ack::wire")
        self.assertEqual(run(program), "ROUTED\n")

    def test_pkg_config_gives_the_endpoint(self):
        prefix = self.install("dev")
        flags = run("pkg-config", "--cflags", "--libs", "cmb-ack-endpoint",
                    env={**os.environ, "PKG_CONFIG_PATH": os.path.join(prefix, "lib", "pkgconfig")}).split()
        run("g++", "-std=c++20", EXAMPLE, *flags, "-o", self.path("sender"))

    def test_the_packages_work_in_a_clean_tree(self):
        shutil.copy(os.path.join(BUILD, "CPackConfig.cmake"), self.folder)
        run("cpack", "--config", self.path("CPackConfig.cmake"), "-B", self.folder, cwd=self.folder)
        found = sorted(os.path.basename(file) for file in glob.glob(self.path("*.deb")))
        self.assertEqual([name.split("_")[0] for name in found], ["cmb-ack-dev", "cmb-ack-reference", "cmb-ack-suite"])
        for name in found:
            run("dpkg-deb", "-x", self.path(name), self.path("tree"))
        programs = self.path("tree", "usr", "bin")
        for name in os.listdir(programs):
            self.assertRegex(run(os.path.join(programs, name), "--version"), r"^cmb-[a-z-]+ \d+\.\d+\.\d+")
        told = run(os.path.join(programs, "cmb-conformance"), "run", "--run", "sender/plain-path", "--",
                   os.path.join(programs, "cmb-reference-iut"), cwd=self.folder)
        self.assertIn("1 passed", told)
        self.assertTrue(os.path.exists(self.path("tree", "usr", "share", "doc", "cmb-ack-dev", "copyright")))


if __name__ == "__main__":
    unittest.main()
