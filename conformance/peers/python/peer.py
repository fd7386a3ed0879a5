#!/usr/bin/python3
"""A small implementation of sender, router and target, behind a harness.

Started by a conformance runner, which sets CMB_CONTROL and CMB_INCARNATION:

    cmb-conformance run -- /usr/bin/python3 conformance/peers/python/peer.py

It is DURABLE in all roles and has every feature but metrics, unless --profile and --without say
less. With --mutant NAME it carries one deliberate bug, to show that the suite finds it.
The Protobuf classes are found as generated.py says.
"""

import argparse
import os
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", default="DURABLE", type=str.upper,
                        choices=("CORE", "BASIC", "TRACKED", "DURABLE"),
                        help="declare no more than this (default: DURABLE)")
    parser.add_argument("--without", metavar="FEATURE", action="append", default=[], type=str.lower,
                        help="do not declare this feature; may be given several times")
    parser.add_argument("--mutant", metavar="NAME", help="carry this bug")
    parser.add_argument("--log", metavar="FILE", type=argparse.FileType("a", encoding="utf-8"),
                        help="write each event to FILE, a line each")
    parser.add_argument("--list-mutants", action="store_true",
                        help="name, requirement and scenarios of each mutant, one a line")
    options = parser.parse_args()
    # Late, so that --help needs neither ZeroMQ nor Protobuf, and a start no mutants.
    if options.list_mutants or options.mutant:
        import mutants
    if options.list_mutants:
        return print(*mutants.lines(), sep="\n")
    if options.mutant and options.mutant not in mutants.ALL:
        parser.error(f"no mutant {options.mutant}; --list-mutants names them")
    if "CMB_CONTROL" not in os.environ:
        parser.error("CMB_CONTROL is not set: a conformance runner starts this program")
    if options.mutant:
        harness = mutants.harness_of(claims(options, parser), options.mutant)
    else:
        from harness import Harness
        from roles import roles_of
        declared = claims(options, parser)
        harness = Harness(roles_of(declared), declared)
    if options.log:
        harness.log = lambda events: log(options.log, events)
    harness.run()
    return None


def log(file, events):
    from event_line import line
    file.writelines(line(event) + "\n" for event in events)
    file.flush()


def claims(options, parser):
    from claims import FEATURES, Claims
    from generated import Feature, Profile
    features = {Feature.name(feature).lower(): feature for feature in FEATURES}
    for word in options.without:
        if word not in features:
            parser.error(f"no feature {word}; there are {', '.join(features)}")
    return Claims(getattr(Profile, options.profile), [features[word] for word in options.without])


if __name__ == "__main__":
    sys.exit(main())
