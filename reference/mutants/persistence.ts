import type { Mutant } from "./mutant.ts";

/** What must be in stable storage, and when. */
export const persistence: readonly Mutant[] = [
	{
		id: "log-not-saved",
		family: "persistence",
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
];
