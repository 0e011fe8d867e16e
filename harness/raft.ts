/**
 * The contract between raft-grade and a submission: everything a submission implements, and everything it is given.
 * Names follow the lab handout, in camelCase.
 */

/**
 * A value that can cross the network or be proposed as a command: null, undefined, booleans, numbers, bigints, strings,
 * `Uint8Array`, `Date`, and arrays, plain objects, `Map`s and `Set`s of these. Anything else (a function, a class
 * instance, a symbol, a cycle) is refused with the path to it. Named properties of an array do not travel, as in JSON.
 */
export type WireValue = unknown;

/** What a client proposes to the replicated log. Any {@link WireValue}; the labs use numbers and strings. */
export type Command = WireValue;

/**
 * One end of a connection to a server. A server has one for every peer, itself included.
 */
export interface ClientEnd {
	/**
	 * Calls a method of the other server's Raft object and waits for its reply.
	 *
	 * @param method - the handler's name: `"AppendEntries"`, or `"Raft.AppendEntries"`, which means the same.
	 * @param args - handed to the handler as a copy.
	 * @returns the handler's reply as a copy (null if it returned nothing), or undefined when no reply came: the request or the reply
	 * was lost, or the other server is down or cut off. It may take up to 7 s to find that out.
	 * @throws if `args` holds something that cannot go over the wire.
	 */
	call<Reply = unknown>(method: string, args: unknown): Promise<Reply | undefined>;
}

/**
 * A server's stable storage: what survives a crash (figure 2 of the paper, "persistent state"; section 7 for snapshots).
 */
export interface Persister {
	/** Saves both, atomically, replacing what was there. Copies its arguments. */
	save(raftState: Uint8Array, snapshot: Uint8Array): void;
	/** A copy of the Raft state last saved; empty if none was. */
	readRaftState(): Uint8Array;
	/** A copy of the snapshot last saved; empty if none was. */
	readSnapshot(): Uint8Array;
	/** Size of the saved Raft state in bytes. */
	raftStateSize(): number;
	/** Size of the saved snapshot in bytes. */
	snapshotSize(): number;
}

/** A committed entry, or a snapshot that replaces everything up to and including its index. */
export type ApplyMsg =
	| { commandValid: true; command: Command; commandIndex: number }
	| { snapshotValid: true; snapshot: Uint8Array; snapshotTerm: number; snapshotIndex: number };

/**
 * The way from Raft to the service above it. Unbuffered, like the lab's Go channel.
 */
export interface ApplyChannel {
	/** Hands a message to the service, in the order of the calls; resolves once the service has taken it. */
	send(msg: ApplyMsg): Promise<void>;
}

/** What {@link Raft.start} answers. */
export interface StartResult {
	/** The index at which the command will appear if it is ever committed. The first index is 1. */
	index: number;
	/** The current term. */
	term: number;
	/** Whether this server believes that it is the leader; if not, the command was not accepted. */
	isLeader: boolean;
}

/** What {@link Raft.getState} answers. */
export interface RaftState {
	/** The current term. */
	term: number;
	/** Whether this server believes that it is the leader. */
	isLeader: boolean;
}

/**
 * A Raft server. Its RPC handlers are further methods of the same object: `call("AppendEntries", args)` on another
 * server runs `raft.AppendEntries(args)` here. A handler returns its reply, or a promise of it.
 */
export interface Raft {
	/** Proposes a command. Returns at once, without waiting for agreement; there is no promise that it will ever be committed. */
	start(command: Command): StartResult;
	/** The current term, and whether this server believes that it is the leader. Returns at once. */
	getState(): RaftState;
	/** The service has everything up to and including `index` in `snapshot`: the log up to there is no longer needed. */
	snapshot(index: number, snapshot: Uint8Array): void;
	/** The server is about to be shut down. Work that goes on afterwards reaches nobody. */
	kill(): void;
}

/**
 * What a submission exports under the name `make`: creates one Raft server.
 *
 * @param peers - one end per server, `peers[me]` included.
 * @param me - this server's index into `peers`.
 * @param persister - this server's stable storage; after a crash it holds the last saved state.
 * @param applyCh - where committed entries and snapshots go, in order.
 * @returns the server, at once: background work goes in timers and async functions.
 */
export type Make = (peers: readonly ClientEnd[], me: number, persister: Persister, applyCh: ApplyChannel) => Raft;
