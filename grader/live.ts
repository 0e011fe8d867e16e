import pc from "picocolors";
import type { EventListener, SimulationEvent } from "../harness/index.ts";
import { describeEvent, serversOf } from "./report/describe-event.ts";
import { seconds } from "./report/text.ts";

/** What somebody who watches wants to see as it happens: not each message. */
const SHOWN: ReadonlySet<SimulationEvent["kind"]> = new Set([
	"boot",
	"crash",
	"connect",
	"disconnect",
	"pause",
	"state",
	"start",
	"apply",
	"apply-snapshot",
	"snapshot",
	"network",
	"log",
	"tester",
	"warning",
	"failure",
]);

/** Shows a run as it happens, a line an event. */
export function liveView(write: (line: string) => void): EventListener {
	return (event) => {
		if (!SHOWN.has(event.kind)) return;
		const [server] = serversOf(event);
		const who = server === undefined ? pc.cyan("tester") : `S${server}`.padEnd(6);
		write(`${seconds(event.atMs).padStart(10)}  ${who}  ${describeEvent(event)}`);
	};
}
