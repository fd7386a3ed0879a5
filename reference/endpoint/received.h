// Work as the core has it, and as the application gets it. Values; any thread.
#pragma once

#include "reference/endpoint/module_endpoint.h"
#include "reference/endpoint/work_queue.h"

namespace cmb::reference {

Received ReceivedOf(const Work& work);
// How it is named in the shell.
lifecycle::MessageKey KeyOf(const Received& work);

}  // namespace cmb::reference
