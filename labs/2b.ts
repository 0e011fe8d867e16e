import { expect } from "chai";
import type { Cluster } from "../harness/index.ts";
import { lab } from "./lab.ts";
import {
	agree,
	connect,
	disconnect,
	ELECTION_TIMEOUT_MS,
	everyone,
	expectAtMost,
	name,
	next,
	proposeRandom,
} from "./steps.ts";

describe("2B: log", () => {
	lab("BasicAgree", { servers: 3 }, async (cluster) => {
		for (let index = 1; index <= 3; index++) {
			const before = cluster.nCommitted(index).count;
			expect(before, `servers that applied index ${index} before anything was proposed for it`).to.equal(0);

			const command = index * 100;
			expect(await cluster.one(command, 3, false), `index of command ${command}`).to.equal(index);
		}
	});

	lab("RPCBytes", { servers: 3 }, async (cluster) => {
		await cluster.one(99, 3, false);
		const bytesBefore = cluster.bytesTotal();

		let proposed = 0;
		for (let index = 2; index <= 11; index++) {
			const command = cluster.randomString(5000);
			const at = await cluster.one(command, 3, false);
			expect(at, `index of the string number ${index - 1}`).to.equal(index);
			proposed += command.length;
		}

		// Each peer should be sent each command once; the rest is room for heartbeats and replies.
		const bytes = cluster.bytesTotal() - bytesBefore;
		const bytesMax = cluster.size * proposed + 50_000;
		expectAtMost(cluster, bytes, bytesMax, "RPC bytes for ten commands");
	});

	lab("FollowerFailure", { servers: 3 }, async (cluster) => {
		await cluster.one(101, 3, false);

		// One follower is cut off: the leader and the other go on.
		const leader1 = await cluster.checkOneLeader();
		cluster.disconnect(next(cluster, leader1));
		await cluster.one(102, 2, false);
		await cluster.sleep(ELECTION_TIMEOUT_MS);
		await cluster.one(103, 2, false);

		// Both followers are cut off: the leader may accept a command, but must not commit it.
		const leader2 = await cluster.checkOneLeader();
		disconnect(cluster, next(cluster, leader2, 1), next(cluster, leader2, 2));
		expectAccepted(cluster, leader2, 104, [4]);
		await cluster.sleep(2 * ELECTION_TIMEOUT_MS);
		expectNothingAt(cluster, 4, "the leader was cut off from both followers");
	});

	lab("LeaderFailure", { servers: 3 }, async (cluster) => {
		await cluster.one(101, 3, false);

		// The first leader is cut off: the other two go on.
		const leader1 = await cluster.checkOneLeader();
		cluster.disconnect(leader1);
		await cluster.one(102, 2, false);
		await cluster.sleep(ELECTION_TIMEOUT_MS);
		await cluster.one(103, 2, false);

		// The second too: nobody has a majority, whatever anybody is asked.
		const leader2 = await cluster.checkOneLeader();
		cluster.disconnect(leader2);
		for (const server of everyone(cluster)) cluster.server(server).start(104);
		await cluster.sleep(2 * ELECTION_TIMEOUT_MS);
		expectNothingAt(cluster, 4, "no two servers were connected to each other");
	});

	lab("FailAgree", { servers: 3 }, async (cluster) => {
		await cluster.one(101, 3, false);

		// A follower misses four commands.
		const leader = await cluster.checkOneLeader();
		const follower = next(cluster, leader);
		cluster.disconnect(follower);
		await cluster.one(102, 2, false);
		await cluster.one(103, 2, false);
		await cluster.sleep(ELECTION_TIMEOUT_MS);
		await cluster.one(104, 2, false);
		await cluster.one(105, 2, false);

		// It comes back: all three agree again, also on what it missed.
		cluster.connect(follower);
		await cluster.one(106, 3, true);
		await cluster.sleep(ELECTION_TIMEOUT_MS);
		await cluster.one(107, 3, true);
	});

	lab("FailNoAgree", { servers: 5 }, async (cluster) => {
		await cluster.one(10, 5, false);

		// Three of five followers are cut off: no agreement.
		const leader = await cluster.checkOneLeader();
		const away = [next(cluster, leader, 1), next(cluster, leader, 2), next(cluster, leader, 3)];
		disconnect(cluster, ...away);
		expectAccepted(cluster, leader, 20, [2]);
		await cluster.sleep(2 * ELECTION_TIMEOUT_MS);
		expectNothingAt(cluster, 2, "only two of five servers were connected");

		// They come back, and may have elected a leader of their own that never saw 20: then 30 takes its place.
		connect(cluster, ...away);
		const leader2 = await cluster.checkOneLeader();
		expectAccepted(cluster, leader2, 30, [2, 3]);
		await cluster.one(1000, 5, true);
	});

	lab("ConcurrentStarts", { servers: 3 }, async (cluster) => {
		await inOneTerm(cluster, async (leader) => {
			const first = cluster.server(leader).start(1);
			if (!first.isLeader) return TERM_CHANGED;
			const { term } = first;

			// Five clients at the same instant: the schedule decides who comes first.
			const commands = [100, 101, 102, 103, 104];
			const answers = await Promise.all(
				commands.map(async (command) => {
					await cluster.sleep(0);
					return cluster.server(leader).start(command);
				}),
			);
			const indices = answers.filter((a) => a.isLeader && a.term === term).map((a) => a.index);
			if (!everyoneInTerm(cluster, term)) return TERM_CHANGED;

			const committed: unknown[] = [];
			for (const index of indices) {
				const command = await cluster.wait(index, cluster.size, term);
				if (command === undefined) return TERM_CHANGED;
				committed.push(command);
			}
			expect(committed, "the commands that five concurrent start() calls got committed").to.include.members(commands);
			return committed;
		});
	});

	lab("Rejoin", { servers: 3 }, async (cluster) => {
		await cluster.one(101, 3, true);

		// A leader that is cut off takes three commands that can't be committed.
		const leader1 = await cluster.checkOneLeader();
		cluster.disconnect(leader1);
		for (const command of [102, 103, 104]) cluster.server(leader1).start(command);

		// The new leader commits something else at the same index…
		await cluster.one(103, 2, true);

		// …and is cut off as the old one returns, with a log that is longer and wrong.
		const leader2 = await cluster.checkOneLeader();
		cluster.disconnect(leader2);
		cluster.connect(leader1);
		await cluster.one(104, 2, true);

		// All together again.
		cluster.connect(leader2);
		await cluster.one(105, 3, true);
	});

	lab("Backup", { servers: 5 }, async (cluster) => {
		await agree(cluster, 5);

		// The leader is left with one follower, and fills both logs with 50 commands that can't be committed.
		const leader1 = await cluster.checkOneLeader();
		const partner = next(cluster, leader1, 1);
		const majority = [next(cluster, leader1, 2), next(cluster, leader1, 3), next(cluster, leader1, 4)];
		disconnect(cluster, ...majority);
		proposeRandom(cluster, leader1, 50);
		await cluster.sleep(ELECTION_TIMEOUT_MS / 2);

		// These two leave, the other three come: they commit 50 commands of their own.
		disconnect(cluster, leader1, partner);
		connect(cluster, ...majority);
		for (let i = 0; i < 50; i++) await agree(cluster, 3);

		// One of the three leaves, and the other two fill their logs with 50 more that can't be committed.
		const leader2 = await cluster.checkOneLeader();
		const second = next(cluster, leader1, 2);
		const other = leader2 === second ? next(cluster, leader2, 1) : second;
		cluster.disconnect(other);
		proposeRandom(cluster, leader2, 50);
		await cluster.sleep(ELECTION_TIMEOUT_MS / 2);

		// Back come the first leader and its partner, with the one that has the committed entries: it must bring them back over 50.
		disconnect(cluster, ...everyone(cluster));
		connect(cluster, leader1, partner, other);
		for (let i = 0; i < 50; i++) await agree(cluster, 3);

		// And everyone.
		connect(cluster, ...everyone(cluster));
		await agree(cluster, 5);
	});

	lab("Count", { servers: 3 }, async (cluster) => {
		await cluster.checkOneLeader();
		expect(cluster.rpcCount(), "RPCs to elect the first leader").to.be.at.least(1);
		expectAtMost(cluster, cluster.rpcCount(), 30, "RPCs to elect the first leader");

		const entries = 10;
		const rpcsAfter = await inOneTerm(cluster, async (leader) => {
			const rpcsBefore = cluster.rpcCount();
			const { index: first, term, isLeader } = cluster.server(leader).start(1);
			if (!isLeader) return TERM_CHANGED;

			// One more than is waited for.
			const commands: number[] = [];
			for (let i = 1; i <= entries + 1; i++) {
				const command = cluster.randomCommand();
				commands.push(command);
				const answer = cluster.server(leader).start(command);
				if (!answer.isLeader || answer.term !== term) return TERM_CHANGED;
				expect(
					answer.index,
					`index that leader ${name(leader)} gave the command after index ${first + i - 1}`,
				).to.equal(first + i);
			}

			for (let i = 1; i <= entries; i++) {
				const command = await cluster.wait(first + i, cluster.size, term);
				if (command === undefined) return TERM_CHANGED;
				expect(command, `the command committed at index ${first + i}`).to.equal(commands[i - 1]);
			}
			if (!everyoneInTerm(cluster, term)) return TERM_CHANGED;

			const rpcs = cluster.rpcCount();
			const rpcsMax = (entries + 1 + 3) * 3;
			expectAtMost(cluster, rpcs - rpcsBefore, rpcsMax, `RPCs for agreement on ${entries} entries`);
			return rpcs;
		});

		await cluster.sleep(ELECTION_TIMEOUT_MS);
		expectAtMost(cluster, cluster.rpcCount() - rpcsAfter, 3 * 20, "RPCs in one second of idleness");
	});
});

const TERM_CHANGED = Symbol("the term changed");

/**
 * Gives up to five leaders a try, 3 s apart, until one of them stays leader of one term for all of it: an election halfway is no
 * mistake, but nothing can be said about such a try.
 */
async function inOneTerm<Result>(
	cluster: Cluster,
	attempt: (leader: number) => Promise<Result | typeof TERM_CHANGED>,
): Promise<Result> {
	for (let tries = 1; tries <= 5; tries++) {
		if (tries > 1) await cluster.sleep(3000);
		const result = await attempt(await cluster.checkOneLeader());
		if (result !== TERM_CHANGED) return result;
	}
	cluster.fail("the term changed too often: in five tries, no leader kept its term for as long as it took");
}

function everyoneInTerm(cluster: Cluster, term: number): boolean {
	return everyone(cluster).every((server) => cluster.server(server).getState().term === term);
}

/** A leader must take the command, at one of these indices, whether or not it can be committed. */
function expectAccepted(cluster: Cluster, leader: number, command: number, indices: number[]): void {
	const { index, isLeader } = cluster.server(leader).start(command);
	expect(isLeader, `whether leader ${name(leader)} accepted command ${command} (isLeader)`).to.equal(true);
	expect(index, `index that leader ${name(leader)} gave command ${command}`).to.be.oneOf(indices);
}

/** No server may have applied anything at this index. */
function expectNothingAt(cluster: Cluster, index: number, why: string): void {
	const { count, command } = cluster.nCommitted(index);
	if (count > 0) {
		const servers = count === 1 ? "1 server" : `${count} servers`;
		cluster.fail(`nothing can be committed at index ${index}, since ${why}; but ${servers} applied ${command} there`);
	}
}
