import type { NoReplyReason, SimulationEvent } from "../../harness/index.ts";

/** An event's place in the journal. */
export type At = number;

/** Where a server stands: as its latest step left it. */
export interface Standing {
	readonly term: number;
	readonly isLeader: boolean;
}

/** A call, from its beginning to whatever became of it. What has not happened is undefined. */
export interface Call {
	readonly rpc: number;
	readonly from: number;
	readonly to: number;
	readonly method: string;
	readonly args: string;
	readonly sentAt: At;
	/** The caller, at the end of the step in which it called; undefined if it crashed in the middle of that. */
	caller?: Standing;
	deliveredAt?: At;
	answeredAt?: At;
	/** The server called, at the end of the step in which it answered. */
	answerer?: Standing;
	reply?: string;
	repliedAt?: At;
	/** When it was clear that there would be no reply, and why. */
	failedAt?: At;
	why?: NoReplyReason;
}

/** One life of a server: from its start to its crash. */
export interface Life {
	readonly server: number;
	readonly incarnation: number;
	readonly bootedAt: At;
	crashedAt?: At;
}

/** A change of term or role. */
export interface Change extends Standing {
	readonly server: number;
	readonly at: At;
	readonly before: Standing | undefined;
}

/** Something that one server did. */
export type Of<Kind extends SimulationEvent["kind"]> = Extract<SimulationEvent, { kind: Kind }> & { readonly at: At };

/** A journal, put in order: which reply belongs to which call, who was what when. It adds nothing that the events don't say. */
export interface History {
	readonly events: readonly SimulationEvent[];
	readonly servers: number;
	/** In the order in which they were made. */
	readonly calls: readonly Call[];
	readonly lives: readonly Life[];
	readonly changes: readonly Change[];
	readonly starts: readonly Of<"start">[];
	readonly applies: readonly (Of<"apply"> | Of<"apply-snapshot"> | Of<"restore">)[];
	readonly saves: readonly Of<"save">[];
	/** Which server is cut off, from when to when. */
	readonly cuts: readonly { readonly server: number; readonly from: At; until?: At }[];
	/** When it ended, in virtual milliseconds. */
	readonly endMs: number;
}

/** What comes later isn't read: so much only happens where messages go round and round. */
const EVENTS_MAX = 400_000;

/** Reads a journal. */
export function readHistory(events: readonly SimulationEvent[], servers: number): History {
	const reader = new Reader(servers);
	for (let at = 0; at < events.length && at < EVENTS_MAX; at++) reader.read(events[at] as SimulationEvent, at);
	const { calls, lives, changes, starts, applies, saves, cuts } = reader;
	const endMs = events.at(-1)?.atMs ?? 0;
	return { events, servers, calls: [...calls.values()], lives, changes, starts, applies, saves, cuts, endMs };
}

class Reader {
	readonly calls = new Map<number, Call>();
	readonly lives: Life[] = [];
	readonly changes: Change[] = [];
	readonly starts: Of<"start">[] = [];
	readonly applies: (Of<"apply"> | Of<"apply-snapshot"> | Of<"restore">)[] = [];
	readonly saves: Of<"save">[] = [];
	readonly cuts: { server: number; from: At; until?: At }[] = [];
	readonly #standing: (Standing | undefined)[];
	readonly #life = new Map<number, Life>();
	readonly #cut = new Map<number, { server: number; from: At; until?: At }>();
	/** What each server has said in its present step, which is over when it "spoke". */
	readonly #said: ((standing: Standing) => void)[][];

	constructor(servers: number) {
		this.#standing = new Array(servers).fill(undefined);
		this.#said = Array.from({ length: servers }, () => []);
	}

	read(event: SimulationEvent, at: At): void {
		switch (event.kind) {
			case "boot": {
				const life: Life = { server: event.server, incarnation: event.incarnation, bootedAt: at };
				this.lives.push(life);
				this.#life.set(event.server, life);
				break;
			}
			case "crash": {
				const life = this.#life.get(event.server);
				if (life !== undefined) life.crashedAt = at;
				this.#said[event.server] = [];
				this.#standing[event.server] = undefined;
				break;
			}
			case "connect":
			case "disconnect":
				this.#setCut(event.server, event.kind === "disconnect", at);
				break;
			case "state": {
				const { server, term, isLeader } = event;
				this.changes.push({ server, at, term, isLeader, before: this.#standing[server] });
				this.#standing[server] = { term, isLeader };
				break;
			}
			case "spoke": {
				const { server, term } = event;
				const standing = { term, isLeader: this.#standing[server]?.isLeader === true };
				for (const note of this.#said[server] ?? []) note(standing);
				this.#said[server] = [];
				break;
			}
			case "save":
				this.saves.push({ ...event, at });
				break;
			case "start":
				this.starts.push({ ...event, at });
				break;
			case "apply":
			case "apply-snapshot":
			case "restore":
				this.applies.push({ ...event, at });
				break;
			default:
				if ("rpc" in event) this.#readMessage(event, at);
		}
	}

	#readMessage(event: Extract<SimulationEvent, { rpc: number }>, at: At): void {
		if (event.kind === "call") {
			const { rpc, from, to, method, args } = event;
			const call: Call = { rpc, from, to, method, args, sentAt: at };
			this.calls.set(rpc, call);
			this.#said[from]?.push((standing) => {
				call.caller = standing;
			});
			return;
		}
		const call = this.calls.get(event.rpc);
		if (call === undefined) return;
		if (event.kind === "deliver") call.deliveredAt = at;
		else if (event.kind === "handled") {
			call.answeredAt = at;
			call.reply = event.reply;
			this.#said[event.to]?.push((standing) => {
				call.answerer = standing;
			});
		} else if (event.kind === "reply") call.repliedAt = at;
		else if (event.kind === "no-reply") {
			call.failedAt = at;
			call.why = event.why;
		}
	}

	#setCut(server: number, isCut: boolean, at: At): void {
		const cut = this.#cut.get(server);
		if (isCut && cut === undefined) {
			const begun = { server, from: at };
			this.#cut.set(server, begun);
			this.cuts.push(begun);
		} else if (!isCut && cut !== undefined) {
			cut.until = at;
			this.#cut.delete(server);
		}
	}
}

/** When an event happened, in virtual milliseconds. */
export function timeOf({ events, endMs }: History, at: At): number {
	return events[at]?.atMs ?? endMs;
}

/** What a server's getState() last said before an event; undefined if it was down. */
export function standingBefore({ changes, lives }: History, server: number, at: At): Standing | undefined {
	const life = lives.findLast((each) => each.server === server && each.bootedAt < at);
	if (life === undefined || (life.crashedAt ?? at) < at) return undefined;
	const change = changes.findLast((each) => each.server === server && each.at < at);
	return change !== undefined && change.at > life.bootedAt ? change : { term: 0, isLeader: false };
}

/** The restart of a server between two events, if there was one: the last. */
export function restartBetween({ lives }: History, server: number, after: At, before: At): Life | undefined {
	return lives.findLast(
		({ server: other, bootedAt, incarnation }) =>
			other === server && incarnation > 0 && bootedAt > after && bootedAt < before,
	);
}
