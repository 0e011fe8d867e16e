import type { Mutant } from "./mutant.ts";

/** The contract: start() and getState() as the service sees them, and calls that come to nothing. */
export const start: readonly Mutant[] = [
	{
		id: "anyone-accepts-commands",
		family: "start",
		causes: ["start-answers"],
		breaks: "liveness",
		mistake: "A server that isn't the leader accepts a command, and says that it is the leader.",
		story:
			"Only the leader takes commands; others send the client on to it (§5.3, §8). The check is easily forgotten, as the tester mostly asks the leader. The command stands in one server's log, where the next AppendEntries removes it, and the client waits in vain.",
		edits: [{ file: "core.ts", find: 'const isLeader = state.role === "leader";', replace: "const isLeader = true;" }],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "follower-appends-what-it-refuses",
		family: "start",
		causes: ["start-answers"],
		breaks: "safety",
		mistake: "start() on a follower says that it isn't the leader, and appends the command all the same.",
		story:
			"Entries come into a log from start() on the leader, or from the leader (§5.3). Here the return value was thought of, and the early return wasn't. The follower's log holds entries of the current term that no leader ever made, and nothing distinguishes them from the leader's.",
		edits: [{ file: "core.ts", find: "if (isLeader) {\n\t\tstate.log.append", replace: "{\n\t\tstate.log.append" }],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "index-one-too-high",
		family: "start",
		causes: ["start-answers", "index-shift"],
		breaks: "liveness",
		mistake: "start() returns the index after the one at which it has put the command.",
		story:
			"By the lab's contract, start() says at which index the command will appear if it is committed. Whether to add the one before or after appending depends on where the line stands, and it was moved. The service waits for its command at an index at which another will appear.",
		edits: [
			{
				file: "core.ts",
				find: "return { index: state.log.lastIndex, term",
				replace: "return { index: state.log.lastIndex + 1, term",
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "start-is-async",
		family: "start",
		causes: ["start-answers"],
		breaks: "liveness",
		mistake: "start() is an async function.",
		story:
			"By the lab's contract, start() returns at once, without waiting for agreement. One await in it, or the habit of marking everything async, makes it return a promise, which has neither index nor isLeader.",
		edits: [
			{
				file: "raft.ts",
				find: "\tstart(command: Command): StartResult {",
				replace: "\tasync start(command: Command): Promise<StartResult> {",
			},
		],
		caughtBy: { test: "BasicAgree", schedule: "calm" },
	},
	{
		id: "a-round-for-each-command",
		family: "start",
		causes: ["too-many-messages"],
		breaks: "limits",
		mistake:
			"Each start() sends a round of AppendEntries at once, whatever is under way already, and so does any answer.",
		story:
			"The leader issues AppendEntries in parallel to replicate an entry (§5.3), and a round for each command is the plain reading. But one request can carry many entries, and commands that come together can share it. The lab counts: a dozen commands must not cost a dozen rounds.",
		edits: [
			{
				file: "raft.ts",
				find: "if (result.isLeader && !this.#isReplicationDue) {",
				replace:
					"if (result.isLeader) this.#step((state) => sendHeartbeats(state));\n\t\tif (result.isLeader && !this.#isReplicationDue) {",
			},
			{
				file: "raft.ts",
				find: "import { replicateProposals } from",
				replace: "import { replicateProposals, sendHeartbeats } from",
			},
			{
				file: "replication.ts",
				find: "if (tracker.awaited === args) tracker.awaited = null;",
				replace: "tracker.awaited = null;",
			},
		],
		caughtBy: { test: "Count", schedule: "calm" },
	},
	{
		id: "no-reply-not-expected",
		family: "start",
		causes: ["no-reply-not-expected"],
		breaks: "liveness",
		mistake: "The code that handles replies doesn't expect that none may come.",
		story:
			"Servers may fail and messages get lost (§5.1, §5.5); call() then resolves with undefined. On a network where nothing fails it never does. The first server that is cut off turns every request to it into an error that nobody handles.",
		edits: [
			{
				file: "core.ts",
				find: 'if (reply === undefined) {\n\t\tif (method === "AppendEntries" || method === "InstallSnapshot") handleNoReply(state, to, args);\n\t\treturn;\n\t}',
				replace: "",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "candidate-calls-itself-leader",
		family: "start",
		causes: ["votes-counted"],
		breaks: "safety",
		mistake: "getState() says that a server leads if it has voted for itself.",
		story:
			"A leader is who won the votes of a majority (§5.2). A leader has voted for itself, and a follower for another, so votedFor seems to tell them apart without another variable. Candidates have voted for themselves, too.",
		edits: [
			{
				file: "raft.ts",
				find: 'this.#state.role === "leader" }',
				replace: "this.#state.votedFor === this.#state.me }",
			},
		],
		caughtBy: { test: "ReElection", schedule: "calm" },
	},
	{
		id: "index-after-what-is-committed",
		family: "start",
		causes: ["start-answers"],
		breaks: "liveness",
		mistake: "start() returns the index after the last committed one.",
		story:
			"By the lab's contract, start() says at which index the command will appear: after the last entry in the leader's log (§5.3). As long as each command waits for the one before, that is also the one after commitIndex. When several are under way, all of them are promised the same place.",
		edits: [
			{
				file: "core.ts",
				find: "return { index: state.log.lastIndex, term",
				replace: "return { index: state.commitIndex + 1, term",
			},
		],
		caughtBy: { test: "ConcurrentStarts", schedule: "calm" },
	},
	{
		id: "candidate-accepts-commands",
		family: "start",
		causes: ["start-answers"],
		breaks: "safety",
		mistake: "A candidate accepts commands as if it were the leader already.",
		story:
			"Only the leader takes commands (§5.3). Whoever isn't a follower may take them, the condition says, and that was meant for leaders. In one term there can be several candidates, and each makes an entry of its own at the same index and term: nothing can tell them apart any more.",
		edits: [
			{
				file: "core.ts",
				find: 'const isLeader = state.role === "leader";',
				replace: 'const isLeader = state.role !== "follower";',
			},
		],
		caughtBy: { test: "Rejoin", schedule: "calm" },
	},
];
