import type { Cluster } from "../harness/index.ts";
import { lab } from "./lab.ts";
import { agree, connect, disconnect, ELECTION_TIMEOUT_MS, everyone, inBackground, next, restart } from "./steps.ts";

describe("2C: persistence", () => {
	lab("Persist1", { servers: 3 }, async (cluster) => {
		await cluster.one(11, 3, true);

		// All servers crash and restart.
		for (const server of everyone(cluster)) cluster.start(server);
		for (const server of everyone(cluster)) {
			cluster.disconnect(server);
			cluster.connect(server);
		}
		await cluster.one(12, 3, true);

		// The leader crashes and restarts at once.
		const leader1 = await cluster.checkOneLeader();
		cluster.disconnect(leader1);
		restart(cluster, leader1);
		await cluster.one(13, 3, true);

		// A leader misses a command, and restarts.
		const leader2 = await cluster.checkOneLeader();
		cluster.disconnect(leader2);
		await cluster.one(14, 2, true);
		restart(cluster, leader2);
		await cluster.wait(4, 3);

		// A follower misses a command, and restarts.
		const follower = next(cluster, await cluster.checkOneLeader());
		cluster.disconnect(follower);
		await cluster.one(15, 2, true);
		restart(cluster, follower);
		await cluster.one(16, 3, true);
	});

	lab("Persist2", { servers: 5 }, async (cluster) => {
		let index = 1;
		for (let round = 1; round <= 5; round++) {
			await cluster.one(10 + index, 5, true);
			index++;

			const leader = await cluster.checkOneLeader();
			const plus = (steps: number) => next(cluster, leader, steps);

			// Two followers miss a command…
			disconnect(cluster, plus(1), plus(2));
			await cluster.one(10 + index, 3, true);
			index++;

			// …and restart while those that have it are away.
			disconnect(cluster, leader, plus(3), plus(4));
			cluster.start(plus(1));
			cluster.start(plus(2));
			connect(cluster, plus(1), plus(2));
			await cluster.sleep(ELECTION_TIMEOUT_MS);

			// A third that has it restarts too: now there is a majority, and it must lead.
			restart(cluster, plus(3));
			await cluster.one(10 + index, 3, true);
			index++;

			connect(cluster, plus(4), leader);
		}
		await cluster.one(1000, 5, true);
	});

	lab("Persist3", { servers: 3 }, async (cluster) => {
		await cluster.one(101, 3, true);

		// One follower misses a command; the leader and the other, which have it, crash.
		const leader = await cluster.checkOneLeader();
		const present = next(cluster, leader, 1);
		const absent = next(cluster, leader, 2);
		cluster.disconnect(absent);
		await cluster.one(102, 2, true);
		cluster.crash(leader);
		cluster.crash(present);

		// The one that missed it meets the restarted leader: the command must survive.
		cluster.connect(absent);
		restart(cluster, leader);
		await cluster.one(103, 2, true);

		restart(cluster, present);
		await cluster.one(104, 3, true);
	});

	// The situation of the paper's figure 8: leaders crash at any point of replication, often before they commit anything,
	// so that entries of old terms lie about on some servers.
	lab("Figure8", { servers: 5 }, async (cluster) => {
		await agree(cluster, 1);

		let up = cluster.size;
		for (let round = 1; round <= 1000; round++) {
			let leader: number | undefined;
			for (const server of everyone(cluster)) {
				if (cluster.isRunning(server) && cluster.server(server).start(cluster.randomCommand()).isLeader)
					leader = server;
			}

			await pauseShortOrLong(cluster);

			if (leader !== undefined) {
				cluster.crash(leader);
				up--;
			}
			if (up < 3) {
				const server = cluster.rand(cluster.size);
				if (!cluster.isRunning(server)) {
					restart(cluster, server);
					up++;
				}
			}
		}

		restart(cluster, ...everyone(cluster).filter((server) => !cluster.isRunning(server)));
		await agree(cluster, 5);
	});

	lab("UnreliableAgree", { servers: 5, unreliable: true }, async (cluster) => {
		const agreements: Promise<number>[] = [];
		for (let i = 1; i <= 49; i++) {
			for (let j = 0; j <= 3; j++) agreements.push(inBackground(cluster.one(100 * i + j, 1, true)));
			await cluster.one(i, 1, true);
		}

		cluster.setReliable(true);
		await Promise.all(agreements);
		await cluster.one(100, 5, true);
	});

	lab("Figure8Unreliable", { servers: 5, unreliable: true }, async (cluster) => {
		await cluster.one(cluster.rand(10_000), 1, true);

		let up = cluster.size;
		for (let round = 0; round < 1000; round++) {
			// From here on replies also arrive late, and in any order.
			if (round === 200) cluster.setLongReordering(true);

			let leader: number | undefined;
			for (const server of everyone(cluster)) {
				const { isLeader } = cluster.server(server).start(cluster.rand(10_000));
				if (isLeader && cluster.isConnected(server)) leader = server;
			}

			await pauseShortOrLong(cluster);

			if (leader !== undefined && chance(cluster, ELECTION_TIMEOUT_MS / 2)) {
				cluster.disconnect(leader);
				up--;
			}
			if (up < 3) {
				const server = cluster.rand(cluster.size);
				if (!cluster.isConnected(server)) {
					cluster.connect(server);
					up++;
				}
			}
		}

		connect(cluster, ...everyone(cluster).filter((server) => !cluster.isConnected(server)));
		await cluster.one(cluster.rand(10_000), 5, true);
	});

	lab("ReliableChurn", { servers: 5 }, churn);

	lab("UnreliableChurn", { servers: 5, unreliable: true }, churn);
});

/** True with a probability of `inThousand` in 1000. */
function chance(cluster: Cluster, inThousand: number): boolean {
	return cluster.rand(1000) < inThousand;
}

/** One time in ten long enough to commit and elect, otherwise hardly enough to send anything. */
async function pauseShortOrLong(cluster: Cluster): Promise<void> {
	const boundMs = chance(cluster, 100) ? ELECTION_TIMEOUT_MS / 2 : 13;
	await cluster.sleep(cluster.rand(boundMs));
}

/** Servers come and go while three clients propose; what a client has seen committed must be there in the end. */
async function churn(cluster: Cluster): Promise<void> {
	let stopped = false;
	const clients = [0, 1, 2].map((client) => inBackground(proposeAndNote(cluster, client, () => stopped)));

	for (let round = 1; round <= 20; round++) {
		if (chance(cluster, 200)) cluster.disconnect(cluster.rand(cluster.size));
		if (chance(cluster, 500)) {
			const server = cluster.rand(cluster.size);
			if (!cluster.isRunning(server)) cluster.start(server);
			cluster.connect(server);
		}
		if (chance(cluster, 200)) {
			const server = cluster.rand(cluster.size);
			if (cluster.isRunning(server)) cluster.crash(server);
		}
		// Long enough for most elections, too short for all.
		await cluster.sleep(0.7 * ELECTION_TIMEOUT_MS);
	}

	// Peace: everyone is there, and the network is reliable.
	await cluster.sleep(ELECTION_TIMEOUT_MS);
	cluster.setReliable(true);
	for (const server of everyone(cluster)) {
		if (!cluster.isRunning(server)) cluster.start(server);
		cluster.connect(server);
	}

	stopped = true;
	const noted = (await Promise.all(clients)).flat();
	await cluster.sleep(ELECTION_TIMEOUT_MS);

	const last = await agree(cluster, cluster.size);
	const log = new Set<unknown>();
	for (let index = 1; index <= last; index++) log.add(await cluster.wait(index, cluster.size));
	for (const command of noted) {
		if (!log.has(command)) {
			cluster.fail(
				`didn't find a value: command ${command} was applied during the churn, but is not in the log 1…${last}`,
			);
		}
	}
}

/** A client: proposes one command after the other to every server, and notes those that it sees committed. */
async function proposeAndNote(cluster: Cluster, client: number, stopped: () => boolean): Promise<number[]> {
	const noted: number[] = [];
	while (!stopped()) {
		const command = cluster.randomCommand();
		let index: number | undefined;
		for (const server of everyone(cluster)) {
			if (!cluster.isRunning(server)) continue;
			const answer = cluster.server(server).start(command);
			if (answer.isLeader) index = answer.index;
		}

		if (index === undefined) await cluster.sleep(79 + 17 * client);
		else if (await seenAt(cluster, index, command)) noted.push(command);
	}
	return noted;
}

/** Looks for the command at this index for up to 380 ms; ends early once anything is there. */
async function seenAt(cluster: Cluster, index: number, command: number): Promise<boolean> {
	const startMs = cluster.nowMs;
	for (const pauseMs of [10, 20, 50, 100, 200]) {
		const there = cluster.nCommitted(index);
		if (there.count > 0) {
			// Only an index that was long taken gets a client here at once. Without a pause it would go on to its next command in no time,
			// and perhaps propose for ever at one instant.
			if (cluster.nowMs === startMs) await cluster.sleep(10);
			return there.command === command;
		}
		await cluster.sleep(pauseMs);
	}
	return false;
}
