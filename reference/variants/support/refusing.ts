import type { Make } from "raft-grade";
import { DEFAULT_OPTIONS } from "../../index.ts";
import type { AppendEntriesArgs, AppendEntriesReply } from "../../messages.ts";
import { RaftServer } from "../../raft.ts";

/** The model solution, but a follower that refuses entries answers where to go on from in its own way. */
export function makeRefusing(nextIndex: (args: AppendEntriesArgs, reply: AppendEntriesReply) => number): Make {
	class Server extends RaftServer {
		override AppendEntries(args: AppendEntriesArgs): AppendEntriesReply {
			const reply = super.AppendEntries(args);
			if (reply.success || args.term < reply.term) return reply;
			// Without a conflictTerm the leader goes where it is told to, and does not look at its own log.
			return { ...reply, conflictTerm: null, conflictIndex: nextIndex(args, reply) };
		}
	}
	return (peers, me, persister, applyCh) => new Server(peers, me, persister, applyCh, DEFAULT_OPTIONS);
}
