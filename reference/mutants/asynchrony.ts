import type { Mutant } from "./mutant.ts";

/** What may have changed when an await is over, and what must not wait for it. */
export const asynchrony: readonly Mutant[] = [
	{
		id: "vote-checked-before-the-await",
		family: "asynchrony",
		causes: ["votes-twice"],
		breaks: "safety",
		mistake: "A server checks whether it is free to vote, waits, and then votes.",
		story:
			"A server votes for at most one candidate in a term (§5.2). The handler is an async function, that checks votedFor and awaits something, such as a disk, before it sets it. In between another request is handled, finds votedFor still free, and gets the same vote. Seen in Nacos: https://github.com/alibaba/nacos/issues/1937",
		edits: [
			{ file: "raft.ts", find: "\ttype StartResult,", replace: "\ttype StartResult,\n\tsleep," },
			{
				file: "elections.ts",
				find: "export function handleRequestVote(state: ServerState, args: RequestVoteArgs): RequestVoteReply {",
				replace:
					"export function handleRequestVote(state: ServerState, args: RequestVoteArgs, wasFree: boolean): RequestVoteReply {",
			},
			{
				file: "elections.ts",
				find: "const isFree = state.votedFor === null || state.votedFor === args.candidateId;",
				replace: "const isFree = wasFree;",
			},
			{
				file: "raft.ts",
				find: "\tRequestVote(args: messages.RequestVoteArgs): messages.RequestVoteReply {\n\t\treturn this.#step((state) => handleRequestVote(state, args));",
				replace: `	async RequestVote(args: messages.RequestVoteArgs): Promise<messages.RequestVoteReply> {
		const { currentTerm, votedFor } = this.#state;
		const wasFree = args.term > currentTerm || votedFor === null || votedFor === args.candidateId;
		await sleep(5);
		return this.#step((state) => handleRequestVote(state, args, wasFree));`,
			},
		],
		caughtBy: { test: "RivalsInATerm", schedule: "calm" },
		hiddenBecause:
			"Two requests of one term must reach a voter within 5 ms. Candidates draw timeouts hundreds of milliseconds apart.",
	},
	{
		id: "term-checked-before-the-await",
		family: "asynchrony",
		causes: ["old-leader-obeyed"],
		breaks: "safety",
		mistake: "A server checks a request's term, waits, and then takes the entries, whatever its term is by then.",
		story:
			"Reply false if term < currentTerm (figure 2, AppendEntries, receiver's rule 1). The check is there, and passed. Then the async handler awaits something, and meanwhile the server votes in a new term, or follows a new leader. The old leader's entries are taken all the same, and the answer counts as one in the new term.",
		edits: [
			{ file: "raft.ts", find: "\ttype StartResult,", replace: "\ttype StartResult,\n\tsleep," },
			{
				file: "raft.ts",
				find: "\tAppendEntries(args: messages.AppendEntriesArgs): messages.AppendEntriesReply {\n\t\treturn this.#step((state) => handleAppendEntries(state, args));",
				replace: `	async AppendEntries(args: messages.AppendEntriesArgs): Promise<messages.AppendEntriesReply> {
		if (args.term >= this.#state.currentTerm) {
			await sleep(1);
			args.term = Math.max(args.term, this.#state.currentTerm);
		}
		return this.#step((state) => handleAppendEntries(state, args));`,
			},
		],
		caughtBy: { test: "DeposedLeaderRaces", schedule: "calm" },
		hiddenBecause: "Requests of an old and of a new leader must reach the same server within a millisecond.",
	},
	{
		id: "term-read-when-sending",
		family: "asynchrony",
		causes: ["no-step-down"],
		breaks: "safety",
		mistake: "A request waits for 10 ms before it is sent, and gets the term that the server has by then.",
		story:
			"A leader's requests carry the leader's term (figure 2), the one in which it leads. `await sleep(…)`, and then `term: this.currentTerm`: the server may have stepped down in between, for a leader whose term it now has. Its last entries go out as if they were that leader's. Seen in hashicorp/raft: https://github.com/hashicorp/raft/pull/701",
		edits: [
			{ file: "raft.ts", find: "\ttype StartResult,", replace: "\ttype StartResult,\n\tsleep," },
			{
				file: "raft.ts",
				find: "const { to, method, args } = message;\n",
				replace: `const { to, method } = message;
		await sleep(10);
		const args = { ...message.args, term: this.#state.currentTerm };
`,
			},
		],
		caughtBy: { test: "DeposedLeaderSends", schedule: "calm" },
		hiddenBecause:
			"A leader must be deposed within the 10 ms in which it has a new entry and has not sent it, and that request must be the one that matters.",
	},
	{
		id: "replies-never-out-of-date",
		family: "asynchrony",
		causes: ["match-index"],
		breaks: "safety",
		mistake: "A reply to AppendEntries is handled as if the server still led the term in which it sent the request.",
		story:
			"A leader that has stepped down sends nothing any more (§5.1), and old replies mean nothing to it. Before the await the server was leader, and the code behind it reads as if it still were. It notes what matches, and sends the next entries, with the term that it has adopted from somebody else.",
		edits: [
			{
				file: "replication.ts",
				find: 'return state.role === "leader" && term === state.currentTerm;',
				replace: "return state.trackers.length > 0;",
			},
		],
		caughtBy: { test: "DeposedLeaderHears", schedule: "calm" },
		hiddenBecause:
			"The answer must arrive after the leader has stepped down, and what it sends then must reach a server that has newer entries, before the new leader's next request does.",
	},
	{
		id: "elected-by-votes-of-the-past",
		family: "asynchrony",
		causes: ["stale-votes"],
		breaks: "safety",
		mistake: "A server that has received enough votes becomes leader, whatever its role and its term are by then.",
		story:
			"A candidate wins if a majority votes for it in the same term (§5.2), and only while it is a candidate. The votes are counted behind an await, where nothing has been checked again. When the last of them comes, the server may have adopted a higher term; it then leads that, along with whoever was elected in it.",
		edits: [
			{
				file: "elections.ts",
				find: 'if (state.role !== "candidate" || args.term !== state.currentTerm) return; // that election is over\n',
				replace: "",
			},
		],
		caughtBy: { test: "VotesOfThePast", schedule: "calm" },
	},
	{
		id: "a-loop-for-each-peer",
		family: "asynchrony",
		causes: ["waits-for-replies"],
		breaks: "liveness",
		mistake: "For each peer there is a loop that sends a heartbeat, awaits the answer, and then sends the next.",
		story:
			"Heartbeats keep followers from standing, and must come within every election timeout, whatever became of those before (§5.2). `while (leader) { await peer.call(…); await sleep(100) }` gives every peer a life of its own. But a call whose answer is lost may take 7 s to say so, and that peer is sent nothing meanwhile.",
		edits: [
			{
				file: "replication.ts",
				find: "for (const peer of peersOf(state)) send(state, peer);",
				replace:
					"for (const peer of peersOf(state)) {\n\t\tif (trackerOf(state, peer).awaited === null) send(state, peer);\n\t}",
			},
		],
		caughtBy: { test: "Figure8Unreliable", schedule: "calm" },
	},
	{
		id: "request-shares-the-logs-array",
		family: "asynchrony",
		causes: ["shared-array"],
		breaks: "safety",
		mistake: "A request that carries the whole log holds the log's own array, not a copy of it.",
		story:
			"matchIndex becomes prevLogIndex plus the number of entries that were sent (figure 2, leaders). The network makes a copy of what is sent, and a second one looks like a waste. But the leader keeps its request until the answer comes, and start() appends to the same array: it then counts entries as replicated that were never sent.",
		edits: [
			{
				file: "log.ts",
				find: "return this.#entries.slice(index - this.#lastIncludedIndex - 1);",
				replace:
					"const position = index - this.#lastIncludedIndex - 1;\n\t\treturn position === 0 ? this.#entries : this.#entries.slice(position);",
			},
		],
		caughtBy: { test: "ConcurrentStarts", schedule: "calm" },
	},
	{
		id: "lock-held-during-a-call",
		family: "asynchrony",
		causes: ["waits-for-replies"],
		breaks: "liveness",
		mistake:
			"A server handles requests under a lock, and holds the same lock while it waits for the answer to its own.",
		story:
			"Requests go out in parallel, and servers answer them at any time (§5.1). A lock around everything that touches the state is how one keeps order, and calls touch it. Two servers that call each other then wait for each other, and everyone waits for a server that is cut off.",
		edits: [
			{
				file: "raft.ts",
				find: "return this.#step((state) => handleRequestVote(state, args));",
				replace: "return this.#locked(() => this.#step((state) => handleRequestVote(state, args)));",
			},
			{
				file: "raft.ts",
				find: "RequestVote(args: messages.RequestVoteArgs): messages.RequestVoteReply {",
				replace: "RequestVote(args: messages.RequestVoteArgs): Promise<messages.RequestVoteReply> {",
			},
			{
				file: "raft.ts",
				find: "const reply = await this.#peers[to]?.call<messages.Reply>(method, args);",
				replace: "const reply = await this.#locked(() => this.#peers[to]?.call<messages.Reply>(method, args));",
			},
			{
				file: "raft.ts",
				find: "\t/** Every request has a life of its own",
				replace: `	#lock: Promise<unknown> = Promise.resolve();

	#locked<T>(work: () => T | Promise<T>): Promise<T> {
		const done = this.#lock.then(work);
		this.#lock = done;
		return done;
	}

	/** Every request has a life of its own`,
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
];
