import type { EventStream } from "./events.ts";

/** What a test's row shows, beside the verdict. */
export interface Figures {
	/** Virtual time, in ms. */
	virtualMs: number;
	/** How many servers there were. */
	servers: number;
	/** Calls made. */
	rpcs: number;
	/** Bytes of arguments sent and replies delivered. */
	bytes: number;
	/** The highest index applied anywhere. */
	agreements: number;
	/** How often a server became leader. */
	elections: number;
}

/** Keeps a run's figures, from its events. */
export class FigureKeeper {
	rpcs = 0;
	bytes = 0;
	/** Requests handled, by server. */
	readonly handled: number[];
	agreements = 0;
	elections = 0;

	constructor(events: EventStream, servers: number) {
		this.handled = new Array(servers).fill(0);
		events.on((event) => {
			switch (event.kind) {
				case "call":
					this.rpcs++;
					this.bytes += event.bytes;
					break;
				case "deliver":
					this.handled[event.to] = (this.handled[event.to] ?? 0) + 1;
					break;
				case "reply":
					this.bytes += event.bytes;
					break;
				case "apply":
				case "apply-snapshot":
					this.agreements = Math.max(this.agreements, event.index);
					break;
				case "state":
					if (event.isLeader) this.elections++;
					break;
			}
		});
	}
}
