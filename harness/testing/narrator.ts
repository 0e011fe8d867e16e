import type { Parts } from "./observe.ts";

/** What {@link narrator} does, as program text. */
interface Script {
	/** When it starts with nothing in stable storage. */
	readonly first?: string;
	/** When it starts with a snapshot: `storage`, up to index `storedIndex`. */
	readonly again?: string;
	/** When the service has made a snapshot: `bytes`, up to `index`. What is in stable storage is `save(bytes)`'s doing. */
	readonly onSnapshot?: string;
	/** When another server has sent the snapshot `bytes`, up to `index`: `sendTo(server, index, bytes)`. */
	readonly onReceived?: string;
}

/**
 * Servers that tell the service what a script says, without talking about it. They have `apply(from, to)`, which applies 100
 * times each index at that index, `handOver(index, bytes)`, and `altered(bytes)`.
 */
export function narrator({ first = "", again = "", onSnapshot = "", onReceived = "" }: Script): Parts {
	return {
		make: `
			const apply = (from, to) => {
				for (let i = from; i <= to; i++) void applyCh.send({ commandValid: true, command: 100 * i, commandIndex: i });
			};
			const handOver = (index, bytes) =>
				void applyCh.send({ snapshotValid: true, snapshot: bytes, snapshotTerm: 1, snapshotIndex: index });
			const save = (bytes) => persister.save(new Uint8Array(1), bytes);
			const sendTo = (server, index, bytes) => void peers[server].call("Receive", { index, bytes });
			const altered = (bytes) => {
				const contents = decode(bytes);
				contents.log[3] = "altered";
				return encode(contents);
			};
			const storage = persister.readSnapshot();
			const storedIndex = storage.length === 0 ? 0 : decode(storage).lastIncludedIndex;
			if (persister.raftStateSize() > 0) { ${again} } else { ${first} }`,
		methods: `
			snapshot(index, bytes) { ${onSnapshot} },
			Receive({ index, bytes }) { ${onReceived} },`,
	};
}
