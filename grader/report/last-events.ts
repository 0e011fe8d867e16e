import type { SimulationEvent } from "../../harness/index.ts";
import { describeEvent, methodsIn, serversOf } from "./describe-event.ts";
import { seconds } from "./text.ts";

const EVENTS_PER_SERVER = 3;
/** So that it fits beside a label in 80 columns. */
const LINE_LENGTH = 64;

/** The last few events of each server, a line an event. */
export function lastEvents(events: readonly SimulationEvent[], servers: number): string[] {
	const methods = methodsIn(events);
	return Array.from({ length: servers }, (_, server) => {
		const own = events.filter((event) => event.kind !== "spoke" && serversOf(event).includes(server));
		return own.slice(-EVENTS_PER_SERVER).map((event) => {
			const line = `S${server} ${seconds(event.atMs)} ${describeEvent(event, methods)}`.replaceAll(/\s+/g, " ");
			return line.length <= LINE_LENGTH ? line : `${line.slice(0, LINE_LENGTH - 1)}…`;
		});
	}).flat();
}
