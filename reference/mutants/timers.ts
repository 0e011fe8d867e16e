import type { Mutant } from "./mutant.ts";

/** When to stand for election, when to send heartbeats, and what must not wait for what. */
export const timers: readonly Mutant[] = [
	{
		id: "same-timeout-everywhere",
		family: "timers",
		causes: ["timeouts-alike"],
		breaks: "liveness",
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
		causes: ["election-not-begun"],
		breaks: "liveness",
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
		causes: ["election-not-begun"],
		breaks: "liveness",
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
		causes: ["waits-for-replies"],
		breaks: "liveness",
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
		causes: ["waits-for-replies"],
		breaks: "liveness",
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
		causes: ["leader-disturbed"],
		breaks: "liveness",
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
		caughtBy: { test: "LongReign", schedule: "calm" },
	},
	{
		id: "old-leader-without-a-timer",
		family: "timers",
		causes: ["election-not-begun"],
		breaks: "liveness",
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
		caughtBy: { test: "DeposedForNobody", schedule: "calm" },
	},
	{
		id: "heartbeat-every-second",
		family: "timers",
		causes: ["leader-disturbed"],
		breaks: "liveness",
		mistake: "A leader sends heartbeats once a second, while the others stand for election after 300 to 600 ms.",
		story:
			"Leaders send periodic heartbeats to prevent new elections (§5.2), so these must come several times within the shortest election timeout. Ten a second is what the lab allows, and fewer seems only better. Here each leader is replaced before its second heartbeat, and no term lasts.",
		edits: [{ file: "options.ts", find: "heartbeatIntervalMs: 100", replace: "heartbeatIntervalMs: 1000" }],
		caughtBy: { test: "Count", schedule: "calm", within: 5 },
	},
	{
		id: "a-hundred-heartbeats-a-second",
		family: "timers",
		causes: ["too-many-messages"],
		breaks: "limits",
		mistake: "A leader sends heartbeats every 10 ms.",
		story:
			"Heartbeats only have to come well within an election timeout (§5.2), and the lab allows ten a second. More of them hide other mistakes, since everything that was lost is soon repeated. They cost what the lab counts: an idle cluster must be quiet.",
		edits: [{ file: "options.ts", find: "heartbeatIntervalMs: 100", replace: "heartbeatIntervalMs: 10" }],
		caughtBy: { test: "Count", schedule: "calm" },
	},
	{
		id: "any-vote-request-resets-the-timer",
		family: "timers",
		causes: ["timer-restarted"],
		breaks: "liveness",
		mistake: "A server that is asked for its vote starts its election timeout anew, whether it grants the vote or not.",
		story:
			"A follower waits on if it hears from the current leader or grants a vote (figure 2, followers). Granting is one line among many, and the reset slips in front of it. A server whose log is too old to win can then keep those waiting who could: each time it stands and is refused, the others start from zero. Seen in raft-rs: https://github.com/tikv/raft-rs/issues/14",
		edits: [
			{
				file: "elections.ts",
				find: "if (args.term > state.currentTerm) becomeFollower(state, args.term);",
				replace:
					"state.effects.resetElectionTimer = true;\n\tif (args.term > state.currentTerm) becomeFollower(state, args.term);",
			},
		],
		caughtBy: { test: "StaleCandidate", schedule: "calm" },
		hiddenBecause:
			"A server that can't win would have to stand before each of the others does, again and again. With timeouts drawn anew each time, one of the others is soon first.",
	},
	{
		id: "higher-term-resets-the-timer",
		family: "timers",
		causes: ["timer-restarted"],
		breaks: "liveness",
		mistake: "A server that adopts a higher term starts its election timeout anew.",
		story:
			"A higher term alone is no sign of a leader: only AppendEntries from the current one, or a vote given, buy time (figure 2, followers). It looks natural to give a new term a full timeout. Then a server that can't win, but stands first, keeps those that can from standing.",
		edits: [
			{
				file: "state.ts",
				find: "state.votedFor = null;\n\t\tstate.effects.save = true;",
				replace: "state.votedFor = null;\n\t\tstate.effects.save = true;\n\t\tstate.effects.resetElectionTimer = true;",
			},
		],
		caughtBy: { test: "StaleCandidate", schedule: "calm" },
		hiddenBecause: "As long as timeouts are drawn anew each time, one that can win is soon the first to stand.",
	},
	{
		id: "timeouts-too-much-alike",
		family: "timers",
		causes: ["timeouts-alike"],
		breaks: "liveness",
		mistake: "Election timeouts are drawn at random, from a range of two milliseconds.",
		story:
			"Timeouts must be spread so widely that in most cases only one server times out, wins, and sends heartbeats before the others stand (§5.2, §9.3). They are random, as the paper asks. But within the time that a request takes most of the others stand, too; the vote is split, and split again.",
		edits: [
			{
				file: "raft.ts",
				find: "return electionTimeoutMinMs + Math.random() * (electionTimeoutMaxMs - electionTimeoutMinMs);",
				replace: "return electionTimeoutMinMs + Math.random() * 2;",
			},
		],
		caughtBy: { test: "AllAtOnce", schedule: "calm" },
	},
	{
		id: "leader-stands-against-itself",
		family: "timers",
		causes: ["leader-disturbed"],
		breaks: "liveness",
		mistake: "A leader's election timer runs on, and when it rings the leader stands for election.",
		story:
			"If a follower's or candidate's timeout elapses, it starts an election (figure 2); a leader has no such timeout. The timer is started in make(), and nothing stops it when the election is won. Each leader deposes itself after half a second. On a good network it is elected again at once, and little is noticed but the terms.",
		edits: [{ file: "core.ts", find: 'if (state.role === "leader") return;', replace: "" }],
		caughtBy: { test: "LongReign", schedule: "calm" },
	},
	{
		id: "former-leader-goes-on",
		family: "timers",
		causes: ["no-step-down"],
		breaks: "safety",
		mistake: "A server that has once been leader sends heartbeats for ever, with whatever term it is in.",
		story:
			"Upon election a leader sends heartbeats, and repeats them during idle periods (figure 2, leaders); when it is leader no more, it stops. The loop that sends them is started when the election is won, and nothing ends it. The server later adopts a new leader's term, and the others take its requests for that leader's. Seen in nats-server: https://github.com/nats-io/nats-server/pull/7297",
		edits: [
			{
				file: "core.ts",
				find: 'if (state.role === "leader") sendHeartbeats(state);',
				replace: "if (state.trackers.length > 0) sendHeartbeats(state);",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "stand-again-at-every-beat",
		family: "timers",
		causes: ["timeouts-alike", "leader-disturbed"],
		breaks: "liveness",
		mistake: "A candidate that has not won after 100 ms begins another election.",
		story:
			"A candidate that has neither won nor lost waits for its election timeout, which is random, before it stands again (§5.2). One timer that says do something every 100 ms is simpler than two. Candidates that tied once are now in step, and tie again; and each raises the term before the answers to its last election are in.",
		edits: [
			{
				file: "core.ts",
				find: 'else if (state.role === "candidate") requestVotes(state);',
				replace: 'else if (state.role === "candidate") startElection(state);',
			},
		],
		caughtBy: { test: "SlowVotes", schedule: "calm" },
		hiddenBecause:
			"The labs' networks answer within 27 ms, and a candidate stands for 100 ms: long enough for every election.",
	},
];
