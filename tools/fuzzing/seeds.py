"""What the targets begin with besides their committed corpora: the byte vectors, the
scenarios and the recorded transcripts of the project, each as its target reads it."""

import json
import subprocess

import yaml


def headers(top):
    """The header bytes of every vector."""
    for name in ("valid.yaml", "invalid.yaml"):
        for vector in yaml.safe_load((top / "proto/wire/vectors" / name).read_text())["vectors"]:
            frames = vector.get("frames") or [vector.get("header", "")]
            if frames:
                yield bytes.fromhex("".join(frames[0].split()))


def piece(data):
    """As fuzzing.h cuts it."""
    return len(data).to_bytes(2, "little") + data


def on_sockets(top):
    """Each header on each of three sockets of a shell, and then a while."""
    for header in headers(top):
        for socket in range(3):
            yield bytes([socket]) + piece(header) + bytes([socket + 4]) + piece(header) + bytes([59])


def judged(top):
    """Each header at each side and kind of socket."""
    for header in headers(top):
        for how in range(6):
            yield bytes([how]) + header


def scenarios(top):
    """The documents themselves."""
    for file in sorted((top / "scenarios").rglob("*.yaml")):
        yield file.read_bytes()


def recordings(top):
    """Recorded transcripts, as they are, and their events."""
    for file in sorted((top / "conformance/oracle/testdata").glob("*.jsonl")):
        yield file.read_bytes()
    yield from event_logs(top)


def event_logs(top):
    """The events of the recorded transcripts, as JSON lines."""
    for file in sorted((top / "conformance/oracle/testdata").glob("*.jsonl")):
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        events = [line["event"] for line in lines if isinstance(line.get("event"), dict)]
        if events:
            yield "".join(json.dumps(event) + "\n" for event in events).encode()


def replies(top):
    """Requests and answers of the control channel, in the text form of Protobuf."""
    def message(kind, text):
        return subprocess.run(
            ["protoc", "-I", "proto", f"--encode=cmb.control.v1.{kind}", "cmb/control/v1/control.proto"],
            cwd=top, input=text.encode(), capture_output=True, check=True).stdout
    hello = message("FromHarness", 'hello { incarnation: "i" pics { name: "n" version: "1" '
                                   'schema_versions: 1 roles { role: ROLE_SENDER profile: PROFILE_BASIC } } }')
    reply = message("FromHarness", "reply { seq: 1 epoch: 0 now_ms: 5 received: 1 sent: 1 }")
    error = message("FromHarness", 'reply { seq: 2 error { kind: ERROR_KIND_OVERSTEP sentence: "s" } }')
    advance = message("Request", 'seq: 1 incarnation: "i" advance { to_ms: 5 fire: FIRE_AFTER_FRAMES }')
    for answer in (hello, reply, error):
        yield bytes([0]) + piece(advance) + answer


def cases(top):
    """Requests of a whole case for each role."""
    def requests(*texts):
        return b"".join(bytes([0]) + piece(subprocess.run(
            ["protoc", "-I", "proto", "--encode=cmb.control.v1.Request", "cmb/control/v1/control.proto"],
            cwd=top, input=text.encode(), capture_output=True, check=True).stdout) for text in texts)
    for role, module, act in (
            ("SENDER", "sender", 'send { channel: "main" target: "target" ttl_ms: 9000 policy { max_retries: 1 } }'),
            ("TARGET", "target", "script_execution { end: SCRIPT_END_SUCCESS }"),
            ("ROUTER", "@router", "wall_jump { by_ms: 5 }")):
        yield requests(
            f'configure {{ role: ROLE_{role} module_id: "{module}" channels {{ name: "main" }} }}', "begin {}", act,
            "advance { to_ms: 1000 fire: FIRE_AFTER_FRAMES }", "timers {}",
            'get_transaction { source: "sender" message_id: "m-1" }', 'cancel { message_id: "m-1" }',
            "advance { to_ms: 2000 fire: FIRE_AFTER_FRAMES }", "reset {}", act, "shutdown {}")


def acts(_top):
    """For the cores, any bytes will do."""
    yield bytes(range(250))


OF = {"frame_codec_fuzz": headers, "frame_judge_fuzz": judged, "router_shell_fuzz": on_sockets,
      "endpoint_shell_fuzz": on_sockets, "loader_fuzz": scenarios, "recordings_fuzz": recordings,
      "replay_fuzz": event_logs, "control_faults_fuzz": replies,
      "harness_fuzz": cases, "sender_fuzz": acts, "router_fuzz": acts, "target_fuzz": acts}


def write(top, targets):
    """One file for each seed."""
    for target in targets:
        target.seeds.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(OF[target.name](top)):
            (target.seeds / f"{number:04}").write_bytes(data)
