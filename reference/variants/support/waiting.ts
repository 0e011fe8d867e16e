import type { Make, Persister } from "raft-grade";
import { DEFAULT_OPTIONS } from "../../index.ts";
import type * as messages from "../../messages.ts";
import { RaftServer } from "../../raft.ts";

/** What a shell around the model solution may make wait. Each is awaited once for every message. */
export interface Waits {
	/** Before a request is sent. */
	sending?(): Promise<void>;
	/** Before a request that has arrived is handled. */
	handling?(): Promise<void>;
	/** Before the answer to it leaves. */
	answering?(): Promise<void>;
}

/**
 * The model solution in a shell whose handlers are asynchronous, and whose messages wait.
 *
 * @param waitsOf - what messages wait for, on one server; it may also put a persister of its own in the real one's place.
 */
export function makeWaiting(waitsOf: (persister: Persister) => { persister: Persister; waits: Waits }): Make {
	return (realPeers, me, realPersister, applyCh) => {
		const { persister, waits } = waitsOf(realPersister);
		const peers = realPeers.map((peer) => ({
			async call<Reply>(method: string, args: unknown): Promise<Reply | undefined> {
				await waits.sending?.();
				return peer.call<Reply>(method, args);
			},
		}));
		const server = new RaftServer(peers, me, persister, applyCh, DEFAULT_OPTIONS);
		async function answer<Reply>(handle: () => Reply): Promise<Reply> {
			await waits.handling?.();
			const reply = handle();
			await waits.answering?.();
			return reply;
		}
		const raft = {
			start: server.start.bind(server),
			getState: server.getState.bind(server),
			snapshot: server.snapshot.bind(server),
			kill: server.kill.bind(server),
			RequestVote: (args: messages.RequestVoteArgs) => answer(() => server.RequestVote(args)),
			AppendEntries: (args: messages.AppendEntriesArgs) => answer(() => server.AppendEntries(args)),
			InstallSnapshot: (args: messages.InstallSnapshotArgs) => answer(() => server.InstallSnapshot(args)),
		};
		return raft;
	};
}
