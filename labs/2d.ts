import { expect } from "chai";
import type { Cluster } from "../harness/index.ts";
import { lab } from "./lab.ts";
import { agree, everyone, next, proposeRandom, restart } from "./steps.ts";

/** The Raft state that a server keeps must stay below this: with a snapshot every ten entries there is no reason for more. */
const LOG_SIZE_LIMIT_BYTES = 2000;

describe("2D: log compaction", () => {
	lab("SnapshotBasic", { servers: 3, snapshots: true }, async (cluster) => {
		await snapshotRounds(cluster, { disconnect: false, crash: false });
	});

	lab("SnapshotInstall", { servers: 3, snapshots: true }, async (cluster) => {
		await snapshotRounds(cluster, { disconnect: true, crash: false });
	});

	lab("SnapshotInstallUnreliable", { servers: 3, snapshots: true, unreliable: true }, async (cluster) => {
		await snapshotRounds(cluster, { disconnect: true, crash: false });
	});

	lab("SnapshotInstallCrash", { servers: 3, snapshots: true }, async (cluster) => {
		await snapshotRounds(cluster, { disconnect: false, crash: true });
	});

	lab("SnapshotInstallUnCrash", { servers: 3, snapshots: true, unreliable: true }, async (cluster) => {
		await snapshotRounds(cluster, { disconnect: false, crash: true });
	});

	lab("SnapshotAllCrash", { servers: 3, snapshots: true }, async (cluster) => {
		await agree(cluster, 3);

		for (let round = 1; round <= 5; round++) {
			// Perhaps enough for a snapshot.
			const commands = 5 + cluster.rand(10);
			for (let i = 0; i < commands; i++) await agree(cluster, 3);
			const index1 = await agree(cluster, 3);

			crashAndRestartAll(cluster);
			const index2 = await agree(cluster, 3);
			expect(index2, "index of the first command after all servers restarted").to.be.above(index1);
		}
	});

	lab("SnapshotInit", { servers: 3, snapshots: true }, async (cluster) => {
		await agree(cluster, 3);

		// Enough for a snapshot.
		for (let i = 0; i < 11; i++) await agree(cluster, 3);

		// The servers restart from their snapshots, and save something since.
		crashAndRestartAll(cluster);
		await agree(cluster, 3);

		// What they saved must still contain the snapshot.
		crashAndRestartAll(cluster);
		await agree(cluster, 3);
	});
});

interface SnapshotRounds {
	/** Whether a server is cut off while the others go on. */
	disconnect: boolean;
	/** Whether a server is down while the others go on. */
	crash: boolean;
}

/**
 * 30 rounds in which the service takes snapshots. One server, now and then the leader, may miss so much of a round that the others
 * have discarded what it lacks: then only a snapshot can bring it up to date.
 */
async function snapshotRounds(cluster: Cluster, { disconnect, crash }: SnapshotRounds): Promise<void> {
	await agree(cluster, 3);
	let leader = await cluster.checkOneLeader();

	for (let round = 0; round < 30; round++) {
		const follower = next(cluster, leader);
		const [sender, victim] = round % 3 === 1 ? [follower, leader] : [leader, follower];

		if (disconnect) {
			cluster.disconnect(victim);
			await agree(cluster, 2);
		}
		if (crash) {
			cluster.crash(victim);
			await agree(cluster, 2);
		}

		// Perhaps enough for a snapshot; then one more, so that everyone who is there has applied it all.
		proposeRandom(cluster, sender, 5 + cluster.rand(10));
		await agree(cluster, disconnect || crash ? 2 : 3);
		cluster.noteLimit("bytes of Raft state", cluster.logSize(), LOG_SIZE_LIMIT_BYTES);
		if (cluster.logSize() >= LOG_SIZE_LIMIT_BYTES) {
			cluster.fail(
				`log size too large: a server keeps ${cluster.logSize()} bytes of Raft state, expected less than ${LOG_SIZE_LIMIT_BYTES}`,
			);
		}

		if (disconnect) {
			cluster.connect(victim);
			await agree(cluster, 3);
			leader = await cluster.checkOneLeader();
		}
		if (crash) {
			restart(cluster, victim);
			await agree(cluster, 3);
			leader = await cluster.checkOneLeader();
		}
	}
}

function crashAndRestartAll(cluster: Cluster): void {
	for (const server of everyone(cluster)) cluster.crash(server);
	restart(cluster, ...everyone(cluster));
}
