import { oneLine, type SimulationEvent } from "../../harness/index.ts";

/** How much of a value is shown. */
const SHOWN_MAX = 60;

/** The servers at which an event happens; none for what the tester or the network does. */
export function serversOf(event: SimulationEvent): readonly number[] {
	if ("server" in event) return [event.server];
	switch (event.kind) {
		case "call":
		case "reply":
		case "no-reply":
			return [event.from];
		case "deliver":
		case "deliver-again":
		case "handled":
			return [event.to];
		default:
			return [];
	}
}

/** The methods of the calls among these events, by the numbers of the calls: the later events of a call tell only its number. */
export function methodsIn(events: readonly SimulationEvent[]): ReadonlyMap<number, string> {
	return new Map(events.flatMap((event) => (event.kind === "call" ? [[event.rpc, event.method] as const] : [])));
}

const NONE: ReadonlyMap<number, string> = new Map();

/** What happened, in a few words, as seen at the server where it did. */
export function describeEvent(event: SimulationEvent, methods = NONE): string {
	return oneLine(describe(event, methods));
}

function describe(event: SimulationEvent, methods: ReadonlyMap<number, string>): string {
	switch (event.kind) {
		case "boot":
			return event.incarnation === 0 ? "starts" : `restarts (incarnation ${event.incarnation})`;
		case "crash":
			return "crashes";
		case "connect":
			return "is connected";
		case "disconnect":
			return "is cut off";
		case "pause":
			return `pauses for ${event.forMs} ms`;
		case "state":
			return `${event.isLeader ? "leader" : "not leader"}, term ${event.term}`;
		case "spoke":
			return `has spoken in term ${event.term}`;
		case "save":
			return `saves ${event.stateBytes} bytes${event.snapshotBytes > 0 ? ` and a snapshot of ${event.snapshotBytes}` : ""}`;
		case "start":
			if (!event.isLeader) return `start(${short(event.command)}) refused: not leader`;
			return `start(${short(event.command)}) taken: index ${event.index}, term ${event.term}`;
		case "apply":
			return `applies index ${event.index}: ${short(event.command)}`;
		case "apply-snapshot":
			return `hands over a snapshot up to index ${event.index}, term ${event.term}`;
		case "snapshot":
			return `snapshot(${event.index}): the service made one`;
		case "restore":
			return `its service starts from the snapshot up to index ${event.index}`;
		case "log":
			return `${event.topic}: ${short(event.text)}`;
		case "call":
			return `${event.method} to S${event.to}: ${short(event.args)}`;
		case "deliver":
			return `${methods.get(event.rpc) ?? `call ${event.rpc}`} of S${event.from} arrives`;
		case "deliver-again":
			return `${methods.get(event.rpc) ?? `call ${event.rpc}`} of S${event.from} arrives again`;
		case "handled":
			return `answers ${possessive(event.from, methods.get(event.rpc))}: ${short(event.reply)}`;
		case "reply":
			return `reply of S${event.to}${toMethod(methods.get(event.rpc))}: ${short(event.reply)}`;
		case "no-reply":
			return `no reply of S${event.to}${toMethod(methods.get(event.rpc))}: ${event.why}`;
		case "network":
			return `the network is ${event.reliable ? "reliable" : "unreliable"}${event.longReordering ? ", replies are reordered" : ""}`;
		case "limit":
			return `${event.what}: ${event.used} of ${event.limit}`;
		case "tester":
		case "warning":
		case "failure":
			return event.text;
	}
}

function possessive(from: number, method: string | undefined): string {
	return method === undefined ? `S${from}` : `S${from}'s ${method}`;
}

function toMethod(method: string | undefined): string {
	return method === undefined ? "" : ` to ${method}`;
}

function short(text: string): string {
	return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX - 1)}…`;
}
