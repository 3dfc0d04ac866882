"""The verb `guildry serve`."""

import argparse

from guildry.platform.lifecycle import rules


def serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8000; a worker needs none)")
    parser.add_argument("--fd", type=int, help="listen on this inherited socket instead")
    parser.add_argument("--data", metavar="DIR", help="folder for database, uploads and keys (default data)")
    parser.add_argument(
        "--role",
        type=_role,
        default="all",
        help="all (default), or some of web,realtime,worker with commas between",
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=25,
        metavar="S",
        help="seconds a running request has after a signal (default 25)",
    )
    parser.add_argument(
        "--no-demo", dest="demo", action="store_false", help="start empty, without the demo community"
    )


def _role(text: str) -> str:
    try:
        rules.parts_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def serve(arguments: argparse.Namespace) -> int:
    """Run the site until it is told to stop."""
    from guildry.platform.lifecycle.serving import server

    return server.serve(arguments)
