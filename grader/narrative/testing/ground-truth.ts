import { fromText, type SimulationEvent, toText } from "../../../harness/index.ts";
import type {
	AppendEntriesArgs,
	AppendEntriesReply,
	RequestVoteArgs,
	RequestVoteReply,
} from "../../../reference/messages.ts";

/** In which way a server broke the rules. */
export type Guilt =
	/** Two candidates got its vote in a term. */
	| "second-vote"
	/** The same, over a restart. */
	| "vote-forgotten"
	/** It led without a majority. */
	| "no-majority"
	/** It voted for a candidate with a log behind its own. */
	| "worse-log"
	/** As leader, it took for committed what was not on a majority, or of an earlier term. */
	| "leader-commits"
	/** As follower, it applied what nobody had told it was committed there. */
	| "follower-commits"
	/** It restarted without an entry that it had acknowledged, or taken as leader. */
	| "log-forgotten"
	/** It restarted in an earlier term than it had told. */
	| "term-forgotten";

/** Something that a server did and no right one does. Each of these events shows it. */
export interface Guilty {
	readonly guilt: Guilt;
	readonly server: number;
	readonly events: readonly number[];
}

interface Stored {
	readonly term: number;
	readonly command: string;
	/** When it was acknowledged, or taken. */
	readonly at: number;
}

interface Call {
	readonly from: number;
	readonly to: number;
	readonly method: string;
	readonly args: unknown;
	readonly sentAt: number;
}

/**
 * Who broke which rule in a run of the model solution with a mistake, from its own messages (reference/messages.ts) and figure 2: everything that
 * the narrative does not know. Logs are what servers have promised: they outlive crashes. Snapshots are not looked at.
 */
export function findGuilty(events: readonly SimulationEvent[], servers: number): Guilty[] {
	const judge = new Judge(servers);
	for (const [at, event] of events.entries()) judge.look(event, at);
	return judge.guilty;
}

class Judge {
	readonly guilty: Guilty[] = [];
	readonly #size: number;
	readonly #calls = new Map<number, Call>();
	/** By server and index. */
	readonly #logs: Map<number, Stored>[];
	/** By server and term: who got the vote, and when. */
	readonly #votes: Map<number, { readonly candidate: number; readonly at: number }>[];
	/** Every restart. */
	readonly #boots: number[][];
	readonly #leads: boolean[];
	readonly #terms: number[];
	readonly #told: number[];
	/** How far each follower has been told that things are committed, and by which calls. */
	readonly #toldCommitted: { index: number; call: Call }[][];
	/** Yes-votes that have come in: by candidate and term. */
	readonly #ballots = new Map<string, Set<number>>();
	/** What was first applied, by index. */
	readonly #applied = new Map<number, string>();
	/** The last term that each server led in its present life. */
	readonly #ledTerm: number[];

	constructor(size: number) {
		this.#size = size;
		const each = <T>(make: () => T): T[] => Array.from({ length: size }, make);
		this.#logs = each(() => new Map());
		this.#votes = each(() => new Map());
		this.#boots = each(() => []);
		this.#leads = each(() => false);
		this.#terms = each(() => 0);
		this.#told = each(() => 0);
		this.#ledTerm = each(() => -1);
		this.#toldCommitted = each(() => []);
	}

	look(event: SimulationEvent, at: number): void {
		switch (event.kind) {
			case "boot":
				if (event.incarnation > 0) this.#boots[event.server]?.push(at);
				this.#leads[event.server] = false;
				this.#toldCommitted[event.server] = [];
				this.#ledTerm[event.server] = -1;
				break;
			case "call": {
				const { rpc, from, to, method } = event;
				const call = { from, to, method, args: fromText(event.args), sentAt: at };
				this.#calls.set(rpc, call);
				this.#tell(from, (call.args as { term: number }).term);
				if (method === "RequestVote") this.#lookAtRequest(call, at);
				break;
			}
			case "handled": {
				const call = this.#calls.get(event.rpc) as Call;
				const reply = fromText(event.reply) as { term: number };
				this.#tell(event.to, reply.term);
				if (call.method === "RequestVote") this.#lookAtVote(call, reply as RequestVoteReply, at);
				if (call.method === "AppendEntries") this.#lookAtAppend(call, reply as AppendEntriesReply, at);
				break;
			}
			case "reply": {
				const call = this.#calls.get(event.rpc) as Call;
				const { voteGranted } = fromText(event.reply) as RequestVoteReply;
				if (call.method !== "RequestVote" || !voteGranted) break;
				const key = `${call.from}/${(call.args as RequestVoteArgs).term}`;
				this.#ballots.set(key, (this.#ballots.get(key) ?? new Set()).add(call.to));
				break;
			}
			case "state":
				this.#lookAtState(event.server, event.term, event.isLeader, at);
				break;
			case "start":
				if (event.isLeader) this.#lookAtStart(event.server, event, at);
				break;
			case "apply":
				this.#lookAtApply(event.server, event, at);
				break;
		}
	}

	#accuse(guilt: Guilt, server: number, ...events: readonly number[]): void {
		this.guilty.push({ guilt, server, events });
	}

	#tell(server: number, term: number): void {
		this.#told[server] = Math.max(this.#told[server] ?? 0, term);
	}

	/** A candidate asks: it votes for itself, and tells what its log is. */
	#lookAtRequest({ from, args }: Call, at: number): void {
		const { term, lastLogIndex, lastLogTerm } = args as RequestVoteArgs;
		this.#vote(from, from, term, at);
		const [index, stored] = this.#last(from);
		if (stored !== undefined && isBehind(lastLogIndex, lastLogTerm, index, stored.term))
			this.#accuseOfForgetting(from, stored.at, at);
	}

	#lookAtVote({ from, to, args }: Call, { voteGranted }: RequestVoteReply, at: number): void {
		if (!voteGranted) return;
		const { term, lastLogIndex, lastLogTerm } = args as RequestVoteArgs;
		this.#vote(to, from, term, at);
		const [index, stored] = this.#last(to);
		if (stored === undefined || !isBehind(lastLogIndex, lastLogTerm, index, stored.term)) return;
		this.#accuse("worse-log", to, at);
		this.#accuseOfForgetting(to, stored.at, at);
	}

	#vote(voter: number, candidate: number, term: number, at: number): void {
		const votes = this.#votes[voter] as Map<number, { candidate: number; at: number }>;
		const first = votes.get(term);
		if (first === undefined) votes.set(term, { candidate, at });
		else if (first.candidate !== candidate) {
			const boots = this.#bootsSince(voter, first.at);
			if (boots.length > 0) this.#accuse("vote-forgotten", voter, at, ...boots);
			else this.#accuse("second-vote", voter, at);
		}
	}

	#accuseOfForgetting(server: number, since: number, at: number): void {
		const boots = this.#bootsSince(server, since);
		if (boots.length > 0) this.#accuse("log-forgotten", server, at, ...boots);
	}

	#bootsSince(server: number, since: number): number[] {
		return (this.#boots[server] ?? []).filter((at) => at > since);
	}

	#lookAtAppend({ from, to, args }: Call, { success }: AppendEntriesReply, at: number): void {
		const { prevLogIndex, prevLogTerm, entries, leaderCommit } = args as AppendEntriesArgs;
		const log = this.#logs[to] as Map<number, Stored>;
		if (!success) {
			const stored = log.get(prevLogIndex);
			if (stored !== undefined && stored.term === prevLogTerm) this.#accuseOfForgetting(to, stored.at, at);
			return;
		}
		for (const [i, { term, command }] of entries.entries()) {
			const index = prevLogIndex + 1 + i;
			if (log.get(index)?.term === term) continue;
			for (const each of [...log.keys()]) if (each >= index) log.delete(each);
			log.set(index, { term, command: toText(command), at });
		}
		const index = Math.min(leaderCommit, prevLogIndex + entries.length);
		this.#toldCommitted[to]?.push({ index, call: { from, to, method: "", args, sentAt: this.#sentAt(args) } });
	}

	#sentAt(args: unknown): number {
		return [...this.#calls.values()].find((call) => call.args === args)?.sentAt ?? -1;
	}

	#lookAtState(server: number, term: number, isLeader: boolean, at: number): void {
		const before = { term: this.#terms[server] ?? 0, isLeader: this.#leads[server] === true };
		this.#terms[server] = term;
		this.#leads[server] = isLeader;
		if (isLeader) this.#ledTerm[server] = term;
		const bootedAt = this.#boots[server]?.at(-1);
		if (term < (this.#told[server] ?? 0) && bootedAt !== undefined)
			this.#accuse("term-forgotten", server, bootedAt, at);
		if (!isLeader || (before.isLeader && before.term === term)) return;
		if ((this.#ballots.get(`${server}/${term}`)?.size ?? 0) + 1 <= this.#size / 2)
			this.#accuse("no-majority", server, at);
	}

	#lookAtStart(
		server: number,
		{ index, term, command }: { index: number; term: number; command: string },
		at: number,
	): void {
		const log = this.#logs[server] as Map<number, Stored>;
		const [last, stored] = this.#last(server);
		if (stored !== undefined && index <= last) this.#accuseOfForgetting(server, (log.get(index) ?? stored).at, at);
		for (const each of [...log.keys()]) if (each >= index) log.delete(each);
		log.set(index, { term, command, at });
	}

	#lookAtApply(server: number, { index, command }: { index: number; command: string }, at: number): void {
		const isNew = this.#applied.get(index) !== command;
		if (!this.#applied.has(index)) this.#applied.set(index, command);
		const stored = this.#logs[server]?.get(index);
		if (stored !== undefined && stored.command !== command) this.#accuseOfForgetting(server, stored.at, at);
		if (this.#isCommittedBy(server, this.#ledTerm[server] ?? -1, index)) return;
		// What it applies may have been replaced in its log by now: then nobody told it that this is committed.
		const isInLog = stored?.command === command;
		const told = isInLog ? (this.#toldCommitted[server] ?? []).filter((each) => each.index >= index) : [];
		if (this.#leads[server] === true && (isNew || told.length === 0)) {
			this.#accuse("leader-commits", server, at);
			return;
		}
		if (!isNew) return;
		if (told.length === 0) {
			const hasLed = (this.#ledTerm[server] ?? -1) >= 0;
			// Whoever has just stepped down may be applying what it took for committed as leader.
			this.#accuse("follower-commits", server, at);
			if (hasLed) this.#accuse("leader-commits", server, at);
		}
		for (const { call } of told) {
			const { term: of } = call.args as AppendEntriesArgs;
			if (!this.#isCommittedBy(call.from, of, index)) this.#accuse("leader-commits", call.from, call.sentAt, at);
		}
	}

	/** Whether a leader of a term may take an index for committed (§5.4.2): an entry of that term, there or later, is on a majority. */
	#isCommittedBy(leader: number, term: number, index: number): boolean {
		const own = this.#logs[leader] as Map<number, Stored>;
		return [...own].some(([each, stored]) => {
			if (each < index || stored.term !== term) return false;
			const having = this.#logs.filter((log) => log.get(each)?.term === stored.term).length;
			return 2 * having > this.#size;
		});
	}

	#last(server: number): readonly [number, Stored | undefined] {
		const log = this.#logs[server] as Map<number, Stored>;
		const index = Math.max(0, ...log.keys());
		return [index, log.get(index)];
	}
}

function isBehind(index: number, term: number, ownIndex: number, ownTerm: number): boolean {
	return term < ownTerm || (term === ownTerm && index < ownIndex);
}
