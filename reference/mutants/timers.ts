import type { Mutant } from "./mutant.ts";

/** When to stand for election, when to send heartbeats, and what must not wait for what. */
export const timers: readonly Mutant[] = [
	{
		id: "same-timeout-everywhere",
		family: "timers",
		mistake: "All servers have the same election timeout.",
		story:
			"Election timeouts are drawn at random from a range, each time anew, so that split votes are rare and soon resolved (§5.2). A constant that works on a machine where things are never quite simultaneous looks fine. Here all servers stand at the same instant, vote for themselves, and do so again for ever.",
		edits: [
			{
				file: "raft.ts",
				find: "return electionTimeoutMinMs + Math.random() * (electionTimeoutMaxMs - electionTimeoutMinMs);",
				replace: "return (electionTimeoutMinMs + electionTimeoutMaxMs) / 2;",
			},
		],
		caughtBy: { test: "InitialElection", schedule: "calm" },
	},
	{
		id: "timeout-of-seconds",
		family: "timers",
		mistake: "The election timeout is 6 to 12 seconds.",
		story:
			"The timeout must be well above the time of a broadcast and well below the time between failures (§5.6); the lab wants a new leader within about five seconds. Making it long is a tempting way to stop servers from standing too often. Nobody is elected in time.",
		edits: [
			{ file: "options.ts", find: "electionTimeoutMinMs: 300", replace: "electionTimeoutMinMs: 6000" },
			{ file: "options.ts", find: "electionTimeoutMaxMs: 600", replace: "electionTimeoutMaxMs: 12_000" },
		],
		caughtBy: { test: "InitialElection", schedule: "calm" },
	},
	{
		id: "stand-only-once",
		family: "timers",
		mistake:
			"A candidate that wins no majority waits for votes for ever, rather than standing again when its timeout elapses.",
		story:
			"If the election timeout elapses, start a new election (figure 2, candidates). The timer is started in make() and by each heartbeat, and it seems that the election itself needs none. A candidate that was cut off, or tied with another, stays candidate in a term that the others have long left behind.",
		edits: [
			{
				file: "elections.ts",
				find: "state.effects.resetElectionTimer = true;\n\tif (hasWon(state))",
				replace: "if (hasWon(state))",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "wait-for-every-answer",
		family: "timers",
		mistake: "A server sends nothing more until all its requests have been answered or given up.",
		story:
			"Requests go out in parallel (§5.1), and nobody waits for the slowest. With Promise.all over the peers they do go out in parallel; but the next round begins when the last answer has come. A call to a server that is cut off may take 7 s to say so, and no heartbeats are sent meanwhile.",
		edits: [
			{
				file: "raft.ts",
				find: "for (const message of effects.messages) void this.#send(message);",
				replace: "void this.#sendAll(effects.messages);",
			},
			{
				file: "raft.ts",
				find: "\t/** Every request has a life of its own",
				replace: `	#lastRound: Promise<unknown> = Promise.resolve();

	#sendAll(round: readonly messages.Message[]): void {
		this.#lastRound = this.#lastRound.then(() => Promise.all(round.map((message) => this.#send(message))));
	}

	/** Every request has a life of its own`,
			},
		],
		caughtBy: { test: "ManyElections", schedule: "calm" },
	},
	{
		id: "one-request-after-the-other",
		family: "timers",
		mistake: "A server awaits each peer's answer before it sends the request to the next peer.",
		story:
			"Requests go out in parallel (§5.1). `for (const peer of peers) await peer.call(…)` is how one writes a loop. The first peer that is cut off holds up all that come after it, for up to 7 s: too late for an election, and for an agreement.",
		edits: [
			{
				file: "raft.ts",
				find: "for (const message of effects.messages) void this.#send(message);",
				replace: "void this.#sendAll(effects.messages);",
			},
			{
				file: "raft.ts",
				find: "\t/** Every request has a life of its own",
				replace: `	async #sendAll(all: readonly messages.Message[]): Promise<void> {
		for (const message of all) await this.#send(message);
	}

	/** Every request has a life of its own`,
			},
		],
		caughtBy: { test: "Persist2", schedule: "calm" },
	},
	{
		id: "heartbeats-do-not-calm-anyone",
		family: "timers",
		mistake: "A follower that hears from the leader does not start its election timeout anew.",
		story:
			"A follower stands if a period passes in which it hears from no leader (§5.2). A timer that is set when a server becomes a follower, and when it gives its vote, gets a first leader elected. It lasts until the first timeout after that; then comes the next election, and the next. On a good network each takes a moment and little is noticed. On a bad one nobody leads for long enough.",
		edits: [
			{
				file: "append-entries.ts",
				find: "state.effects.resetElectionTimer = true;",
				replace: "",
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "race", within: 20 },
	},
	{
		id: "old-leader-without-a-timer",
		family: "timers",
		mistake: "A leader that steps down does not start its election timer.",
		story:
			"A leader that sees a higher term becomes a follower (§5.1), and a follower stands when it hears from no leader (§5.2). Leaders have no election timer, and the code that steps down only sets the role and the term. If no leader reaches it after that, this server never stands again; when enough have led once, nobody does.",
		edits: [
			{
				file: "state.ts",
				find: 'if (state.role === "leader") state.effects.resetElectionTimer = true;',
				replace: "",
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "race", within: 20 },
	},
	{
		id: "heartbeat-every-second",
		family: "timers",
		mistake: "A leader sends heartbeats once a second, while the others stand for election after 300 to 600 ms.",
		story:
			"Leaders send periodic heartbeats to prevent new elections (§5.2), so these must come several times within the shortest election timeout. Ten a second is what the lab allows, and fewer seems only better. Here each leader is replaced before its second heartbeat, and no term lasts.",
		edits: [{ file: "options.ts", find: "heartbeatIntervalMs: 100", replace: "heartbeatIntervalMs: 1000" }],
		caughtBy: { test: "Count", schedule: "calm", within: 5 },
	},
	{
		id: "a-hundred-heartbeats-a-second",
		family: "timers",
		mistake: "A leader sends heartbeats every 10 ms.",
		story:
			"Heartbeats only have to come well within an election timeout (§5.2), and the lab allows ten a second. More of them hide other mistakes, since everything that was lost is soon repeated. They cost what the lab counts: an idle cluster must be quiet.",
		edits: [{ file: "options.ts", find: "heartbeatIntervalMs: 100", replace: "heartbeatIntervalMs: 10" }],
		caughtBy: { test: "Count", schedule: "calm" },
	},
];
