/**
 * A server's stable storage, on the tester's side: what the next incarnation will find. Both parts are replaced
 * together, and never changed in place.
 */
export class StableStorage {
	raftState: Uint8Array = new Uint8Array(0);
	snapshot: Uint8Array = new Uint8Array(0);

	save(raftState: Uint8Array, snapshot: Uint8Array): void {
		this.raftState = raftState;
		this.snapshot = snapshot;
	}
}
