/**
 * What usually is wrong with a submission that fails, whatever the test: the mistakes that people make in this lab, by a name that stays. Which of them a
 * failed run shows is worked out in grader/hints.
 */
export const causes = {
	// Votes.
	"votes-twice":
		"A server votes twice in a term: votedFor isn't looked at, isn't set when a vote is given (a candidate's own, too), or is cleared although the term stays the same.",
	"vote-not-saved":
		"A vote, or the term that a server has told, isn't saved before it is told: after a restart the server votes again, or is back in an earlier term. Save before you answer or ask.",
	"log-comparison":
		"Votes are granted without comparing the logs rightly: the later last term wins, the length decides only between equal last terms, and both are those of the last entry, committed or not.",
	"votes-counted":
		"Votes are counted wrongly: a leader needs yes from more than half of peers.length, its own vote once, everybody else's once, refusals and missing answers not at all.",
	"stale-votes":
		"A vote that comes late is counted in a later election, or by a server that is no candidate any more: check, after every await, that term and role are those of the request.",
	"votes-refused":
		"Votes are refused, or elections given up, without need: votedFor isn't cleared when the term grows, a candidate's second request is refused, or one refusal ends an election.",
	// Terms.
	"no-step-down":
		"A leader or candidate that sees a higher term, in a request or in a reply, or a leader of its own term, doesn't become a follower, or goes on sending as leader.",
	"term-not-adopted":
		"A server doesn't take over a higher term from every request and reply, whatever else it does with them, or doesn't raise its own when it stands for election.",
	"term-lowered": "A term is taken over from a message without checking that it is higher.",
	"old-leader-obeyed":
		"A request from a leader whose term is over is obeyed: refuse it, and check the term after every await again.",
	// Timers.
	"timeouts-alike":
		"Servers time out together and split the votes: the election timeout isn't random, isn't drawn anew each time, or comes from too small a range.",
	"election-not-begun":
		"An election is not begun when it should be: the timer isn't armed again after every timeout and after stepping down, or it takes far more than a second.",
	"waits-for-replies":
		"Something waits for an answer that may take up to 7 s to fail: send to all peers in parallel, and go on without waiting for the slowest.",
	"leader-disturbed":
		"Elections are held although there is a leader: AppendEntries doesn't restart the election timer, a leader's own timer runs on, or heartbeats are rarer than the shortest timeout.",
	"timer-restarted":
		"The election timer is restarted by what doesn't deserve it (a vote that wasn't granted, a higher term): those who can't win keep all who can from standing.",
	"too-many-messages":
		"Too many messages: heartbeats more than ten times a second, a round for each start(), loops that go on after stepping down, or a repetition without a pause.",
	// Log.
	"consistency-check":
		"AppendEntries is accepted, or answered with success, without the check that the log has prevLogTerm at prevLogIndex; or the leader sends the wrong ones.",
	truncation:
		"The log is cut although nothing conflicts: a late or repeated request takes away newer entries. Cut only from the first entry whose term differs.",
	"conflicts-kept":
		"Entries that conflict with the leader's stay in the log, or entries are appended that are there already: from the first conflict on all must go, the rest is compared by index and term.",
	"match-index":
		"matchIndex says more than the follower has: it must come from what the request held (prevLogIndex + entries.length), not from the log's present length, nextIndex, an answer of an earlier term, or an earlier time as leader.",
	"back-up":
		"After a refusal the leader goes back too slowly, too far or not at all: let the follower say where the conflict begins, lower nextIndex to there, and try again at once, but only then.",
	"too-many-bytes":
		"Entries are sent that the follower has: each request should carry the entries from nextIndex on, once.",
	// Commit and apply.
	"commit-minority":
		"The leader commits what is not on a majority: more than half of peers.length must have it, the leader counted once; a new leader's log isn't committed because it leads.",
	"commit-old-term":
		"An entry of an earlier term is committed because a majority has it (figure 8): count only for entries of the current term, the earlier ones follow.",
	"follower-commits":
		"A follower's commitIndex runs ahead: it is at most leaderCommit, and at most the last entry of that very request, and only after the consistency check.",
	"commit-late":
		"What a majority has isn't committed, or followers don't hear of it: count the leader itself, don't wait for all, send leaderCommit with every AppendEntries.",
	"apply-order":
		"Entries are applied twice, out of order or with gaps: one loop alone should take them, from lastApplied + 1 to commitIndex, awaiting each send.",
	"apply-uncommitted":
		"Entries are applied because they are in the log, not because they are committed; also after a restart.",
	"index-shift":
		"Indices are off: the first command has index 1, and start(), applyCh and AppendEntries must mean the same by an index.",
	// Persistence.
	"log-not-saved":
		"The log isn't saved before the answer leaves (by start(), AppendEntries, or when entries are replaced): what others count on is gone after a restart.",
	"restored-wrongly":
		"What make() reads isn't what was saved: fields are missing, mixed up, or belong to another moment.",
	// Snapshots.
	"snapshot-saved":
		"The snapshot, its last index and its term aren't saved and read back together with the Raft state, at every save().",
	"log-not-trimmed": "The log up to the snapshot isn't discarded, or is saved all the same.",
	"snapshot-offset":
		"After a snapshot, the position in the array is not the index: the last index, the last term and the term at the snapshot's own index must come from the snapshot where the log is empty or begins later.",
	"snapshot-sending":
		"The leader doesn't send InstallSnapshot when the follower needs what was discarded, sends it when it isn't needed, or doesn't move nextIndex and matchIndex behind it afterwards.",
	"snapshot-stale":
		"A snapshot that is older than what the server has is installed, or takes away entries that come after it: compare with commitIndex first, and keep what follows.",
	"snapshot-installed":
		"An installed snapshot isn't handed to the service, isn't saved, or isn't the one that is sent and saved from then on.",
	"applied-and-snapshots":
		"lastApplied is wrong around a snapshot: it goes on after an installed or restored one, never goes back, and snapshot() leaves it alone and may come late.",
	// JavaScript, and start().
	"no-reply-not-expected": "The code that takes a reply doesn't expect that none came (undefined).",
	"shared-array": "A message holds an array or object that is changed afterwards: send a copy.",
	"state-answers":
		"getState() answers wrongly: isLeader is true from the moment in which a server has won its election until it steps down, and term is its currentTerm.",
	"start-answers":
		"start() answers wrongly: only a leader takes a command and says so, at once, with the index at which it has put it, after its last entry.",
} as const;

/** The name of a cause. */
export type CauseId = keyof typeof causes;
