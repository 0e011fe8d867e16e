import { createHash } from "node:crypto";
import type { EventStream, SimulationEvent } from "./events.ts";

/** The stream of events, kept. Off in a normal run: a seed replays exactly, so a run that failed is run again with it. */
export class Journal {
	readonly events: SimulationEvent[] = [];

	/** Keeps what the stream tells from now on. */
	listenTo(stream: EventStream): void {
		stream.on((event) => {
			this.events.push(event);
		});
	}

	/** One line of JSON an event; it begins with the time. */
	*lines(): Generator<string> {
		for (const { atMs, ...rest } of this.events) yield JSON.stringify({ atMs, ...rest }, bytesAsText);
	}

	/** SHA-256 over {@link lines}, in hexadecimal: two runs with the same hash took the same course. */
	hash(): string {
		const hash = createHash("sha256");
		for (const line of this.lines()) hash.update(line).update("\n");
		return hash.digest("hex");
	}
}

function bytesAsText(_key: string, value: unknown): unknown {
	return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
}
