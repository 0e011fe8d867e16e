/**
 * Raft, to be written by you. Figure 2 of the extended paper (https://raft.github.io/raft.pdf) is the specification: every line of
 * it matters, and most bugs in this lab are a line of it that was read as advice.
 *
 * An object of the class below is one server. The tester makes several, connects them over a network that it controls, cuts them off,
 * crashes them and starts them again. README.md says how to run the tests and what to do when one fails.
 */
import {
	type ApplyChannel,
	type ClientEnd,
	type Command,
	debug,
	type Make,
	type Persister,
	type Raft,
	type RaftState,
	type StartResult,
	sleep,
} from "raft-grade";

/** One place in the log. The first has index 1. */
interface Entry {
	term: number;
	command: Command;
}

/** Figure 2, RequestVote. */
interface RequestVoteArgs {
	term: number;
	candidateId: number;
	lastLogIndex: number;
	lastLogTerm: number;
}

interface RequestVoteReply {
	term: number;
	voteGranted: boolean;
}

/** Figure 2, AppendEntries. Without entries it is a heartbeat, and must be handled no differently. */
interface AppendEntriesArgs {
	term: number;
	leaderId: number;
	prevLogIndex: number;
	prevLogTerm: number;
	entries: Entry[];
	leaderCommit: number;
}

interface AppendEntriesReply {
	term: number;
	success: boolean;
	// TODO (2B): where the logs part, so that the leader can back up by more than one entry a time (end of §5.3).
}

// TODO (2D): InstallSnapshot (figure 13). Send the snapshot whole; you need neither offset nor done.

class RaftServer implements Raft {
	/** The way to each server, this one included: `await this.peers[1]?.call("RequestVote", args)`. */
	readonly peers: readonly ClientEnd[];
	/** This server's place among them. */
	readonly me: number;
	/** What survives a crash. */
	readonly persister: Persister;
	/** Where committed commands go. */
	readonly applyCh: ApplyChannel;
	isKilled = false;

	currentTerm = 0;
	// TODO (2A, 2B): the rest of the state that figure 2 names; the role (follower, candidate or leader); when you last heard from
	// a leader.

	constructor(peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) {
		this.peers = peers;
		this.me = me;
		this.persister = persister;
		this.applyCh = applyCh;
		this.readPersisted();
		void this.ticker();
	}

	/** The current term, and whether this server believes that it is the leader. */
	getState(): RaftState {
		// TODO (2A)
		return { term: this.currentTerm, isLeader: false };
	}

	/**
	 * The service proposes a command. Returns at once: where the command will stand if it is ever committed, the term, and whether this
	 * server is the leader; if it isn't, it must not take the command.
	 */
	start(command: Command): StartResult {
		// TODO (2B): append the command to the log and have it sent to the others.
		debug("start", "refused:", command);
		return { index: -1, term: this.currentTerm, isLeader: false };
	}

	/** The service has everything up to and including `index` in `snapshot`: the log up to there can go (§7). */
	snapshot(index: number, snapshot: Uint8Array): void {
		// TODO (2D): discard these entries, but remember the index and term of the last one, and save what is left with the snapshot.
		debug("snapshot", `${snapshot.length} bytes, up to index ${index}`);
	}

	/** The server is about to be shut down. What is still waiting then should end, rather than act. */
	kill(): void {
		this.isKilled = true;
	}

	/** RPC: another server runs this by `call("RequestVote", args)`, and is sent what it returns. */
	RequestVote(args: RequestVoteArgs): RequestVoteReply {
		// TODO (2A): the rules for all servers, then the receiver's (figure 2, RequestVote).
		// TODO (2B): only vote for a candidate whose log is at least as up-to-date as this one's (§5.4.1).
		// TODO (2C): save the vote, and the term, before you return.
		debug("vote", `none for S${args.candidateId} in term ${args.term}`);
		return { term: this.currentTerm, voteGranted: false };
	}

	/** RPC: a leader is there, and perhaps has entries for this server. */
	AppendEntries(args: AppendEntriesArgs): AppendEntriesReply {
		// TODO (2A): the rules for all servers; wait for a leader anew, but only if this one's term is not over.
		// TODO (2B): the receiver's rules 2 to 5 (figure 2, AppendEntries). Cut the log only at a conflict, never just because the request
		// ends there: it may be an old one.
		// TODO (2C): save the log before you return.
		debug("append", `nothing from S${args.leaderId} in term ${args.term}`);
		return { term: this.currentTerm, success: false };
	}

	/** Looks now and then whether an election, or a heartbeat, is due. */
	async ticker(): Promise<void> {
		while (!this.isKilled) {
			// TODO (2A): a follower or candidate that has not heard from a leader for an election timeout stands for election. Draw each
			// timeout at random from a range, so that servers seldom stand together; a leader must be found within about a second.
			// A leader sends heartbeats, at most ten a second to each peer.
			//
			// Ask all peers at once and count the answers as they come; a call to a server that is cut off may take seconds to return:
			//
			//     const reply = await peer.call<RequestVoteReply>("RequestVote", args);
			//     if (reply === undefined) return; // the request or the reply was lost
			//
			// After every await the world may be another: is this still the term, and the role, in which the request was sent?
			await sleep(50);
		}
	}

	// TODO (2B): hand committed entries to the service, each once and in order, without holding up anything else:
	//
	//     await this.applyCh.send({ commandValid: true, command, commandIndex });

	/**
	 * Saves what must survive a crash (figure 2, persistent state). Call it whenever any of that changes, before anyone can learn of the
	 * change.
	 */
	persist(): void {
		// TODO (2C): encode() turns plain data into bytes: `this.persister.save(encode({ currentTerm: this.currentTerm, … }), snapshot)`.
		// TODO (2D): save() replaces the snapshot too, so pass it along every time.
	}

	/** Reads back what an earlier life of this server has saved. */
	readPersisted(): void {
		const saved = this.persister.readRaftState();
		if (saved.length === 0) return; // its first life
		// TODO (2C): decode(saved)
	}
}

/** Creates a server. The tester calls this; it must return at once. */
export const make: Make = (peers, me, persister, applyCh) => new RaftServer(peers, me, persister, applyCh);
