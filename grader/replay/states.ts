import type { JournalEvent } from "./journal-schema.ts";

/** What the journal knows of a server at one moment. */
export interface ServerState {
	readonly isUp: boolean;
	readonly isConnected: boolean;
	/** How often it has been started before; -1 before its first start. */
	readonly incarnation: number;
	/** Virtual time up to which its machine stands still. */
	readonly pausedUntilMs: number;
	/** What getState() said last. */
	readonly term: number;
	readonly isLeader: boolean;
	/** The highest index that it is known to have in its log, or in a snapshot: its log may be longer. */
	readonly lastIndex: number;
	/** The highest index that it has applied since it started. */
	readonly applied: number;
	/** Up to where its last known snapshot goes; 0 for none. */
	readonly snapshotIndex: number;
	/** The sizes of what is in its stable storage. */
	readonly stateBytes: number;
	readonly snapshotBytes: number;
}

/** What the journal knows of the cluster at one moment. */
export interface ClusterState {
	readonly servers: readonly ServerState[];
	/** The highest index that any server has applied so far: everything up to it is committed. */
	readonly committed: number;
}

const BEFORE: ServerState = {
	isUp: false,
	isConnected: false,
	incarnation: -1,
	pausedUntilMs: 0,
	term: 0,
	isLeader: false,
	lastIndex: 0,
	applied: 0,
	snapshotIndex: 0,
	stateBytes: 0,
	snapshotBytes: 0,
};

/** So many events lie between two states that are kept. */
const KEPT_EVERY = 500;

/** How things stand at any event of a run. */
export class States {
	readonly #events: readonly JournalEvent[];
	readonly #kept: ClusterState[];

	constructor(events: readonly JournalEvent[], servers: number) {
		this.#events = events;
		const running = new Running({ servers: Array.from({ length: servers }, () => BEFORE), committed: 0 });
		this.#kept = [running.state()];
		for (let i = 0; i < events.length; i++) {
			running.take(events[i] as JournalEvent);
			if ((i + 1) % KEPT_EVERY === 0) this.#kept.push(running.state());
		}
	}

	/** How things stand after the event of this index; -1 for the beginning. */
	after(index: number): ClusterState {
		const done = Math.max(0, Math.min(index + 1, this.#events.length));
		const kept = Math.floor(done / KEPT_EVERY);
		const running = new Running(this.#kept[kept] as ClusterState);
		for (let i = kept * KEPT_EVERY; i < done; i++) running.take(this.#events[i] as JournalEvent);
		return running.state();
	}
}

/** A state that goes along with the events. */
class Running {
	readonly #servers: ServerState[];
	#committed: number;

	constructor({ servers, committed }: ClusterState) {
		this.#servers = [...servers];
		this.#committed = committed;
	}

	state(): ClusterState {
		return { servers: [...this.#servers], committed: this.#committed };
	}

	take(event: JournalEvent): void {
		if (!("server" in event)) return;
		const before = this.#servers[event.server];
		if (before === undefined) return;
		const change = changeBy(event, before);
		if (change === undefined) return;
		const after = { ...before, ...change };
		this.#servers[event.server] = after;
		this.#committed = Math.max(this.#committed, after.applied);
	}
}

function changeBy(event: JournalEvent, before: ServerState): Partial<ServerState> | undefined {
	switch (event.kind) {
		case "boot":
			return { isUp: true, incarnation: event.incarnation, isLeader: false, applied: 0, pausedUntilMs: 0 };
		case "crash":
			return { isUp: false, isLeader: false, pausedUntilMs: 0 };
		case "connect":
			return { isConnected: true };
		case "disconnect":
			return { isConnected: false };
		case "pause":
			return { pausedUntilMs: Math.max(before.pausedUntilMs, event.atMs + event.forMs) };
		case "state":
			return { term: event.term, isLeader: event.isLeader };
		case "save":
			return { stateBytes: event.stateBytes, snapshotBytes: event.snapshotBytes };
		case "start":
			// A leader appends: what stood there before is overwritten.
			return event.isLeader ? { lastIndex: event.index } : undefined;
		case "apply":
			return { applied: event.index, lastIndex: Math.max(before.lastIndex, event.index) };
		case "apply-snapshot":
		case "restore":
			return {
				applied: event.index,
				lastIndex: Math.max(before.lastIndex, event.index),
				snapshotIndex: Math.max(before.snapshotIndex, event.index),
			};
		case "snapshot":
			return { snapshotIndex: event.index };
		default:
			return undefined;
	}
}
