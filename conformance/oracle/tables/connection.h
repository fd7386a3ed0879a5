// How a module of the suite is connected with a router IUT. A value.
#pragma once

namespace cmb::conformance::oracle::tables {

enum class Connection {
  kAway,   // ZeroMQ has no route to it (EHOSTUNREACH).
  kThere,  // It gets what it is sent.
  kFull,   // It speaks, and ZeroMQ's queues to it are full (EAGAIN).
};

}  // namespace cmb::conformance::oracle::tables
