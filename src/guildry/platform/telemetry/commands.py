"""The verb `guildry trace`."""

import argparse
import sys

from guildry.kernel import tracing
from guildry.platform.telemetry import queries, rules

USAGE, UNKNOWN = 64, 1


def trace_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["show"], help="print everything one request caused")
    parser.add_argument("trace", help="the trace id an error page or a header named, or a traceparent")
    parser.add_argument("--data", metavar="DIR", help="data folder of the site (default data)")


def trace(arguments: argparse.Namespace) -> int:
    """Print the tree of a trace with its times, from what the processes kept in the data folder."""
    trace_id = tracing.parse(arguments.trace)[0] or arguments.trace.lower()
    if not tracing.is_trace(trace_id):
        sys.stderr.write("guildry: A trace id has 32 hexadecimal digits, not all of them 0.\n")
        return USAGE
    roots = rules.steps_of(queries.entries_of(trace_id))
    if not roots:
        sys.stdout.write(f"Nothing is kept of trace {trace_id} in {queries.log_folder()}.\n")
        return UNKNOWN
    sys.stdout.write(f"Trace {trace_id}, began {rules.stamp(roots[0].at)}\n")
    sys.stdout.write("time (UTC)      after ms        took  what\n")
    sys.stdout.writelines(f"{line}\n" for line in rules.lines_of(roots))
    return 0
