import { fileURLToPath } from "node:url";
import type { Cluster } from "../cluster.ts";
import { runTest } from "../run.ts";
import { parseSeed, type Schedule } from "../sim/seed.ts";
import { submission } from "./submission.ts";

/**
 * A submission that never changes, and uses a little of everything that a seed decides: chance, timers, calls that are lost or
 * late, stable storage, crashes, the service and its snapshots.
 */
export const FIXED_SUBMISSION = `
import { debug, decode, encode, sleep } from "raft-grade";

export function make(peers, me, persister, applyCh) {
	const saved = persister.readRaftState();
	let term = saved.length === 0 ? 0 : decode(saved).term;
	let snapshot = persister.readSnapshot();
	let applied = snapshot.length === 0 ? 0 : decode(snapshot).lastIncludedIndex;

	function reach(newTerm) {
		term = Math.max(term, newTerm);
		persister.save(encode({ term }), snapshot);
	}

	async function applyAll() {
		for (;;) {
			await sleep(40);
			applied++;
			await applyCh.send({ commandValid: true, command: { n: applied, text: "é".repeat(applied % 3) }, commandIndex: applied });
		}
	}

	async function talk() {
		for (;;) {
			await sleep(10 + Math.floor(Math.random() * 50));
			reach(term + 1);
			debug("TERM", "now in term", term);
			for (const peer of peers) void ask(peer);
		}
	}

	async function ask(peer) {
		const reply = await peer.call("Hello", { term, draw: Math.random() });
		if (reply !== undefined) reach(reply.term);
	}

	void applyAll();
	void talk();
	return {
		start: () => ({ index: -1, term, isLeader: false }),
		getState: () => ({ term, isLeader: false }),
		snapshot(_index, bytes) {
			snapshot = bytes;
			reach(term);
		},
		kill() {},
		async Hello(args) {
			reach(args.term);
			if (args.draw < 0.3) await sleep(500 * args.draw);
			return { term, at: Date.now(), now: performance.now() };
		},
	};
}
`;

/** What the tester does with it. */
export async function fixedTest(cluster: Cluster): Promise<void> {
	await cluster.sleep(500);
	cluster.setReliable(false);
	cluster.setLongReordering(true);
	for (let i = 0; i < 8; i++) {
		const server = cluster.rand(cluster.size);
		cluster.crash(server);
		await cluster.sleep(50 + cluster.rand(100));
		cluster.start(server);
		cluster.connect(server);
		cluster.disconnect((server + 1) % cluster.size);
		await cluster.sleep(300);
		cluster.connect((server + 1) % cluster.size);
	}
	cluster.setLongReordering(false);
	await cluster.sleep(4_000);
}

/** The hash of the journal of each schedule's run with the fixed submission. */
export async function fixedHashes(seed = "1"): Promise<Record<Schedule, string>> {
	const program = await submission(FIXED_SUBMISSION);
	const hash = async (schedule: Schedule) => {
		const options = { program, seed: parseSeed(seed), schedule, servers: 3, snapshots: true, journal: true };
		const { failure, journal } = await runTest(options, fixedTest);
		if (failure !== undefined) throw failure;
		return journal?.hash() ?? "";
	};
	return { calm: await hash("calm"), race: await hash("race") };
}

// As a program: prints them, so that processes, and versions of Node, can be compared.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await fixedHashes()));
