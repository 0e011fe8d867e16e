import type { Cluster } from "../../harness/index.ts";
import { peace, withClients } from "../attacks.ts";
import { lab } from "../lab.ts";
import { Stage } from "../stage.ts";
import { agree, next, proposeRandom } from "../steps.ts";

/** Stories about snapshots: the leader's, the service's, and what a crash leaves of them. */
export function snapshots(): void {
	lab("SnapshotBehindTheLog", { servers: 3, snapshots: true }, async (cluster) => {
		for (let i = 0; i < 12; i++) await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [f, g] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		const stage = new Stage(cluster, "wait");
		const { mail } = stage;
		const toF = { leg: "request", topic: "replication", from: leader, to: f } as const;
		const toG = { ...toF, to: g } as const;
		// Entries reach F, whose answer waits…
		stage.propose(leader, 8);
		await beat(cluster, stage, leader);
		const early = mail.waiting(toG);
		stage.propose(leader, 3);
		await beat(cluster, stage, leader);
		mail.deliver(toF);
		await stage.settle();
		// …then G, but for the last of them. So the leader commits those, makes a snapshot, and no longer has what F has answered for.
		for (const { rpc } of early) mail.deliver({ leg: "request", rpc });
		await stage.settle();
		mail.deliver({ leg: "reply", from: g, to: leader });
		await stage.settle();
		await beat(cluster, stage, leader);
		const snapshots = mail.waiting(toF);
		// F's answer arrives: the last entries are committed, too. Now F gets the snapshot, which ends before them.
		mail.deliver({ leg: "reply", from: f, to: leader });
		await stage.settle();
		for (const { rpc } of snapshots) mail.deliver({ leg: "request", rpc });
		await stage.settle();
		// The leader is gone. G must not win, as F has more.
		mail.lose();
		cluster.crash(leader);
		await winAndCommit(stage, g, f);
		await peace(cluster);
	});

	lab("SnapshotOfThePast", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		for (let i = 0; i < 12; i++) await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [f, g] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		const stage = new Stage(cluster, "wait");
		const { mail } = stage;
		const toF = { leg: "request", topic: "replication", from: leader, to: f } as const;
		// The services above F and the leader take their time to make snapshots. F applies entries; its answers wait.
		adversary.putOffSnapshots(leader);
		adversary.putOffSnapshots(f);
		stage.propose(leader, 9);
		for (let i = 0; i < 3; i++) {
			await beat(cluster, stage, leader);
			mail.deliver({ ...toF, to: [f, g] });
			await stage.settle();
			mail.deliver({ leg: "reply", from: g, to: leader });
			await stage.settle();
		}
		// Now the leader has its snapshot, and sends F that: it ends before what F has applied.
		adversary.makeSnapshots(leader);
		await stage.settle();
		await beat(cluster, stage, leader);
		mail.deliver(toF);
		await stage.settle();
		// F's own comes late as well, and F crashes with it: what has been applied since must be in its log.
		adversary.makeSnapshots(f);
		await stage.settle();
		adversary.bounce(f);
		await peace(cluster);
	});

	lab("OldSnapshotAgain", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [f, g] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		// All that F is sent is kept, and comes again later. Twice it is away until the leader has nothing but a snapshot for it.
		const mail = adversary.hold({ leg: "request", topic: "replication", from: leader, to: f });
		adversary.stopClock(f);
		for (let round = 0; round < 2; round++) {
			cluster.disconnect(f);
			for (let i = 0; i < 12; i++) await agree(cluster, 2);
			cluster.connect(f);
			for (let i = 0; i < 40; i++) {
				if (i % 4 === 0) proposeRandom(cluster, leader, 1);
				await cluster.sleep(10);
				mail.deliver();
			}
		}
		// G misses the last ones, which the leader and F have.
		cluster.disconnect(g);
		proposeRandom(cluster, leader, 3);
		for (let i = 0; i < 16; i++) {
			await cluster.sleep(20);
			mail.deliver();
		}
		// Everything comes once more, in the order in which it came, and backwards.
		const all = mail.delivered();
		for (const { rpc } of [...all, ...all.toReversed()]) {
			mail.repeat({ rpc });
			await cluster.sleep(1);
		}
		await cluster.sleep(10);
		cluster.crash(leader);
		cluster.connect(g);
		// Only G stands: it must not win, as F has more.
		await cluster.sleep(1_500);
		proposeRandom(cluster, g, 1);
		await cluster.sleep(300);
		await peace(cluster);
	});

	lab("NothingButASnapshot", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		for (let i = 0; i < 3; i++) await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [f, g] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		// G misses the last entries before a snapshot, which leaves nothing of the others' logs.
		cluster.disconnect(g);
		for (let index = 0; index % 10 !== 9; ) index = await agree(cluster, 2);
		await cluster.sleep(250);
		cluster.crash(leader);
		// Only G stands: it must not win, as F has more.
		adversary.stopClock(f);
		cluster.connect(g);
		await cluster.sleep(1_500);
		proposeRandom(cluster, g, 1);
		await cluster.sleep(300);
		await peace(cluster);
	});

	lab("SnapshotOverConflict", { servers: 3, snapshots: true }, async (cluster) => {
		await agree(cluster, 3);
		for (let round = 0; round < 2; round++) {
			// A leader that is alone has many entries that lead to nothing; the others have gone on, to a snapshot in the midst of them.
			const alone = await cluster.checkOneLeader();
			cluster.disconnect(alone);
			proposeRandom(cluster, alone, 25);
			for (let i = 0; i < 13; i++) await agree(cluster, 2);
			cluster.connect(alone);
			await agree(cluster, 3);
		}
		await peace(cluster);
	});

	lab("SnapshotAcrossTerms", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		let index = 0;
		for (let i = 0; i < 17; i++) index = await agree(cluster, 3);
		const leader = await cluster.checkOneLeader();
		const [f, g] = [next(cluster, leader, 1), next(cluster, leader, 2)];
		// Entries that all have, and that nobody knows to be committed, up to the one with which the next snapshot will end.
		const mail = adversary.hold({ leg: "reply", topic: "replication", to: leader });
		proposeRandom(cluster, leader, Math.max(1, 19 - index));
		await cluster.sleep(130);
		cluster.crash(leader);
		mail.lose();
		adversary.stopClock(f);
		for (let i = 0; i < 40 && !adversary.stateOf(g).isLeader; i++) await cluster.sleep(50);
		// A new leader commits them along with one of its own, while one server is away.
		cluster.start(leader);
		cluster.connect(leader);
		await cluster.sleep(200);
		cluster.disconnect(f);
		await agree(cluster, 2);
		adversary.startClock(f);
		cluster.connect(f);
		await agree(cluster, 3);
		await peace(cluster);
	});

	lab("SnapshotRaces", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		for (const plot of ["it crashes", "the leader goes on", "the service is late", "it crashes"] as const) {
			const leader = await cluster.checkOneLeader();
			const f = next(cluster, leader);
			let isAway = false;
			let isBusy = true;
			let isInstalled = false;
			let snapshotBytes = 0;
			adversary.when(
				(event) => event.kind === "save" && event.server === f,
				(event) => {
					if (!isBusy || event.kind !== "save") return;
					const isNew = event.snapshotBytes > snapshotBytes;
					snapshotBytes = event.snapshotBytes;
					if (!isAway || !isNew) return;
					isInstalled = true;
					// The service calls snapshot() when a leader's has just been saved.
					if (plot === "the service is late") adversary.makeSnapshots(f);
				},
			);
			// F applies up to where the service would make a snapshot…
			if (plot === "the service is late") {
				adversary.putOffSnapshots(f);
				for (let i = 0; i < 10; i++) await agree(cluster, 3);
			}
			// …and is then away until the leader has nothing but a snapshot for it, which it has just made.
			cluster.disconnect(f);
			let index = 0;
			for (let i = 0; i < 12 || index % 10 !== 0; i++) index = await agree(cluster, 2);
			isAway = true;
			let answers = 0;
			adversary.whenSent(({ leg, topic, from }) => {
				// It crashes when it has answered.
				const isAnswer = leg === "reply" && topic === "replication" && from === f;
				if (isBusy && plot === "it crashes" && isAnswer && ++answers <= 6) adversary.bounce(f);
			});
			adversary.intercept(({ leg, from, to }) => {
				if (!isBusy || !isInstalled || plot !== "the leader goes on") return undefined;
				// Its answer takes so long that the leader has a newer snapshot by then.
				if (from === f && leg === "reply") return adversary.until(() => !isBusy, 3_000);
				return from === f || to === f ? { kind: "lost" } : undefined;
			});
			cluster.connect(f);
			await cluster.sleep(600);
			if (plot === "the leader goes on") adversary.stopClock(f);
			if (plot === "the leader goes on") for (let i = 0; i < 12; i++) await agree(cluster, 2);
			isBusy = false;
			if (plot === "the leader goes on") {
				// It has not stood meanwhile, and does not for a while: nobody but this leader is to bring it up to date.
				adversary.startClock(f, 0.1);
				await catchUp(cluster, await agree(cluster, 2));
				adversary.startClock(f);
			}
			await agree(cluster, 3);
		}
		await peace(cluster);
	});

	lab("CrashAtSave", { servers: 3, snapshots: true }, async (cluster) => {
		const { adversary } = cluster;
		await agree(cluster, 3);
		// A server crashes when it has saved: most of all when what it saved is shorter than before, as there is a snapshot now.
		const sizes = new Map<number, number>();
		adversary.when(
			(event) => event.kind === "save",
			(event) => {
				if (event.kind !== "save") return;
				const { server, stateBytes } = event;
				const isShorter = stateBytes < (sizes.get(server) ?? 0);
				sizes.set(server, stateBytes);
				if (cluster.rand(100) < (isShorter ? 50 : 3)) adversary.bounce(server);
			},
		);
		await withClients(cluster, 6_000, 60);
		await peace(cluster);
	});
}

/** A leader's clock goes for a heartbeat; what it sends waits. */
async function beat(cluster: Cluster, stage: Stage, leader: number): Promise<void> {
	cluster.adversary.startClock(leader);
	await stage.until(() => false, 130);
	cluster.adversary.stopClock(leader);
}

/** A server wins with another's vote, and has a command committed by it: if that lets it. */
async function winAndCommit(stage: Stage, candidate: number, voter: number): Promise<void> {
	const { mail } = stage;
	for (let tries = 0; tries < 3 && !stage.leads(candidate); tries++) {
		if (!(await stage.stand(candidate))) return;
		await stage.until(() => {
			mail.deliver({ leg: "request", topic: "election", from: candidate, to: voter });
			mail.deliver({ leg: "reply", from: voter, to: candidate });
			return stage.leads(candidate);
		});
	}
	if (!stage.leads(candidate)) return;
	stage.propose(candidate, 2);
	await stage.replicateBothWays(candidate, [voter]);
}

/** Waits until everybody has applied that index. */
async function catchUp(cluster: Cluster, index: number, withinMs = 2_500): Promise<void> {
	const beganMs = cluster.nowMs;
	for (let count = 0; count < cluster.size; { count } = cluster.nCommitted(index)) {
		if (cluster.nowMs - beganMs > withinMs)
			cluster.fail(
				`only ${count} of ${cluster.size} servers have applied index ${index}, ${withinMs / 1000} s after the first had`,
			);
		await cluster.sleep(20);
	}
	cluster.noteLimit("ms until everybody has caught up", cluster.nowMs - beganMs, withinMs);
}
