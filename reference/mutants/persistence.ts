import type { Mutant } from "./mutant.ts";

/** What must be in stable storage, and when. */
export const persistence: readonly Mutant[] = [
	{
		id: "log-not-saved",
		family: "persistence",
		causes: ["log-not-saved"],
		breaks: "safety",
		mistake: "currentTerm and votedFor are saved, the log isn't.",
		story:
			"currentTerm, votedFor and log[] are persistent state (figure 2). After a restart the leader sends a server whatever it lacks, so the log seems to mend itself. Unless those that have an entry all restart: then nobody has it any more.",
		edits: [
			{
				file: "persistence.ts",
				find: "this.#persister.save(this.#bytes.subarray(0, this.#end), state.snapshot);",
				replace: "this.#persister.save(this.#bytes.subarray(0, HEADER_BYTES), state.snapshot);",
			},
		],
		caughtBy: { test: "Persist1", schedule: "calm" },
	},
	{
		id: "follower-does-not-save-entries",
		family: "persistence",
		causes: ["log-not-saved"],
		breaks: "safety",
		mistake: "A follower answers AppendEntries with success without having saved the entries.",
		story:
			"Persistent state is updated on stable storage before responding to RPCs (figure 2). Every change of term is saved, and start() saves as well; the entries that come by AppendEntries are saved along with the next of these. The leader counts on them from the moment of the answer.",
		edits: [
			{
				file: "append-entries.ts",
				find: "if (log.merge(args.prevLogIndex, args.entries)) state.effects.save = true;",
				replace: "log.merge(args.prevLogIndex, args.entries);",
			},
		],
		caughtBy: { test: "Persist1", schedule: "calm", within: 10 },
	},
	{
		id: "leader-does-not-save-entries",
		family: "persistence",
		causes: ["log-not-saved"],
		breaks: "safety",
		mistake: "A leader does not save the entries that start() appends.",
		story:
			"The leader counts itself when it looks for a majority (§5.3), so its own copy must be as safe as any other (§5.5, figure 2). The handlers of RPCs all save, and start() is none. A committed entry is then on one server less than was counted.",
		edits: [
			{
				file: "core.ts",
				find: "state.log.append({ term: state.currentTerm, command });\n\t\tstate.effects.save = true;",
				replace: "state.log.append({ term: state.currentTerm, command });",
			},
		],
		caughtBy: { test: "Persist3", schedule: "calm" },
	},
	{
		id: "term-not-saved",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "votedFor and the log are saved, currentTerm isn't.",
		story:
			"currentTerm is persistent state (figure 2). A server learns the current term from the first message that it gets, so why save it? Because before that it may stand, or vote, in a term in which it has voted.",
		edits: [
			{
				file: "persistence.ts",
				find: "const header = [currentTerm, votedFor ?? NOBODY,",
				replace: "const header = [0, votedFor ?? NOBODY,",
			},
		],
		caughtBy: { test: "Persist1", schedule: "calm" },
	},
	{
		id: "candidate-does-not-save-its-term",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "A candidate asks for votes in a new term without having saved it, or its vote for itself.",
		story:
			"What a server tells others must survive a crash of its own (figure 2, persistent state). Terms and votes are saved where requests are handled; a candidate's own new term and vote come from a timer. After a restart it is free to vote for another in the term in which it stood.",
		edits: [
			{
				file: "elections.ts",
				find: "state.ballots = new Map([[state.me, true]]);\n\tstate.effects.save = true;",
				replace: "state.ballots = new Map([[state.me, true]]);",
			},
		],
		caughtBy: { test: "Persist2", schedule: "calm" },
	},
	{
		id: "save-a-little-later",
		family: "persistence",
		causes: ["log-not-saved", "vote-not-saved"],
		breaks: "safety",
		mistake: "Changes are saved together, 50 ms after the first, and answers don't wait for that.",
		story:
			"Persistent state is updated on stable storage before responding to RPCs (figure 2). Saving is slow, and saving many changes at once is a good idea, as long as the answers wait too. These don't: whatever a server has promised in the last moment before a crash, it forgets.",
		edits: [
			{
				file: "raft.ts",
				find: "if (effects.save) this.#storage.save(this.#state);",
				replace: "if (effects.save) setTimeout(() => this.#storage.save(this.#state), 50);",
			},
		],
		caughtBy: { test: "Figure8", schedule: "calm" },
	},
	{
		id: "vote-not-saved",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "currentTerm and the log are saved, votedFor isn't.",
		story:
			"votedFor is persistent state, along with currentTerm and log[] (figure 2). The log is what must not be lost, and the term tells old from new; a vote seems to be over as soon as it is given. After a crash the server is free to give another one in the same term. Seen in databend: https://github.com/databendlabs/databend/issues/1051",
		edits: [{ file: "persistence.ts", find: "votedFor ?? NOBODY", replace: "NOBODY" }],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"The voter must crash after its vote, be back, and be asked by another candidate of the same term, all within one election. The labs crash servers at random moments, and leave them down for long.",
	},
	{
		id: "vote-for-server-zero-not-saved",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "A vote for server 0 is saved as no vote.",
		story:
			"votedFor must survive a crash, whoever got the vote (figure 2, persistent state). `votedFor || NOBODY` gives the value for no vote if there is none. 0 is a server, and counts as none in JavaScript. A server that has voted for server 0 and restarts may vote for another in the same term.",
		edits: [{ file: "persistence.ts", find: "votedFor ?? NOBODY", replace: "votedFor || NOBODY" }],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
	},
	{
		id: "granted-vote-not-saved",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "A server saves when its term changes, but not when it grants a vote in a term that it is already in.",
		story:
			"Persistent state is updated on stable storage before responding to RPCs (figure 2). Most votes are given along with a new term, and are saved with it. Not so if the server knew the term already, from a candidate that it refused, or from an answer. It then crashes, and votes again.",
		edits: [{ file: "elections.ts", find: "if (state.votedFor === null) state.effects.save = true;", replace: "" }],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"The voter must know the term before it is asked, vote, crash before anything else is saved, and be asked by another candidate of the same term. In the labs a vote nearly always comes with a new term, which is saved.",
	},
	{
		id: "adopted-term-not-saved",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "A server that adopts a higher term does not save it.",
		story:
			"currentTerm is persistent state (figure 2): it must be saved before anyone hears of it. A term of somebody else's seems to be safe with them, and is saved with the next vote or entry. A server that crashes before that comes back in an earlier term, where it obeys leaders whose time is over.",
		edits: [
			{
				file: "state.ts",
				find: "state.votedFor = null;\n\t\tstate.effects.save = true;",
				replace: "state.votedFor = null;",
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
	},
	{
		id: "vote-saved-in-a-timer",
		family: "persistence",
		causes: ["vote-not-saved"],
		breaks: "safety",
		mistake: "A vote is saved 20 ms after it was given.",
		story:
			"Persistent state is updated on stable storage before responding to RPCs (figure 2). The disk is slow and candidates are in a hurry, so the answer goes first. If the server crashes in these 20 ms, nobody remembers the vote but the candidate that was elected by it. Seen in NodeDB: https://github.com/NodeDB-Lab/nodedb/issues/161",
		edits: [
			{
				file: "raft.ts",
				find: "return this.#step((state) => handleRequestVote(state, args));",
				replace: `return this.#step((state) => {
			const reply = handleRequestVote(state, args);
			if (state.effects.save) setTimeout(() => this.#storage.save(this.#state), 20);
			state.effects.save = false;
			return reply;
		});`,
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"The crash must fall into the 20 ms after a vote, and another candidate of the same term must ask then.",
	},
	{
		id: "stored-log-never-cut",
		family: "persistence",
		causes: ["log-not-saved", "restored-wrongly"],
		breaks: "safety",
		mistake: "When a follower replaces entries that conflict, those in stable storage stay.",
		story:
			"A conflicting entry is deleted, with all that follow it (§5.3), wherever it is kept. Storage that only appends new entries is fast, and right as long as nothing is ever replaced. After a restart the server has the old leader's entries again, at indices where others have been committed.",
		edits: [{ file: "persistence.ts", find: "this.#truncateTo(state.log.unsavedFrom);", replace: "" }],
		caughtBy: { test: "DeposedAndRestarted", schedule: "calm" },
	},
	{
		id: "terms-of-entries-not-restored",
		family: "persistence",
		causes: ["restored-wrongly"],
		breaks: "safety",
		mistake: "After a restart, all entries have the term in which the server was when it crashed.",
		story:
			"A log entry is a command and the term when it was received by the leader (figure 2), and elections and the consistency check rest on that term. What the service needs is the command. With its old entries raised to the latest term a server has a log that looks better than all others, and is elected for it.",
		edits: [
			{
				file: "persistence.ts",
				find: "entries.push({ term, command });",
				replace: "entries.push({ term: field(0), command });",
			},
		],
		caughtBy: { test: "LaterTermOlderLog", schedule: "calm" },
	},
	{
		id: "two-saves-for-one-change",
		family: "persistence",
		causes: ["snapshot-saved"],
		breaks: "safety",
		mistake: "The shortened log is saved first, and the snapshot that replaces its beginning in a second step.",
		story:
			"Log and snapshot belong together: the log may be discarded once the snapshot is complete (§7), and by the lab's contract one save() takes both. Saved one after the other they are the same a moment later. A crash in that moment leaves a log that begins after a snapshot that isn't there. Seen in redisraft: https://github.com/RedisLabs/redisraft/issues/43",
		edits: [
			{
				file: "persistence.ts",
				find: "this.#persister.save(this.#bytes.subarray(0, this.#end), state.snapshot);",
				replace:
					"this.#persister.save(this.#bytes.subarray(0, this.#end), this.#persister.readSnapshot());\n\t\tthis.#persister.save(this.#bytes.subarray(0, this.#end), state.snapshot);",
			},
		],
		caughtBy: { test: "CrashAtSave", schedule: "calm" },
		hiddenBecause:
			"Between the two saves no time passes. The labs crash servers from outside, never between two effects of one step.",
	},
];
