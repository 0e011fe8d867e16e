/** What to read, and what usually is wrong, when a safety invariant is violated: it says more than the test in which it happened. */
export interface InvariantEntry {
	/** What it says, in a sentence. */
	readonly rule: string;
	/** The sections and figures of the paper (extended version). */
	readonly paper: string;
	/** Most likely first. */
	readonly causes: readonly string[];
}

/** By the name of the invariant, as a failure's `check` has it. */
export const invariantEntries: Readonly<Record<string, InvariantEntry>> = {
	"election-safety": {
		rule: "At most one leader in a term, over the whole run.",
		paper: "§5.2 (election safety), figure 2: votedFor",
		causes: [
			"A server voted twice in that term: votedFor isn't looked at, or is cleared although the term stays the same.",
			"The vote wasn't saved before the reply left, and the server voted again after a restart.",
			"A candidate counted votes of an earlier term, or one server's vote twice, or took fewer than a majority of all servers.",
			"A candidate whose election is over (higher term seen, stepped down) became leader all the same when a late vote came in.",
		],
	},
	"term-monotonic": {
		rule: "A server's term never goes back, over crashes too.",
		paper: "§5.1, figure 2: currentTerm (saved before answering)",
		causes: [
			"currentTerm wasn't saved before the server sent or answered something in the new term, and was lost in a crash.",
			"A term is taken over from a message without checking that it is higher.",
		],
	},
	"apply-agreement": {
		rule: "All servers apply the same command at an index, for ever.",
		paper: "§5.3 (log matching), §5.4 (safety), figure 8",
		causes: [
			"An entry was committed that a later leader didn't have: votes are granted without comparing logs, or by length instead of last term first.",
			"An entry of an earlier term was committed by counting replicas (figure 8): only entries of the current term may be.",
			"A follower took entries without checking prevLogIndex and prevLogTerm, or kept entries that conflict.",
			"A follower's commitIndex ran ahead of what it has in common with the leader: it is at most the last entry of that very request.",
			"The log, or the vote, wasn't saved before the reply left, and was lost in a crash.",
		],
	},
	"apply-order": {
		rule: "Every index is applied once, in order, without a gap.",
		paper: "§5.3, §7, figure 2: lastApplied",
		causes: [
			"Two pieces of code apply at the same time: await applyCh.send() in one place only.",
			"lastApplied is advanced before, or without, sending the entry; or it isn't set to the snapshot's index after a snapshot.",
			"After a restart, lastApplied must begin at the snapshot's index (0 without one): the service has nothing else.",
			"Indices are off by one where the log begins after a snapshot.",
		],
	},
	"snapshot-content": {
		rule: "A snapshot holds what the service had at its index.",
		paper: "§7, figure 13",
		causes: [
			"The snapshot and its index come from different moments: they must be saved, and sent, together.",
			"persister.save() was called without the snapshot, so it was replaced by an empty one.",
		],
	},
	"leader-append-only": {
		rule: "A leader never gives two commands one index in a term.",
		paper: "§5.3 (leader append-only), figure 3",
		causes: [
			"start() computes the index from something other than the last log index, or doesn't append at once.",
			"A leader deletes entries of its own log: an AppendEntries of its own term, or of an earlier one, must not change it.",
		],
	},
};
